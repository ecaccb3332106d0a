package hotconv

import (
	"go/ast"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/passes/gcfacts"
	"github.com/heapvet/heapvet/passes/internal/hotsite"
)

// joinedBytes looks for concatenations in variables that only become bytes:
// two copies of one text.
//
//	text := user + ":" + password
//	mac.Write([]byte(text)) // here
//
// Where the bytes share the string's memory, as those do that a callee only
// reads, there is nothing to save.
func joinedBytes(c *hotsite.Checker, cur inspector.Cursor) {
	conv := conversion(c.Info, cur.Node().(*ast.CallExpr))
	if conv == nil || c.Uses().Local(conv.Args[0]) == nil {
		return
	}
	sum, ok := onlyFor(c, conv).(*ast.BinaryExpr)
	if !ok || variable(c.Info, sum) == 0 {
		return
	}
	if call := interfaceWrite(c, cur); call != nil && writesStrings(c.Info.TypeOf(ast.Unparen(call.Fun).(*ast.SelectorExpr).X)) {
		return // told with the edit that needs no bytes at all
	}
	c.Report(cur, hotsite.Finding{
		Pos: conv.Pos(), End: conv.End(),
		Text:  "text " + c.Text(conv.Args[0]) + " is joined only to become bytes, which copies it: append its parts to a []byte",
		Site:  c.GC.At(conv, gcfacts.Conv),
		Sized: true,
	})
}

// onlyFor returns the value of the local variable that conv converts, if
// that is its only use, and as often as it is made.
func onlyFor(c *hotsite.Checker, conv *ast.CallExpr) ast.Expr {
	v := c.Uses().Local(conv.Args[0])
	def, ok := c.Uses().Def(v)
	if !ok || len(c.Uses().Of(v)) != 1 || def.ParentEdgeKind() != edge.AssignStmt_Lhs || c.Heat.At(def.Node()).Loop != c.Heat.At(conv).Loop {
		return nil
	}
	assign := def.Parent().Node().(*ast.AssignStmt)
	if len(assign.Lhs) != len(assign.Rhs) {
		return nil
	}
	return ast.Unparen(assign.Rhs[def.ParentEdgeIndex()])
}
