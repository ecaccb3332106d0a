package hotescape

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/passes/gcfacts"
	"github.com/heapvet/heapvet/passes/internal/hotsite"
	"github.com/heapvet/heapvet/passes/internal/typeid"
	"github.com/heapvet/heapvet/passes/internal/varuse"
)

// scratch looks for a local array, or slice made with a constant size, that
// goes to the heap because an interface's Read or Write gets it:
//
//	var head [8]byte
//	io.ReadFull(r, head[:]) // here
//
// Every other use must keep it on the stack.
func scratch(c *hotsite.Checker, cur inspector.Cursor) {
	call := cur.Node().(*ast.CallExpr)
	name, arg := dynamicIO(c, call)
	if name == "" {
		return
	}
	v := c.Addressed(call.Args[arg])
	if v == nil {
		v = sliced(c, call.Args[arg])
	}
	if v == nil || !onlyScratch(c, v, call, varuse.Func(cur)) {
		return
	}
	text := " goes to the heap because " + name + " may keep it: use a field, a pooled array or a concrete reader or writer"
	if _, isArray := v.Type().Underlying().(*types.Array); isArray {
		site, decl := c.Moved(v)
		c.Report(decl, hotsite.Finding{
			Pos: call.Args[arg].Pos(), End: call.Args[arg].End(),
			Text:    "array " + quote(v) + text,
			Site:    site,
			Bytes:   c.Size(v.Type()),
			Related: declaredAt(v),
		})
		return
	}
	alloc, size, ok := madeOnce(c, v)
	if !ok {
		return
	}
	c.Report(alloc, hotsite.Finding{
		Pos: call.Args[arg].Pos(), End: call.Args[arg].End(),
		Text:    "slice " + quote(v) + text,
		Site:    c.GC.At(alloc.Node(), gcfacts.MakeSlice),
		Bytes:   size,
		Related: declaredAt(v),
	})
}

// dynamicIO returns the name of the Read or Write that call leaves to an
// interface, and which argument holds the bytes; "" if it is no such call.
func dynamicIO(c *hotsite.Checker, call *ast.CallExpr) (name string, arg int) {
	fn := typeid.Callee(c.Info, call)
	if fn == nil {
		return "", 0
	}
	if typeid.IsFunc(fn, "io", "ReadFull", "ReadAtLeast") && len(call.Args) > 1 {
		return "io." + fn.Name(), 1
	}
	recv := fn.Signature().Recv()
	if recv == nil || !types.IsInterface(recv.Type()) || len(call.Args) != 1 || !typeid.IsBytes(c.Info.TypeOf(call.Args[0])) {
		return "", 0
	}
	switch fn.Name() {
	case "Read", "Write":
		sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
		if !ok {
			return "", 0
		}
		return typeString(c, c.Info.TypeOf(sel.X)) + "." + fn.Name(), 0
	}
	return "", 0
}

// sliced returns the local slice variable that e is, or is a part of.
func sliced(c *hotsite.Checker, e ast.Expr) *types.Var {
	if s, ok := ast.Unparen(e).(*ast.SliceExpr); ok {
		e = s.X
	}
	v := c.Uses().Local(e)
	if v == nil || !typeid.IsBytes(v.Type()) {
		return nil
	}
	return v
}

// onlyScratch reports whether calls of dynamicIO are the only way of v's
// bytes out of the function fn, and call is the first of them.
func onlyScratch(c *hotsite.Checker, v *types.Var, call *ast.CallExpr, fn ast.Node) bool {
	for _, use := range c.Uses().Of(v) {
		u := c.Uses().Classify(use)
		if u.Func != fn {
			return false
		}
		cur := u.Expr
		if _, isSlice := v.Type().Underlying().(*types.Slice); isSlice && u.Role == varuse.Read && !readsElement(cur) {
			if cur.ParentEdgeKind() == edge.SliceExpr_X {
				cur = cur.Parent()
			}
			u.Role, u.Expr = varuse.Address, cur
		}
		if other, arg := hotsite.Argument(cur); other != nil {
			if name, bytes := dynamicIO(c, other); name != "" && bytes == arg {
				if other.Pos() < call.Pos() {
					return false // the first stands for all
				}
				continue
			}
		}
		if !c.Stays(u) {
			return false
		}
	}
	return true
}

// readsElement reports whether the slice at cur is indexed or ranged over
// there, so that the slice itself goes nowhere.
func readsElement(cur inspector.Cursor) bool {
	switch cur.ParentEdgeKind() {
	case edge.IndexExpr_X, edge.RangeStmt_X:
		return true
	}
	return false
}

// madeOnce returns the call of make whose result is all that is ever
// assigned to v, and the number of bytes it makes, if that is constant.
func madeOnce(c *hotsite.Checker, v *types.Var) (alloc inspector.Cursor, size int64, ok bool) {
	def, ok := c.Uses().Def(v)
	if !ok {
		return def, 0, false
	}
	for _, use := range c.Uses().Of(v) {
		if u := c.Uses().Classify(use); u.Role == varuse.Write && u.Expr == use {
			return def, 0, false
		}
	}
	var value ast.Expr
	switch stmt := def.Parent().Node().(type) {
	case *ast.AssignStmt:
		if len(stmt.Lhs) == len(stmt.Rhs) && def.ParentEdgeKind() == edge.AssignStmt_Lhs {
			value = stmt.Rhs[def.ParentEdgeIndex()]
		}
	case *ast.ValueSpec:
		if len(stmt.Names) == len(stmt.Values) {
			value = stmt.Values[def.ParentEdgeIndex()]
		}
	}
	call, isCall := value.(*ast.CallExpr)
	if !isCall {
		return def, 0, false
	}
	size, ok = makeSize(c, call)
	alloc, found := def.Parent().FindNode(call)
	return alloc, size, ok && found
}

// makeSize returns the bytes that a call of make for a slice allocates, if
// its size is constant.
func makeSize(c *hotsite.Checker, call *ast.CallExpr) (bytes int64, ok bool) {
	if typeid.Builtin(c.Info, call) != "make" || len(call.Args) < 2 {
		return 0, false
	}
	slice, ok := c.Info.TypeOf(call).Underlying().(*types.Slice)
	if !ok {
		return 0, false
	}
	n, ok := constantInt(c, call.Args[len(call.Args)-1])
	return n * c.Size(slice.Elem()), ok
}

func typeString(c *hotsite.Checker, t types.Type) string {
	return types.TypeString(t, func(p *types.Package) string {
		if p == c.Pass.Pkg {
			return ""
		}
		return p.Name()
	})
}
