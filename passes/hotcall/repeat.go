package hotcall

import (
	"fmt"
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/passes/internal/hotsite"
	"github.com/heapvet/heapvet/passes/internal/typeid"
	"github.com/heapvet/heapvet/passes/internal/varuse"
)

// A costly call does the same work each time that it is made for the same
// operands.
type costly struct {
	pkg, typ, name string // typ is "" for functions
	allocs, bytes  int64  // measured, of one call
}

var repeatable = []costly{
	{"net/url", "URL", "Query", 6, 464},
	{"net/url", "", "ParseQuery", 6, 464},
	{"net/url", "URL", "String", 1, 48},
	{"net/http", "Request", "Cookies", 3, 280},
	{"net/http", "Request", "Cookie", 3, 280},
	{"net/http", "Request", "BasicAuth", 2, 64},
	{"mime", "", "ParseMediaType", 2, 336},
	{"google.golang.org/grpc/metadata", "", "FromIncomingContext", 6, 400},
	{"google.golang.org/grpc/metadata", "", "FromOutgoingContext", 6, 400},
}

func costlyCall(fn *types.Func) *costly {
	for i := range repeatable {
		k := &repeatable[i]
		if k.typ == "" && typeid.IsFunc(fn, k.pkg, k.name) || k.typ != "" && typeid.IsMethod(fn, k.pkg, k.typ, k.name) {
			return k
		}
	}
	return nil
}

// repeated looks for a costly call that the function has made before for the
// same operands, or that a loop makes for operands from outside:
//
//	a := r.URL.Query().Get("a")
//	b := r.URL.Query().Get("b") // here
func repeated(c *hotsite.Checker, cur inspector.Cursor) {
	call := cur.Node().(*ast.CallExpr)
	fn := typeid.Callee(c.Info, call)
	k := costlyCall(fn)
	if k == nil || !steady(c, call, cur) {
		return
	}
	text := c.Text(call) + " does the work "
	var related []analysis.RelatedInformation
	if first, ok := earlier(c, cur, fn); ok {
		text += fmt.Sprintf("of line %d again", c.Pass.Fset.Position(first.Pos()).Line)
		related = []analysis.RelatedInformation{{Pos: first.Pos(), End: first.End(), Message: "first done here"}}
	} else if inLoop(c, cur, call) {
		text += "again in each iteration"
	} else {
		return
	}
	c.Report(cur, hotsite.Finding{
		Pos: call.Pos(), End: call.End(),
		Text:     text + ": keep the result",
		Measured: k.allocs,
		Bytes:    k.bytes,
		Related:  related,
	})
}

// earlier returns the first call of fn with the operands of that at cur, if
// it is made whenever that one is.
func earlier(c *hotsite.Checker, cur inspector.Cursor, fn *types.Func) (call *ast.CallExpr, ok bool) {
	want := types.ExprString(cur.Node().(*ast.CallExpr))
	for fnCur := range cur.Enclosing((*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
		for other := range fnCur.Preorder((*ast.CallExpr)(nil)) {
			e := other.Node().(*ast.CallExpr)
			if other == cur {
				return nil, false
			}
			if typeid.Callee(c.Info, e) == fn && types.ExprString(e) == want && varuse.Func(other) == varuse.Func(cur) && hotsite.Before(other, cur) && sameVars(c, e, cur.Node()) {
				return e, true
			}
		}
		break
	}
	return nil, false
}

// sameVars reports whether the names in a and b, expressions of the same
// text, mean the same variables.
func sameVars(c *hotsite.Checker, a, b ast.Node) bool {
	var objs [2][]types.Object
	for i, n := range []ast.Node{a, b} {
		ast.Inspect(n, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				objs[i] = append(objs[i], c.Info.Uses[id])
			}
			return true
		})
	}
	for i := range objs[0] {
		if i >= len(objs[1]) || objs[0][i] != objs[1][i] {
			return false
		}
	}
	return true
}

// steady reports whether the operands of call do not change within its
// function: they are made of constants, and of variables and fields that
// nothing there assigns.
func steady(c *hotsite.Checker, call *ast.CallExpr, cur inspector.Cursor) bool {
	fn := varuse.Func(cur)
	if fn == nil {
		return false
	}
	operands := call.Args
	if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok && c.Info.Selections[sel] != nil {
		operands = append([]ast.Expr{sel.X}, operands...)
	}
	for _, e := range operands {
		if !steadyExpr(c, e, fn) {
			return false
		}
	}
	return true
}

func steadyExpr(c *hotsite.Checker, e ast.Expr, fn ast.Node) bool {
	if c.Info.Types[e].Value != nil {
		return true
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		v, ok := c.Info.Uses[e].(*types.Var)
		return ok && !assignedIn(c, v, fn)
	case *ast.SelectorExpr:
		s := c.Info.Selections[e]
		if s == nil || s.Kind() != types.FieldVal {
			return false
		}
		return steadyExpr(c, e.X, fn) && !assignedIn(c, s.Obj().(*types.Var), fn) && !parts(c, s.Obj().Type(), fn)
	}
	return false
}

// assignedIn reports whether fn assigns v, a variable or field, after it
// has been declared, or takes its address.
func assignedIn(c *hotsite.Checker, v *types.Var, fn ast.Node) bool {
	for _, use := range c.Uses().Of(v) {
		if !within(use.Node(), fn) {
			continue
		}
		if v.IsField() && use.ParentEdgeKind() == edge.SelectorExpr_Sel {
			use = use.Parent()
		}
		switch use.ParentEdgeKind() {
		case edge.AssignStmt_Lhs, edge.IncDecStmt_X, edge.RangeStmt_Key, edge.RangeStmt_Value, edge.UnaryExpr_X:
			if u, ok := use.Parent().Node().(*ast.UnaryExpr); !ok || u.Op.String() == "&" {
				return true
			}
		}
	}
	return false
}

// parts reports whether fn assigns a field of the struct that t points to,
// such as the RawQuery of a URL.
func parts(c *hotsite.Checker, t types.Type, fn ast.Node) bool {
	s, ok := typeid.Deref(t).Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for f := range s.Fields() {
		if assignedIn(c, f, fn) {
			return true
		}
	}
	return false
}

// inLoop reports whether the call at cur is made in a loop of its function
// that declares none of its operands, and goes round with it.
func inLoop(c *hotsite.Checker, cur inspector.Cursor, call *ast.CallExpr) bool {
	for up := range cur.Enclosing((*ast.ForStmt)(nil), (*ast.RangeStmt)(nil), (*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
		switch n := up.Node().(type) {
		case *ast.FuncDecl, *ast.FuncLit:
			return false
		case *ast.RangeStmt:
			if within(call, n.X) {
				continue
			}
		case *ast.ForStmt:
			if n.Init != nil && within(call, n.Init) {
				continue
			}
		}
		return !hotsite.LeavesLoop(cur) && !declares(c, up.Node(), call)
	}
	return false
}

// declares reports whether a variable in e is declared within outer.
func declares(c *hotsite.Checker, outer ast.Node, e ast.Expr) bool {
	inside := false
	ast.Inspect(e, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			if v, ok := c.Info.Uses[id].(*types.Var); ok && !v.IsField() && outer.Pos() <= v.Pos() && v.Pos() < outer.End() {
				inside = true
			}
		}
		return !inside
	})
	return inside
}

func within(n, outer ast.Node) bool { return outer.Pos() <= n.Pos() && n.End() <= outer.End() }
