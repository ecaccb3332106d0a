package hotescape

import (
	"go/ast"
	"go/token"
	"go/types"
	"strconv"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/passes/gcfacts"
	"github.com/heapvet/heapvet/passes/internal/hotsite"
	"github.com/heapvet/heapvet/passes/internal/typeid"
)

// ownField looks for a struct that is allocated together with the one that
// points to it, and for nothing else: the field could hold it.
//
//	s := &stream{buf: &buffer{...}} // here
//
// Every assignment to the field, in the whole package, must be of a new
// struct, so that no two of them ever share one.
func ownField(c *hotsite.Checker, cur inspector.Cursor) {
	lit := cur.Node().(*ast.CompositeLit)
	addr := cur.Parent()
	if cur.ParentEdgeKind() != edge.UnaryExpr_X || addr.ParentEdgeKind() != edge.KeyValueExpr_Value {
		return
	}
	outer := addr.Parent().Parent()
	if outer.ParentEdgeKind() != edge.UnaryExpr_X || outer.Parent().Node().(*ast.UnaryExpr).Op != token.AND {
		return
	}
	key, ok := addr.Parent().Node().(*ast.KeyValueExpr).Key.(*ast.Ident)
	if !ok {
		return
	}
	field, ok := c.Info.Uses[key].(*types.Var)
	if !ok || !field.IsField() || field.Pkg() != c.Pass.Pkg || types.IsInterface(field.Type()) {
		return
	}
	inner, ok := types.Unalias(c.Info.TypeOf(lit)).(*types.Named)
	if !ok || inner.Obj().Pkg() != c.Pass.Pkg || !alwaysNew(c, field) {
		return
	}
	c.Report(cur, hotsite.Finding{
		Pos: addr.Node().Pos(), End: lit.Lbrace,
		Text: "field " + strconv.Quote(field.Name()) + " gets a new " + inner.Obj().Name() + " with each " +
			typeString(c, c.Info.TypeOf(outer.Node().(ast.Expr))) + ": let it hold the struct itself",
		Site:   c.GC.At(lit, gcfacts.PtrLit),
		Bytes:  c.Size(inner),
		Advice: true,
	})
}

// alwaysNew reports whether all that is ever assigned to field is a new
// struct, and nobody compares it.
func alwaysNew(c *hotsite.Checker, field *types.Var) bool {
	for _, use := range c.Uses().Of(field) {
		if use.ParentEdgeKind() == edge.KeyValueExpr_Key {
			if !newStruct(use.Parent().Node().(*ast.KeyValueExpr).Value) {
				return false
			}
			continue
		}
		if use.ParentEdgeKind() != edge.SelectorExpr_Sel {
			return false
		}
		sel := use.Parent()
		switch sel.ParentEdgeKind() {
		case edge.AssignStmt_Lhs:
			stmt := sel.Parent().Node().(*ast.AssignStmt)
			if len(stmt.Lhs) != len(stmt.Rhs) || !newStruct(stmt.Rhs[sel.ParentEdgeIndex()]) {
				return false
			}
		case edge.BinaryExpr_X, edge.BinaryExpr_Y:
			return false
		}
	}
	return true
}

// newStruct reports whether e is a pointer to a new struct.
func newStruct(e ast.Expr) bool {
	addr, ok := ast.Unparen(e).(*ast.UnaryExpr)
	if !ok || addr.Op != token.AND {
		return false
	}
	_, ok = ast.Unparen(addr.X).(*ast.CompositeLit)
	return ok
}

// elementAddress looks for the address of a range variable that is kept, so
// that each iteration allocates a copy of the element.
func elementAddress(c *hotsite.Checker, cur inspector.Cursor) {
	loop := cur.Node().(*ast.RangeStmt)
	if loop.Value == nil || loop.Tok != token.DEFINE {
		return
	}
	v := c.Uses().Local(loop.Value)
	if v == nil {
		return
	}
	if _, isSlice := c.Info.TypeOf(loop.X).Underlying().(*types.Slice); !isSlice {
		return
	}
	taken := inspector.Cursor{}
	for _, use := range c.Uses().Of(v) {
		up := use.Parent()
		if use.ParentEdgeKind() == edge.UnaryExpr_X && up.Node().(*ast.UnaryExpr).Op == token.AND && !taken.Valid() {
			taken = up
		}
	}
	if !taken.Valid() {
		return
	}
	site, decl := c.Moved(v)
	c.Report(decl, hotsite.Finding{
		Pos: taken.Node().Pos(), End: taken.Node().End(),
		Text:    "range variable " + quote(v) + " moves to the heap in each iteration: take the address of the element, unless it changes later",
		Site:    site,
		Bytes:   c.Size(v.Type()),
		Advice:  true,
		Related: declaredAt(v),
	})
}

// boundMethod looks for method values of things that outlive the request,
// which are bound anew on every call.
func boundMethod(c *hotsite.Checker, cur inspector.Cursor) {
	sel := cur.Node().(*ast.SelectorExpr)
	s := c.Info.Selections[sel]
	if s == nil || s.Kind() != types.MethodVal || cur.ParentEdgeKind() == edge.CallExpr_Fun {
		return
	}
	root, ok := ast.Unparen(sel.X).(*ast.Ident)
	if !ok {
		return
	}
	v, ok := c.Info.Uses[root].(*types.Var)
	if !ok || v.Parent() != c.Pass.Pkg.Scope() && !isReceiver(c, cur, v) {
		return
	}
	c.Report(cur, hotsite.Finding{
		Text:   "method value " + c.Text(sel) + " is made on every call: keep it in a variable or field",
		Site:   c.GC.At(sel, gcfacts.MethodValue),
		Bytes:  2 * c.Size(types.Typ[types.Uintptr]),
		Advice: true,
	})
}

// isReceiver reports whether v is the receiver, a pointer, of the method
// around cur.
func isReceiver(c *hotsite.Checker, cur inspector.Cursor, v *types.Var) bool {
	if typeid.Deref(v.Type()) == v.Type() {
		return false
	}
	for up := range cur.Enclosing((*ast.FuncDecl)(nil)) {
		fn := c.Declared(up.Node().(*ast.FuncDecl))
		return fn != nil && fn.Signature().Recv() == v
	}
	return false
}
