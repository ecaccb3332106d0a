package hotconv

import (
	"go/ast"
	"go/token"
	"go/types"
	"strconv"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/passes/gcfacts"
	"github.com/heapvet/heapvet/passes/hotcode"
	"github.com/heapvet/heapvet/passes/internal/hotsite"
	"github.com/heapvet/heapvet/passes/internal/typeid"
	"github.com/heapvet/heapvet/passes/internal/varuse"
)

// earlyText looks for texts that are made before the one block that uses
// them:
//
//	msg := "unknown field: " + name // here
//	if strict {
//		report(msg)
//	}
func earlyText(c *hotsite.Checker, cur inspector.Cursor) {
	v, failure, ok := madeEarly(c, cur)
	if !ok {
		return
	}
	e := cur.Node().(ast.Expr)
	finding := hotsite.Finding{
		Text:   "text " + strconv.Quote(v.Name()) + " is made for one block that may not run: make it there",
		Advice: !failure,
	}
	if call, isCall := e.(*ast.CallExpr); isCall {
		finding.Pos, finding.End = call.Pos(), call.Lparen
		finding.Measured = 1
	} else {
		finding.Site, finding.Sized = c.GC.At(e, gcfacts.Concat), true
	}
	if failure {
		finding.Text = "text " + strconv.Quote(v.Name()) + " is made for a failure path only: make it there"
	}
	c.Report(cur, finding)
}

// madeEarly returns the variable that gets the text made at cur, if it is
// used in one block only, of an if statement that follows, and could be made
// there just as well. failure tells that the block is a failure path.
func madeEarly(c *hotsite.Checker, cur inspector.Cursor) (v *types.Var, failure, ok bool) {
	e := cur.Node().(ast.Expr)
	if cur.ParentEdgeKind() != edge.AssignStmt_Rhs || !isMadeText(c, e) {
		return nil, false, false
	}
	at := cur.Parent()
	stmt := at.Node().(*ast.AssignStmt)
	if stmt.Tok != token.DEFINE || len(stmt.Lhs) != 1 || at.ParentEdgeKind() != edge.BlockStmt_List {
		return nil, false, false
	}
	v = c.Uses().Local(stmt.Lhs[0])
	if v == nil || len(c.Uses().Of(v)) == 0 {
		return nil, false, false
	}
	first := c.Uses().Of(v)[0].Node()
	for next, more := at.NextSibling(); more; next, more = next.NextSibling() {
		if next.Node().End() <= first.Pos() {
			continue
		}
		branch, isIf := next.Node().(*ast.IfStmt)
		if !isIf {
			return nil, false, false
		}
		if blockOf(c, v, branch) == nil || !unchanged(c, e, stmt.End(), branch.Body.Lbrace, at.Parent()) {
			return nil, false, false
		}
		heat := c.Heat.At(first)
		return v, heat.Failure || heat.Grade == hotcode.Cold, true
	}
	return nil, false, false
}

// isMadeText reports whether e makes a text, and calls nothing for it that
// might do something else.
func isMadeText(c *hotsite.Checker, e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.BinaryExpr:
		return typeid.IsString(c.Info.TypeOf(e)) && variable(c.Info, e) > 0
	case *ast.CallExpr:
		return typeid.IsFunc(typeid.Callee(c.Info, e), "fmt", "Sprintf", "Sprint") && !e.Ellipsis.IsValid()
	}
	return false
}

// blockOf returns the block of branch that holds all uses of v, or nil.
func blockOf(c *hotsite.Checker, v *types.Var, branch *ast.IfStmt) *ast.BlockStmt {
	uses := c.Uses().Of(v)
	block := branch.Body
	if other, ok := branch.Else.(*ast.BlockStmt); ok && uses[0].Node().Pos() > block.End() {
		block = other
	}
	for _, use := range uses {
		if use.Node().Pos() < block.Pos() || block.End() <= use.Node().Pos() {
			return nil
		}
	}
	return block
}

// A between is the code from where a text is made to where it could be.
type between struct {
	c        *hotsite.Checker
	from, to token.Pos
	calls    bool // something is called in there, of which nobody knows what it changes
}

// unchanged reports whether e, which is made at from, would be the same at
// to, further down in block.
func unchanged(c *hotsite.Checker, e ast.Expr, from, to token.Pos, block inspector.Cursor) bool {
	b := between{c: c, from: from, to: to}
	for call := range block.Preorder((*ast.CallExpr)(nil)) {
		n := call.Node().(*ast.CallExpr)
		if b.has(n) && typeid.Builtin(c.Info, n) == "" && !c.Info.Types[n.Fun].IsType() {
			b.calls = true
		}
	}
	return b.keeps(e)
}

func (b *between) has(n ast.Node) bool { return b.from <= n.Pos() && n.Pos() < b.to }

// keeps reports whether the value of e stays the same. What e calls are
// functions without a state.
func (b *between) keeps(e ast.Expr) bool {
	info := b.c.Info
	if tv := info.Types[e]; tv.Value != nil || tv.IsType() {
		return true
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.BinaryExpr:
		return b.keeps(e.X) && b.keeps(e.Y)
	case *ast.CallExpr:
		fn := typeid.Callee(info, e)
		known := typeid.IsFunc(fn, "fmt", "Sprintf", "Sprint") || typeid.IsFunc(fn, "strconv") ||
			info.Types[e.Fun].IsType() || typeid.Builtin(info, e) == "len"
		for _, arg := range e.Args {
			known = known && b.plain(arg) && b.keeps(arg)
		}
		return known
	case *ast.SelectorExpr:
		s, ok := info.Selections[e]
		return ok && s.Kind() == types.FieldVal && !b.calls && b.keepsVar(s.Obj().(*types.Var)) && b.keeps(e.X)
	case *ast.Ident:
		v, ok := info.Uses[e].(*types.Var)
		return ok && b.keepsVar(v) && (b.c.Uses().Local(e) != nil || !b.calls)
	}
	return false
}

// plain reports whether e has a basic type, which formats itself in one way.
func (b *between) plain(e ast.Expr) bool {
	t := b.c.Info.TypeOf(e)
	_, ok := t.Underlying().(*types.Basic)
	return ok && !formats(t)
}

// keepsVar reports whether nothing assigns to v, a variable or field. One
// that a function literal uses might be changed by any call.
func (b *between) keepsVar(v *types.Var) bool {
	def, _ := b.c.Uses().Def(v)
	for _, use := range b.c.Uses().Of(v) {
		at := use
		if use.ParentEdgeKind() == edge.SelectorExpr_Sel {
			at = use.Parent()
		}
		u := b.c.Uses().Classify(at)
		if u.Role == varuse.Read {
			continue
		}
		if b.has(use.Node()) || !v.IsField() && def.Valid() && u.Func != varuse.Func(def) || u.Role == varuse.Address && !v.IsField() {
			return false
		}
	}
	return true
}
