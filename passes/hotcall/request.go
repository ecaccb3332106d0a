package hotcall

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/passes/internal/edit"
	"github.com/heapvet/heapvet/passes/internal/hotsite"
	"github.com/heapvet/heapvet/passes/internal/typeid"
	"github.com/heapvet/heapvet/passes/internal/varuse"
)

// requestCopied looks for requests that get their context in a copy, in the
// function that made them or in one that it hands them to:
//
//	req, err := http.NewRequest(method, url, body)
//	...
//	req = req.WithContext(ctx) // here
func requestCopied(c *hotsite.Checker, cur inspector.Cursor) {
	call := cur.Node().(*ast.CallExpr)
	if !typeid.IsMethod(typeid.Callee(c.Info, call), "net/http", "Request", "WithContext") || len(call.Args) != 1 {
		return
	}
	req := c.Uses().Local(receiver(call))
	if req == nil || !replaces(c, cur, req) {
		return
	}
	finding := hotsite.Finding{
		Pos: call.Pos(), End: call.Lparen,
		Text:     c.Text(call.Fun) + " copies a request that was made in this function: use http.NewRequestWithContext",
		Measured: 1,
		Bytes:    320,
	}
	if made, ok := requestMade(c, req); ok {
		if !sameBlock(made, cur) || !readyAt(c, call.Args[0], made) {
			return
		}
		finding.Fixes = withContext(c, cur, made)
	} else if madeByCallers(c, cur, req, c.Uses().Local(call.Args[0])) {
		finding.Text = c.Text(call.Fun) + " copies a request that each caller just made: use http.NewRequestWithContext there"
	} else {
		return
	}
	c.Report(cur, finding)
}

// madeByCallers reports whether req and ctx are parameters of the function
// around cur, all calls of which hand it a request that they made when they
// had the context.
func madeByCallers(c *hotsite.Checker, cur inspector.Cursor, req, ctx *types.Var) bool {
	decl, ok := varuse.Func(cur).(*ast.FuncDecl)
	if !ok || ctx == nil {
		return false
	}
	fn := c.Declared(decl)
	reqAt, ctxAt := paramIndex(fn, req), paramIndex(fn, ctx)
	if reqAt < 0 || ctxAt < 0 || fn.Exported() || !unlessNil(c, cur, ctx) {
		return false
	}
	calls := c.Calls(fn)
	for _, at := range calls {
		call := at.Node().(*ast.CallExpr)
		if len(call.Args) <= max(reqAt, ctxAt) {
			return false
		}
		made, ok := requestMade(c, c.Uses().Local(call.Args[reqAt]))
		if !ok || !readyAt(c, call.Args[ctxAt], made) || varuse.Func(made) != varuse.Func(at) {
			return false
		}
	}
	return len(calls) > 0
}

// unlessNil reports whether the code at cur is run in each call of its
// function, unless ctx is nil, and ctx is as the caller passed it.
func unlessNil(c *hotsite.Checker, cur inspector.Cursor, ctx *types.Var) bool {
	for _, use := range c.Uses().Of(ctx) {
		if role := c.Uses().Classify(use).Role; role == varuse.Write || role == varuse.Address {
			return false
		}
	}
	for up := range cur.Enclosing((*ast.IfStmt)(nil), (*ast.CaseClause)(nil), (*ast.CommClause)(nil)) {
		stmt, ok := up.Node().(*ast.IfStmt)
		if !ok {
			return false
		}
		cond, ok := ast.Unparen(stmt.Cond).(*ast.BinaryExpr)
		if !ok || cond.Op != token.NEQ || c.Uses().Local(cond.X) != ctx || !c.Info.Types[cond.Y].IsNil() {
			return false
		}
	}
	return true
}

// paramIndex returns the place of v among the parameters of fn, or -1.
func paramIndex(fn *types.Func, v *types.Var) int {
	if fn == nil {
		return -1
	}
	for i := range fn.Signature().Params().Len() {
		if fn.Signature().Params().At(i) == v {
			return i
		}
	}
	return -1
}

