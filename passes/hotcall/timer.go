package hotcall

import (
	"go/ast"
	"go/token"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/passes/internal/hotsite"
	"github.com/heapvet/heapvet/passes/internal/typeid"
)

// timer looks for timers that are made anew where one could be reset.
func timer(c *hotsite.Checker, cur inspector.Cursor) {
	call := cur.Node().(*ast.CallExpr)
	fn := typeid.Callee(c.Info, call)
	if !typeid.IsFunc(fn, "time", "After", "NewTimer") {
		return
	}
	looped := c.Heat.At(call).Loop > 0 && !hotsite.LeavesLoop(cur) && !pauses(cur) && !tried(cur)
	edit := "keep timers in a pool and Reset them"
	if looped {
		edit = "make one before the loop and Reset it"
	}
	if fn.Name() == "NewTimer" && (!looped || !stopped(c, cur)) {
		return // hotinit tells of it, unless it is kept
	}
	c.Report(cur, hotsite.Finding{
		Pos: call.Pos(), End: call.Lparen,
		Text:     "time." + fn.Name() + " makes a timer and its channel on every call: " + edit,
		Measured: 3,
		Bytes:    248,
		Advice:   !looped,
	})
}

// pauses reports whether the timer made at cur is what its loop waits for:
// all other cases of the select statement leave the loop. Compared with the
// time that passes, it costs nothing.
func pauses(cur inspector.Cursor) bool {
	for up := range cur.Enclosing((*ast.CommClause)(nil)) {
		own := up.Node().(*ast.CommClause)
		if own.Comm == nil || !within(cur.Node(), own.Comm) {
			return false // in its body
		}
		for _, stmt := range up.Parent().Node().(*ast.BlockStmt).List {
			if stmt != ast.Stmt(own) && !leavesLoop(stmt.(*ast.CommClause)) {
				return false
			}
		}
		return true
	}
	return false
}

// tried reports whether the code at cur is run only when a select statement
// around it, which does not wait, finds nothing ready: not on every call.
func tried(cur inspector.Cursor) bool {
	for up := range cur.Enclosing((*ast.CommClause)(nil), (*ast.FuncLit)(nil)) {
		clause, ok := up.Node().(*ast.CommClause)
		if !ok {
			return false
		}
		if clause.Comm == nil {
			return true
		}
	}
	return false
}

// leavesLoop reports whether clause ends by leaving the loop around it.
func leavesLoop(clause *ast.CommClause) bool {
	if len(clause.Body) == 0 {
		return false
	}
	switch last := clause.Body[len(clause.Body)-1].(type) {
	case *ast.ReturnStmt:
		return true
	case *ast.BranchStmt:
		return last.Label != nil && last.Tok != token.CONTINUE
	}
	return false
}

// stopped reports whether the timer made at cur stays in a local variable
// that is stopped in the same function.
func stopped(c *hotsite.Checker, cur inspector.Cursor) bool {
	v := assignee(c, cur)
	if v == nil {
		return false
	}
	stops := false
	for _, use := range c.Uses().Of(v) {
		if use.ParentEdgeKind() != edge.SelectorExpr_X {
			return false
		}
		stops = stops || use.Parent().Node().(*ast.SelectorExpr).Sel.Name == "Stop"
	}
	return stops
}
