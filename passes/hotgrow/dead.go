package hotgrow

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strconv"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/passes/gcfacts"
	"github.com/heapvet/heapvet/passes/internal/edit"
	"github.com/heapvet/heapvet/passes/internal/hotsite"
	"github.com/heapvet/heapvet/passes/internal/typeid"
	"github.com/heapvet/heapvet/passes/internal/varuse"
)

// overwritten looks for slices and maps that are made and replaced before
// anything reads them:
//
//	m.Answer = make([]RR, len(i.Answer)) // here
//	m.Answer = filter(i.Answer)
//
// A field is one of a new struct that no other code knows yet; if a method
// of it was called, which may have told others, the finding is advice.
func overwritten(c *hotsite.Checker, cur inspector.Cursor) {
	call := cur.Node().(*ast.CallExpr)
	if typeid.Builtin(c.Info, call) != "make" || cur.ParentEdgeKind() != edge.AssignStmt_Rhs {
		return
	}
	stmt := cur.Parent()
	assign := stmt.Node().(*ast.AssignStmt)
	if len(assign.Lhs) != 1 || stmt.ParentEdgeKind() != edge.BlockStmt_List {
		return
	}
	s, ok := slotOf(c, assign.Lhs[0])
	if !ok || !private(c, s) {
		return
	}
	shown, ok := ownStruct(c, s, stmt)
	if !ok || !replaced(c, s, stmt) {
		return
	}
	kind, what := gcfacts.MakeSlice, "slice "
	if _, isMap := c.Info.TypeOf(call).Underlying().(*types.Map); isMap {
		kind, what = gcfacts.MakeMap, "map "
	} else if !isSlice(c, call) {
		return
	}
	c.Report(cur, hotsite.Finding{
		Pos: call.Pos(), End: call.End(),
		Text:   what + strconv.Quote(s.name()) + " is replaced before anything reads it: do not make it",
		Site:   c.GC.At(call, kind),
		Sized:  true,
		Advice: shown,
		Fixes:  withoutMake(c, call, stmt, shown),
	})
}

// withoutMake drops the statement at cur, if it does nothing but make what
// is replaced.
func withoutMake(c *hotsite.Checker, call *ast.CallExpr, cur inspector.Cursor, shown bool) []analysis.SuggestedFix {
	if shown || cur.Node().(*ast.AssignStmt).Tok != token.ASSIGN {
		return nil
	}
	for _, size := range call.Args[1:] {
		if c.Info.Types[size].Value == nil && !isLen(c, size) || !pure(c, size) {
			return nil // it may panic
		}
	}
	f := edit.New(c.Pass, call)
	f.Replace(cur.Node().Pos(), cur.Node().End(), "")
	return f.Suggest("Drop it")
}

// private reports whether only the code of the function itself can read the
// variable of s: it is a local one that no function literal uses and whose
// address is not taken, and no result.
func private(c *hotsite.Checker, s slot) bool {
	def, ok := c.Uses().Def(s.v)
	if !ok || def.ParentEdgeKind() == edge.Field_Names {
		return false
	}
	for _, use := range c.Uses().Of(s.v) {
		u := c.Uses().Classify(use)
		if u.Func != varuse.Func(def) || u.Role == varuse.Address && s.field == nil {
			return false
		}
	}
	return true
}

// ownStruct reports whether the field s, if it is one, belongs to a struct
// that is new and in the hands of this function until the statement at cur.
// shown tells that methods of it, or functions that got it, may have it.
func ownStruct(c *hotsite.Checker, s slot, cur inspector.Cursor) (shown, ok bool) {
	if s.field == nil {
		return false, true
	}
	start, ok := startOf(c, slot{v: s.v, field: s.field})
	if !ok || start.kind == given {
		return false, false
	}
	if _, isPtr := s.v.Type().Underlying().(*types.Pointer); isPtr && start.expr == nil {
		return false, false
	}
	for _, use := range c.Uses().Of(s.v) {
		if use.Node().Pos() >= cur.Node().Pos() {
			break
		}
		switch use.ParentEdgeKind() {
		case edge.AssignStmt_Lhs:
			return false, false // another struct
		case edge.SelectorExpr_X:
			if _, isCall := hotsite.Called(use.Parent().ChildAt(edge.SelectorExpr_Sel, -1)); isCall {
				shown = true
			}
		case edge.CallExpr_Args:
			shown = true
		default:
			return false, false
		}
	}
	return shown, true
}

// replaced reports whether a statement after the one at cur, in the same
// block, assigns to s, and nothing in between can read it or leave out the
// statement to read it elsewhere.
func replaced(c *hotsite.Checker, s slot, cur inspector.Cursor) bool {
	for next, ok := cur.NextSibling(); ok; next, ok = next.NextSibling() {
		uses := slices.DeleteFunc(slices.Clone(c.Uses().Of(s.v)), func(use inspector.Cursor) bool { return !next.Contains(use) })
		if assign, isAssign := next.Node().(*ast.AssignStmt); isAssign && assign.Tok == token.ASSIGN {
			i := slices.IndexFunc(assign.Lhs, func(e ast.Expr) bool { to, ok := slotOf(c, e); return ok && to == s })
			if i >= 0 {
				return len(uses) == 1 // and it reads nothing of it
			}
		}
		if jumps(next) || slices.ContainsFunc(uses, func(use inspector.Cursor) bool { return !otherField(c, s, use) }) {
			return false
		}
	}
	return false
}

// jumps reports whether the statement at cur may lead to another place of
// the function than the one that follows it.
func jumps(cur inspector.Cursor) bool {
	for range cur.Preorder((*ast.BranchStmt)(nil), (*ast.LabeledStmt)(nil)) {
		return true
	}
	return false
}

// otherField reports whether the use of s's variable is about another of its
// fields.
func otherField(c *hotsite.Checker, s slot, use inspector.Cursor) bool {
	if s.field == nil || use.ParentEdgeKind() != edge.SelectorExpr_X {
		return false
	}
	v, ok := c.Info.Uses[use.Parent().Node().(*ast.SelectorExpr).Sel].(*types.Var)
	return ok && v.IsField() && !v.Embedded() && v.Origin() != s.field
}
