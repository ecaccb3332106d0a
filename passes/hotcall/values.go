package hotcall

import (
	"go/ast"
	"go/token"
	"go/types"
	"strconv"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/passes/gcfacts"
	"github.com/heapvet/heapvet/passes/internal/edit"
	"github.com/heapvet/heapvet/passes/internal/hotsite"
	"github.com/heapvet/heapvet/passes/internal/typeid"
)

// textKey looks for addresses that are printed to be looked up in a map:
// netip.Addr is a key itself.
func textKey(c *hotsite.Checker, cur inspector.Cursor) {
	index := cur.Node().(*ast.IndexExpr)
	t := c.Info.TypeOf(index.X)
	if t == nil {
		return
	}
	if _, isMap := t.Underlying().(*types.Map); !isMap || notEmpty(cur, types.ExprString(index.X)) {
		return
	}
	call, fn := callOf(c, index.Index)
	edit := "use netip.Addr keys, or look first whether the map has any"
	switch {
	case typeid.IsMethod(fn, "net", "IP", "String"), typeid.IsMethod(fn, "net", "IPNet", "String"), typeid.IsMethod(fn, "net", "TCPAddr", "String"), typeid.IsMethod(fn, "net", "UDPAddr", "String"):
	case typeid.IsMethod(fn, "net/netip", "Addr", "String"), typeid.IsMethod(fn, "net/netip", "AddrPort", "String"), typeid.IsMethod(fn, "net/netip", "Prefix", "String"):
		edit = "it is a key itself"
	default:
		return
	}
	c.Report(cur, hotsite.Finding{
		Pos: call.Pos(), End: call.End(),
		Text:     c.Text(call) + " makes a text for a look-up in " + c.Text(index.X) + ": " + edit,
		Measured: 1,
		Bytes:    16,
		Advice:   true,
	})
}

// notEmpty reports whether the code at cur is behind a condition that the
// map named so has keys.
func notEmpty(cur inspector.Cursor, name string) bool {
	for up := range cur.Enclosing((*ast.IfStmt)(nil)) {
		stmt := up.Node().(*ast.IfStmt)
		if !within(cur.Node(), stmt.Body) {
			continue
		}
		found := false
		ast.Inspect(stmt.Cond, func(n ast.Node) bool {
			cond, ok := n.(*ast.BinaryExpr)
			if ok && (cond.Op == token.GTR || cond.Op == token.NEQ) && types.ExprString(cond.X) == "len("+name+")" {
				found = true
			}
			return !found
		})
		if found {
			return true
		}
	}
	return false
}

// reflected looks for reflection that ordinary code does as well: DeepEqual
// of slices or maps of comparable values, and values made of a type that is
// known when the program is written.
func reflected(c *hotsite.Checker, cur inspector.Cursor) {
	call := cur.Node().(*ast.CallExpr)
	fn := typeid.Callee(c.Info, call)
	switch {
	case typeid.IsFunc(fn, "reflect", "DeepEqual") && len(call.Args) == 2:
		twin := equalTwin(c, call)
		if twin == "" || !edit.Since(c.Pass, call, "go1.21") {
			return
		}
		c.Report(cur, hotsite.Finding{
			Pos: call.Pos(), End: call.Lparen,
			Text:     "reflect.DeepEqual boxes what it compares: use " + twin + ", to which nil and empty are equal",
			Measured: 2,
			Bytes:    48,
		})
	case typeid.IsFunc(fn, "reflect", "New", "MakeSlice", "MakeMap", "Zero") && len(call.Args) > 0 && knownType(c, call.Args[0]):
		c.Report(cur, hotsite.Finding{
			Pos: call.Pos(), End: call.Lparen,
			Text:     "reflect." + fn.Name() + " makes a value of a type that is known here: make it without reflection",
			Measured: 1,
			Advice:   true,
		})
	}
}

// equalTwin returns the function that compares the operands of call.
func equalTwin(c *hotsite.Checker, call *ast.CallExpr) string {
	a, b := c.Info.TypeOf(call.Args[0]), c.Info.TypeOf(call.Args[1])
	if a == nil || b == nil || !types.Identical(a, b) {
		return ""
	}
	switch u := a.Underlying().(type) {
	case *types.Slice:
		if plain(u.Elem()) {
			return "slices.Equal"
		}
	case *types.Map:
		if plain(u.Elem()) {
			return "maps.Equal"
		}
	}
	return ""
}

// plain reports whether == compares values of type t as DeepEqual does.
func plain(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&(types.IsInteger|types.IsString|types.IsBoolean) != 0
}

