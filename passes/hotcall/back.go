package hotcall

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/passes/internal/hotsite"
	"github.com/heapvet/heapvet/passes/internal/typeid"
)

// convertedBack looks for bytes that a function of the package makes of a
// text, and that become a text again:
//
//	b, err := level.MarshalText() // returns []byte("info"), nil
//	...
//	return string(b) // here
func convertedBack(c *hotsite.Checker, cur inspector.Cursor) {
	conv := cur.Node().(*ast.CallExpr)
	t := c.Info.TypeOf(conv)
	if len(conv.Args) != 1 || !c.Info.Types[conv.Fun].IsType() || t == nil || !typeid.IsString(t) {
		return
	}
	fn := maker(c, conv.Args[0])
	if fn == nil || !bytesOfText(c, fn) {
		return
	}
	n := int64(0)
	if !c.GC.Inlinable(fn) {
		n++ // otherwise gc has the bytes on the stack
	}
	if !viewed(cur) {
		n++
	}
	if n == 0 {
		return
	}
	c.Report(cur, hotsite.Finding{
		Pos: conv.Pos(), End: conv.End(),
		Text:     c.Text(conv) + " copies the bytes that " + typeid.Name(fn, c.Pass.Pkg) + " copies from a text: have both call a function that returns the text",
		Measured: n,
	})
}

// maker returns the function whose first result e is, or a variable that is
// used only as e; nil if there is none.
func maker(c *hotsite.Checker, e ast.Expr) *types.Func {
	t := c.Info.TypeOf(e)
	if t == nil || !typeid.IsBytes(t) {
		return nil
	}
	if call, fn := callOf(c, e); call != nil {
		return fn
	}
	v := c.Uses().Local(e)
	if v == nil || len(c.Uses().Of(v)) != 1 {
		return nil
	}
	def, ok := c.Uses().Def(v)
	if !ok || def.ParentEdgeKind() != edge.AssignStmt_Lhs {
		return nil
	}
	stmt := def.Parent().Node().(*ast.AssignStmt)
	i := def.ParentEdgeIndex()
	if i >= len(stmt.Rhs) {
		return nil // not the first result
	}
	_, fn := callOf(c, stmt.Rhs[i])
	return fn
}

// bytesOfText reports whether fn, of this package, returns a converted text
// as its first result, or nil.
func bytesOfText(c *hotsite.Checker, fn *types.Func) bool {
	def, ok := c.Uses().Def(fn.Origin())
	if !ok || def.ParentEdgeKind() != edge.FuncDecl_Name {
		return false
	}
	found, others := false, false
	def.Parent().Inspect([]ast.Node{(*ast.FuncLit)(nil), (*ast.ReturnStmt)(nil)}, func(cur inspector.Cursor) bool {
		ret, ok := cur.Node().(*ast.ReturnStmt)
		switch {
		case !ok: // of another function
		case len(ret.Results) == 0:
			others = true
		case c.Info.Types[ret.Results[0]].IsNil():
		case copiesText(c, ret.Results[0]):
			found = true
		default:
			others = true
		}
		return ok
	})
	return found && !others
}

// copiesText reports whether e is a conversion of a string to bytes.
func copiesText(c *hotsite.Checker, e ast.Expr) bool {
	conv, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok || len(conv.Args) != 1 || !c.Info.Types[conv.Fun].IsType() {
		return false
	}
	from, to := c.Info.TypeOf(conv.Args[0]), c.Info.TypeOf(conv)
	return from != nil && to != nil && typeid.IsBytes(to) && typeid.IsString(from)
}

// viewed reports whether gc copies nothing for the conversion to a string at
// cur: the string is only compared, looked up or joined.
func viewed(cur inspector.Cursor) bool {
	switch cur = hotsite.Outer(cur); cur.ParentEdgeKind() {
	case edge.BinaryExpr_X, edge.BinaryExpr_Y, edge.SwitchStmt_Tag, edge.RangeStmt_X:
		return true
	case edge.IndexExpr_Index:
		return cur.Parent().ParentEdgeKind() != edge.AssignStmt_Lhs
	}
	return false
}
