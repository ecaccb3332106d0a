package hotsite

import (
	"go/ast"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
)

// Outer goes from the expression at cur out of its parentheses.
func Outer(cur inspector.Cursor) inspector.Cursor {
	for cur.ParentEdgeKind() == edge.ParenExpr_X {
		cur = cur.Parent()
	}
	return cur
}

// Before reports whether the code at first is run whenever the code at then
// is, and before it: it stands earlier in the same block, or in one around
// it, of the same function.
func Before(first, then inspector.Cursor) bool {
	if first.Node().Pos() >= then.Node().Pos() {
		return false
	}
	for up := range first.Enclosing() {
		switch up.ParentEdgeKind() {
		case edge.BlockStmt_List, edge.CaseClause_Body, edge.CommClause_Body:
			block := up.Parent().Node()
			return block.Pos() <= then.Node().Pos() && then.Node().End() <= block.End()
		case edge.BinaryExpr_Y, edge.CommClause_Comm:
			return false // perhaps not evaluated
		}
		if _, ok := up.Node().(*ast.FuncLit); ok && up != first {
			return false
		}
	}
	return false
}
