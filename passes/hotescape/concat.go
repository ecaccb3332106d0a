package hotescape

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/passes/gcfacts"
	"github.com/heapvet/heapvet/passes/internal/hotsite"
	"github.com/heapvet/heapvet/passes/internal/typeid"
	"github.com/heapvet/heapvet/passes/internal/varuse"
)

// loopConcat looks for a concatenation in a loop whose operands are the
// same in every iteration.
func loopConcat(c *hotsite.Checker, cur inspector.Cursor) {
	loop, ok := loopAround(cur)
	if !ok || !isConcat(c, cur) || hotsite.LeavesLoop(cur) {
		return
	}
	for op := range operands(cur.Node().(ast.Expr)) {
		if !invariant(c, op, loop) {
			return
		}
	}
	site, ok := concatSite(c, cur)
	if !ok {
		return
	}
	c.Report(cur, hotsite.Finding{
		Text: "concatenation " + c.Text(cur.Node().(ast.Expr)) + " is the same in every iteration: build it before the loop",
		Site: site,
	})
}

// handlerConcat looks for a concatenation in a function literal whose
// operands were all fixed when the literal was made, by code that is cold.
func handlerConcat(c *hotsite.Checker, cur inspector.Cursor) {
	if !isConcat(c, cur) {
		return
	}
	lit, ok := varuse.Func(cur).(*ast.FuncLit)
	if !ok {
		return
	}
	litCur, ok := c.Root.FindNode(lit)
	if !ok || c.Hot(litCur.Parent().Node()) {
		return // made per request as well
	}
	for op := range operands(cur.Node().(ast.Expr)) {
		if !fixed(c, op, litCur) {
			return
		}
	}
	site, ok := concatSite(c, cur)
	if !ok {
		return
	}
	c.Report(cur, hotsite.Finding{
		Text: "concatenation " + c.Text(cur.Node().(ast.Expr)) + " is the same for every request: build it where the handler is made",
		Site: site,
	})
}

// isConcat reports whether cur is a whole concatenation of strings that is
// not constant.
func isConcat(c *hotsite.Checker, cur inspector.Cursor) bool {
	e := cur.Node().(*ast.BinaryExpr)
	tv := c.Info.Types[e]
	if e.Op != token.ADD || tv.Value != nil || tv.Type == nil || !typeid.IsString(tv.Type) {
		return false
	}
	for up := range cur.Enclosing() {
		if up == cur {
			continue
		}
		switch n := up.Node().(type) {
		case *ast.ParenExpr:
			continue
		case *ast.BinaryExpr:
			return n.Op != token.ADD
		case *ast.AssignStmt:
			return n.Tok != token.ADD_ASSIGN // part of the statement's one concatenation
		}
		return true
	}
	return true
}

// concatSite returns the compiler's word on the concatenation at cur.
func concatSite(c *hotsite.Checker, cur inspector.Cursor) (site gcfacts.Site, ok bool) {
	site = c.GC.At(cur.Node(), gcfacts.Concat)
	return site, site.Verdict == gcfacts.Heap || site.Verdict == gcfacts.NoData
}

// operands yields the operands of a concatenation.
func operands(e ast.Expr) func(yield func(ast.Expr) bool) {
	return func(yield func(ast.Expr) bool) { eachOperand(e, yield) }
}

func eachOperand(e ast.Expr, yield func(ast.Expr) bool) bool {
	e = ast.Unparen(e)
	if sum, ok := e.(*ast.BinaryExpr); ok && sum.Op == token.ADD {
		return eachOperand(sum.X, yield) && eachOperand(sum.Y, yield)
	}
	return yield(e)
}

// invariant reports whether e has one value throughout loop: a constant, or
// a variable or field of one that nothing in the loop assigns.
func invariant(c *hotsite.Checker, e ast.Expr, loop inspector.Cursor) bool {
	if c.Info.Types[e].Value != nil {
		return true
	}
	v, field := path(c, e)
	if v == nil {
		return false
	}
	if within(declNode(c, v), loop.Node()) {
		return false
	}
	if len(c.Uses().Of(v)) > 0 && changedIn(c, v, loop.Node()) {
		return false
	}
	return field == nil || !changedIn(c, field, loop.Node())
}

// declNode returns the identifier that declares v, or v's first use if
// another package does.
func declNode(c *hotsite.Checker, v *types.Var) ast.Node {
	if def, ok := c.Uses().Def(v); ok {
		return def.Node()
	}
	return c.Uses().Of(v)[0].Node()
}

// path returns the variable, and the field if one is selected, that e names
// without a call or an index.
func path(c *hotsite.Checker, e ast.Expr) (v, field *types.Var) {
	e = ast.Unparen(e)
	if sel, ok := e.(*ast.SelectorExpr); ok {
		if s, ok := c.Info.Selections[sel]; ok && s.Kind() == types.FieldVal {
			field = s.Obj().(*types.Var)
			e = ast.Unparen(sel.X)
		}
	}
	v = c.Uses().Local(e)
	return v, field
}

// changedIn reports whether v, a variable or field, is assigned or has its
// address taken in outer, or in a function literal anywhere.
func changedIn(c *hotsite.Checker, v *types.Var, outer ast.Node) bool {
	for _, cur := range c.Uses().Of(v) {
		node := cur
		if v.IsField() {
			node = cur.Parent() // x.f
		}
		u := c.Uses().Classify(node)
		if u.Role == varuse.Read {
			continue
		}
		if within(cur.Node(), outer) {
			return true
		}
		if _, lit := u.Func.(*ast.FuncLit); lit && !v.IsField() && u.Func != varuse.Func(defOf(c, v)) {
			return true
		}
	}
	return false
}

func defOf(c *hotsite.Checker, v *types.Var) inspector.Cursor {
	def, _ := c.Uses().Def(v)
	return def
}

// fixed reports whether the operand e of a concatenation in the function
// literal at lit has one value for all its calls: a constant, or a captured
// variable that is assigned where it is declared only.
func fixed(c *hotsite.Checker, e ast.Expr, lit inspector.Cursor) bool {
	if c.Info.Types[e].Value != nil {
		return true
	}
	v := c.Uses().Local(e)
	if v == nil || within(declNode(c, v), lit.Node()) {
		return false
	}
	for _, cur := range c.Uses().Of(v) {
		if u := c.Uses().Classify(cur); u.Role != varuse.Read {
			return false
		}
	}
	return true
}