// requestMade returns the call of http.NewRequest that makes the variable
// req.
func requestMade(c *hotsite.Checker, req *types.Var) (made inspector.Cursor, ok bool) {
	if req == nil {
		return made, false
	}
	def, ok := c.Uses().Def(req)
	if !ok || def.ParentEdgeKind() != edge.AssignStmt_Lhs || def.ParentEdgeIndex() != 0 {
		return made, false
	}
	stmt := def.Parent()
	rhs := stmt.Node().(*ast.AssignStmt).Rhs
	if _, fn := callOf(c, rhs[0]); len(rhs) != 1 || !typeid.IsFunc(fn, "net/http", "NewRequest") {
		return made, false
	}
	return stmt.FindNode(ast.Unparen(rhs[0]))
}

// sameBlock reports whether the code at cur is run each time that the
// assignment of the call at made was, unless the function ended in between.
func sameBlock(made, cur inspector.Cursor) bool {
	stmt := hotsite.Outer(made).Parent()
	for up := range cur.Enclosing() {
		if up.Parent() == stmt.Parent() && up.ParentEdgeKind() == edge.BlockStmt_List {
			return true
		}
		switch up.Node().(type) {
		case *ast.BlockStmt, *ast.CaseClause, *ast.CommClause, *ast.FuncLit:
			return false
		}
	}
	return false
}

// readyAt reports whether ctx has the value at made that it has later: it is
// a variable that was assigned before, and not again.
func readyAt(c *hotsite.Checker, ctx ast.Expr, made inspector.Cursor) bool {
	v := c.Uses().Local(ctx)
	if v == nil {
		return false
	}
	def, ok := c.Uses().Def(v)
	if !ok || def.Node().Pos() > made.Node().Pos() {
		return false
	}
	for _, use := range c.Uses().Of(v) {
		u := c.Uses().Classify(use)
		if u.Role == varuse.Address || u.Role == varuse.Write && (use.Node().Pos() > made.Node().Pos() || u.Func != varuse.Func(made)) {
			return false
		}
	}
	return true
}

// replaces reports whether the copy made at cur takes the place of req: it
// is assigned to it, or nothing uses req afterwards.
func replaces(c *hotsite.Checker, cur inspector.Cursor, req *types.Var) bool {
	outer := hotsite.Outer(cur)
	var target ast.Expr
	if outer.ParentEdgeKind() == edge.AssignStmt_Rhs {
		stmt := outer.Parent().Node().(*ast.AssignStmt)
		if stmt.Tok == token.ASSIGN && len(stmt.Lhs) == 1 && c.Uses().Local(stmt.Lhs[0]) == req {
			target = stmt.Lhs[0]
		}
	}
	for _, use := range c.Uses().Of(req) {
		at, kind := use.Node().Pos(), use.ParentEdgeKind()
		switch {
		case varuse.Func(use) != varuse.Func(cur):
			return false
		case use.Node() == target || at == cur.Node().Pos():
		case at > cur.Node().Pos() && target == nil:
			return false
		case kind == edge.AssignStmt_Lhs || kind == edge.UnaryExpr_X:
			return false // another request
		case at < cur.Node().Pos() && kind != edge.SelectorExpr_X && kind != edge.CallExpr_Args:
			return false // perhaps kept as it is
		}
	}
	return true
}

// withContext makes the request with its context.
func withContext(c *hotsite.Checker, cur, made inspector.Cursor) []analysis.SuggestedFix {
	stmt := hotsite.Outer(cur).Parent()
	call := made.Node().(*ast.CallExpr)
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if _, assigns := stmt.Node().(*ast.AssignStmt); !ok || !assigns || stmt.ParentEdgeKind() != edge.BlockStmt_List {
		return nil
	}
	next, ok := stmt.NextSibling()
	if !ok {
		return nil
	}
	for _, use := range c.Uses().Of(c.Uses().Local(receiver(cur.Node().(*ast.CallExpr)))) {
		if use.Node().Pos() < stmt.Node().Pos() && use.ParentEdgeKind() != edge.SelectorExpr_X {
			return nil // others may have kept the request without a context
		}
	}
	f := edit.New(c.Pass, call)
	f.Replace(sel.Sel.Pos(), sel.Sel.End(), "NewRequestWithContext")
	f.Insert(call.Args[0].Pos(), f.Text(cur.Node().(*ast.CallExpr).Args[0])+", ")
	f.Replace(stmt.Node().Pos(), next.Node().Pos(), "")
	return f.Suggest("Use http.NewRequestWithContext")
}
