package hotgrow

import (
	"go/ast"
	"go/token"
	"go/types"
	"strconv"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/passes/internal/hotsite"
	"github.com/heapvet/heapvet/passes/internal/typeid"
	"github.com/heapvet/heapvet/passes/internal/varuse"
)

// concatenated looks for strings that a loop adds to: each iteration copies
// all that was there before.
func concatenated(c *hotsite.Checker, cur inspector.Cursor) {
	stmt := cur.Node().(*ast.AssignStmt)
	if len(stmt.Lhs) != 1 || len(stmt.Rhs) != 1 {
		return
	}
	v := c.Uses().Local(stmt.Lhs[0])
	if v == nil || !typeid.IsString(v.Type()) || !addsTo(c, stmt, v) || hotsite.LeavesLoop(cur) {
		return
	}
	loop := enclosingLoop(cur)
	def, ok := c.Uses().Def(v)
	if loop == nil || !ok || contains(loop, def.Node()) || varuse.Func(def) != varuse.Func(cur) {
		return
	}
	for _, use := range c.Uses().Of(v) {
		if other, ok := use.Parent().Node().(*ast.AssignStmt); ok && other.Pos() < stmt.Pos() && contains(loop, other) && assigned(use) {
			return // the first of the loop stands for all, or it begins anew
		}
	}
	if l, known := rangeAround(c, loop); known && l.most >= 0 && l.most <= small {
		return
	}
	c.Report(cur, hotsite.Finding{
		Pos: stmt.Pos(), End: stmt.End(),
		Text:     "string " + strconv.Quote(v.Name()) + " is copied in each iteration to add to it: use a strings.Builder",
		Measured: 1,
	})
}

// rangeAround returns the loop as one of known length, if it is one.
func rangeAround(c *hotsite.Checker, n ast.Node) (l loop, known bool) {
	switch n := n.(type) {
	case *ast.RangeStmt:
		return rangeLoop(c, n)
	case *ast.ForStmt:
		return countingLoop(c, n)
	}
	return l, false
}

// addsTo reports whether stmt is "v += x" or "v = v + x".
func addsTo(c *hotsite.Checker, stmt *ast.AssignStmt, v *types.Var) bool {
	switch stmt.Tok {
	case token.ADD_ASSIGN:
		return true
	case token.ASSIGN:
		sum, ok := ast.Unparen(stmt.Rhs[0]).(*ast.BinaryExpr)
		for ok && sum.Op == token.ADD {
			if c.Uses().Local(sum.X) == v {
				return true
			}
			sum, ok = ast.Unparen(sum.X).(*ast.BinaryExpr)
		}
	}
	return false
}