// knownType reports whether e makes a reflect.Type of a type that is
// written there.
func knownType(c *hotsite.Checker, e ast.Expr) bool {
	call, fn := callOf(c, e)
	switch {
	case typeid.IsFunc(fn, "reflect", "TypeFor"):
		return concrete(c, call)
	case typeid.IsFunc(fn, "reflect", "ArrayOf") && len(call.Args) == 2:
		return knownType(c, call.Args[1])
	case typeid.IsFunc(fn, "reflect", "SliceOf", "PointerTo") && len(call.Args) == 1:
		return knownType(c, call.Args[0])
	case typeid.IsFunc(fn, "reflect", "TypeOf") && len(call.Args) == 1:
		t := c.Info.TypeOf(call.Args[0])
		_, param := types.Unalias(t).(*types.TypeParam)
		return t != nil && !types.IsInterface(t) && !param
	}
	return false
}

// concrete reports whether the type argument of a call of TypeFor is a type
// that is no parameter itself.
func concrete(c *hotsite.Checker, call *ast.CallExpr) bool {
	fun, ok := ast.Unparen(call.Fun).(*ast.IndexExpr)
	if !ok {
		return false
	}
	_, param := types.Unalias(c.Info.TypeOf(fun.Index)).(*types.TypeParam)
	return !param
}

// madeToCall looks for functions and handlers that are made on every call
// only to be called: wrapped handlers, and sync.OnceValue.
func madeToCall(c *hotsite.Checker, cur inspector.Cursor) {
	call := cur.Node().(*ast.CallExpr)
	fn := typeid.Callee(c.Info, call)
	switch {
	case typeid.IsFunc(fn, "sync", "OnceFunc", "OnceValue", "OnceValues"):
		v := assignee(c, cur)
		if v == nil || !onlyCalled(c, v) {
			return
		}
		c.Report(cur, hotsite.Finding{
			Pos: call.Pos(), End: call.Lparen,
			Text:     "sync." + fn.Name() + " is made on every call, so that it runs each time: keep it in a package variable or a field",
			Measured: 1,
			Bytes:    48,
		})
	case serves(fn):
		inner, wrap := callOf(c, receiver(call))
		if wrap == nil || !wrapsHandler(c, wrap, inner) || !lasting(c, inner.Args) {
			return
		}
		c.Report(cur, hotsite.Finding{
			Pos: inner.Pos(), End: inner.Lparen,
			Text:     c.Text(inner.Fun) + " wraps a handler on every request: wrap it once, at set-up",
			Measured: 1,
			Bytes:    24,
			Advice:   true,
		})
	}
}

func onlyCalled(c *hotsite.Checker, v *types.Var) bool {
	for _, use := range c.Uses().Of(v) {
		if use.ParentEdgeKind() != edge.CallExpr_Fun {
			return false
		}
	}
	return true
}

func serves(fn *types.Func) bool {
	return typeid.IsMethod(fn, "net/http", "Handler", "ServeHTTP") || typeid.IsMethod(fn, "net/http", "HandlerFunc", "ServeHTTP")
}

// wrapsHandler reports whether fn takes a handler and returns one.
func wrapsHandler(c *hotsite.Checker, fn *types.Func, call *ast.CallExpr) bool {
	if len(call.Args) == 0 || fn.Signature().Results().Len() != 1 {
		return false
	}
	for i := range fn.Signature().Params().Len() {
		if typeid.IsNamed(fn.Signature().Params().At(i).Type(), "net/http", "Handler") {
			return true
		}
	}
	return false
}

// lasting reports whether args are made of package variables, constants,
// functions, fields and captured variables: things that outlive a request.
func lasting(c *hotsite.Checker, args []ast.Expr) bool {
	for _, arg := range args {
		if inner, _ := callOf(c, arg); inner != nil {
			if !lasting(c, inner.Args) {
				return false
			}
			continue
		}
		switch e := ast.Unparen(arg).(type) {
		case *ast.Ident:
			if c.Uses().Local(e) != nil {
				return false
			}
		case *ast.SelectorExpr, *ast.BasicLit:
		default:
			return false
		}
	}
	return true
}

// atomicValue looks for values that are boxed to be stored in an
// atomic.Value: an atomic.Pointer takes a pointer.
func atomicValue(c *hotsite.Checker, cur inspector.Cursor) {
	call := cur.Node().(*ast.CallExpr)
	if !typeid.IsMethod(typeid.Callee(c.Info, call), "sync/atomic", "Value", "Store") || len(call.Args) != 1 {
		return
	}
	c.Report(cur, hotsite.Finding{
		Pos: call.Args[0].Pos(), End: call.Args[0].End(),
		Text:   "value " + strconv.Quote(c.Text(call.Args[0])) + " is boxed for atomic.Value.Store: use an atomic.Pointer",
		Site:   c.GC.At(call.Args[0], gcfacts.Box),
		Bytes:  c.Size(c.Info.TypeOf(call.Args[0])),
		Advice: true,
	})
}
