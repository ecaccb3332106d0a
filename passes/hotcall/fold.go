package hotcall

import (
	"go/ast"
	"go/token"
	"go/types"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/passes/internal/edit"
	"github.com/heapvet/heapvet/passes/internal/hotsite"
	"github.com/heapvet/heapvet/passes/internal/typeid"
	"github.com/heapvet/heapvet/passes/internal/varuse"
)

// foldCompared looks for texts that are copied in lower or upper case to be
// compared: EqualFold copies nothing.
func foldCompared(c *hotsite.Checker, cur inspector.Cursor) {
	e := cur.Node().(*ast.BinaryExpr)
	if e.Op != token.EQL && e.Op != token.NEQ {
		return
	}
	x, fn := foldOf(c, e.X)
	y := e.Y
	if fn == nil {
		x, fn = foldOf(c, e.Y)
		y = e.X
	}
	if fn == nil || !unfolded(c, y, fn, cur) {
		return
	}
	var fixes []analysis.SuggestedFix
	direct := ast.Unparen(e.X) == ast.Expr(x) || ast.Unparen(e.Y) == ast.Expr(x) // not converted
	if text, isConst := constantText(c, y); isConst && sameFolded(text) && direct {
		f := edit.New(c.Pass, e)
		name := f.Import("strings", e.Pos())
		not := ""
		if e.Op == token.NEQ {
			not = "!"
		}
		f.Replace(e.Pos(), e.End(), not+name+".EqualFold("+f.Text(x.Args[0])+", "+f.Text(y)+")")
		fixes = f.Suggest("Use strings.EqualFold")
	}
	reportFold(c, cur, x, fn, "EqualFold", fixes)
}

// foldCalled looks for the same where the comparison is a call.
func foldCalled(c *hotsite.Checker, cur inspector.Cursor) {
	call := cur.Node().(*ast.CallExpr)
	fn := typeid.Callee(c.Info, call)
	if len(call.Args) != 2 {
		return
	}
	x, fold := foldOf(c, call.Args[0])
	y := call.Args[1]
	switch {
	case typeid.IsFunc(fn, "bytes", "Equal"):
		if fold == nil {
			x, fold = foldOf(c, call.Args[1])
			y = call.Args[0]
		}
		if fold != nil && unfolded(c, y, fold, cur) {
			reportFold(c, cur, x, fold, "EqualFold", nil)
		}
	case typeid.IsFunc(fn, "strings", "HasPrefix", "HasSuffix") && fold != nil:
		if unfolded(c, y, fold, cur) && ascii(c, y) {
			reportFold(c, cur, x, fold, "EqualFold on the part in question", nil)
		}
	}
}

// foldKept looks for the same where the copy is the tag of a switch, or in
// a variable that is only compared.
func foldKept(c *hotsite.Checker, cur inspector.Cursor) {
	call := cur.Node().(*ast.CallExpr)
	fn := typeid.Callee(c.Info, call)
	if !folds(fn) {
		return
	}
	text := asText(c, cur)
	uses := []inspector.Cursor{text}
	if text.ParentEdgeKind() != edge.SwitchStmt_Tag {
		v := assignee(c, text)
		if v == nil {
			return
		}
		uses = c.Uses().Of(v)
	}
	total := 0
	for _, use := range uses {
		n, ok := comparisons(c, use, fn)
		if !ok || c.Heat.At(use.Node()).Loop != c.Heat.At(call).Loop {
			return
		}
		total += n
	}
	const few = 4 // each costs the time of one comparison
	if 0 < total && total <= few {
		reportFold(c, cur, call, fn, "EqualFold", nil)
	}
}

// comparisons counts what the text at cur, in the case that fold makes, is
// compared with; ok is false if something else is done with it.
func comparisons(c *hotsite.Checker, cur inspector.Cursor, fold *types.Func) (n int, ok bool) {
	cur = asText(c, cur)
	var others []ast.Expr
	switch up := cur.Parent().Node(); cur.ParentEdgeKind() {
	case edge.BinaryExpr_X, edge.BinaryExpr_Y:
		e := up.(*ast.BinaryExpr)
		if e.Op != token.EQL && e.Op != token.NEQ {
			return 0, false
		}
		others = append(others, e.X)
		if cur.ParentEdgeKind() == edge.BinaryExpr_X {
			others[0] = e.Y
		}
	case edge.CallExpr_Args:
		call := up.(*ast.CallExpr)
		if !typeid.IsFunc(typeid.Callee(c.Info, call), "bytes", "Equal") || len(call.Args) != 2 {
			return 0, false
		}
		others = append(others, call.Args[1-cur.ParentEdgeIndex()])
	case edge.SwitchStmt_Tag:
		for _, clause := range up.(*ast.SwitchStmt).Body.List {
			others = append(others, clause.(*ast.CaseClause).List...)
		}
	}
	for _, other := range others {
		if text, isConst := constantText(c, other); isConst && text == "" {
			continue // as good without folding
		}
		if !unfolded(c, other, fold, cur) {
			return 0, false
		}
		n++
	}
	return n, len(others) > 0
}

func reportFold(c *hotsite.Checker, cur inspector.Cursor, x *ast.CallExpr, fn *types.Func, twin string, fixes []analysis.SuggestedFix) {
	c.Report(cur, hotsite.Finding{
		Pos: x.Pos(), End: x.Lparen,
		Text:     typeid.Name(fn, nil) + " copies a text to compare it: use " + fn.Pkg().Name() + "." + twin,
		Measured: 1,                            // where there is something to change
		Advice:   fn.Pkg().Path() == "strings", // which returns a text that is in that case as it is
		Fixes:    fixes,
	})
}

func folds(fn *types.Func) bool {
	return typeid.IsFunc(fn, "strings", "ToLower", "ToUpper") || typeid.IsFunc(fn, "bytes", "ToLower", "ToUpper")
}

// foldOf returns the call that makes the text e in one case, perhaps
// converted, and what it calls; nil if there is none.
func foldOf(c *hotsite.Checker, e ast.Expr) (*ast.CallExpr, *types.Func) {
	call, fn := callOf(c, e)
	switch {
	case folds(fn) && len(call.Args) == 1:
		return call, fn
	case call != nil && len(call.Args) == 1 && c.Info.Types[call.Fun].IsType():
		return foldOf(c, call.Args[0])
	}
	return nil, nil
}

// asText goes from a text to the place where it is used, out of its
// parentheses and of conversions between string and []byte.
func asText(c *hotsite.Checker, cur inspector.Cursor) inspector.Cursor {
	for {
		cur = hotsite.Outer(cur)
		if cur.ParentEdgeKind() != edge.CallExpr_Args || !c.Info.Types[cur.Parent().Node().(*ast.CallExpr).Fun].IsType() {
			return cur
		}
		cur = cur.Parent()
	}
}

// unfolded reports whether e is the other side of a comparison, at cur, with
// a text that fold has made, without regard to case: a constant that fold
// would not change, another text made by fold, or a package variable, which
// could never be equal if it was in another case.
func unfolded(c *hotsite.Checker, e ast.Expr, fold *types.Func, cur inspector.Cursor) bool {
	if conv, _ := callOf(c, e); conv != nil && len(conv.Args) == 1 && c.Info.Types[conv.Fun].IsType() {
		e = conv.Args[0]
	}
	if text, ok := constantText(c, e); ok {
		want := strings.ToLower(text)
		if fold.Name() == "ToUpper" {
			want = strings.ToUpper(text)
		}
		return text == want && text != ""
	}
	if _, fn := foldOf(c, e); fn != nil {
		return fn == fold
	}
	if id, ok := ast.Unparen(e).(*ast.Ident); ok {
		if v, ok := c.Info.Uses[id].(*types.Var); ok && v.Parent() == c.Pass.Pkg.Scope() {
			return true
		}
	}
	return foldedVar(c, c.Uses().Local(e), fold, cur)
}

// foldedVar reports whether the variable v holds a text made by fold at cur:
// that is the last that was assigned to it.
func foldedVar(c *hotsite.Checker, v *types.Var, fold *types.Func, cur inspector.Cursor) bool {
	if v == nil || !typeid.IsString(v.Type()) {
		return false // bytes may be changed in place
	}
	def, ok := c.Uses().Def(v)
	if !ok {
		return false
	}
	last := def
	for _, use := range c.Uses().Of(v) {
		switch c.Uses().Classify(use).Role {
		case varuse.Address:
			return false
		case varuse.Write:
			if varuse.Func(use) != varuse.Func(cur) {
				return false // at any time
			}
			last = use
		}
	}
	if last.ParentEdgeKind() != edge.AssignStmt_Lhs || varuse.Func(last) != varuse.Func(cur) || !hotsite.Before(last, cur) {
		return false
	}
	stmt := last.Parent().Node().(*ast.AssignStmt)
	if len(stmt.Lhs) != len(stmt.Rhs) || stmt.Tok != token.ASSIGN && stmt.Tok != token.DEFINE {
		return false
	}
	_, fn := foldOf(c, stmt.Rhs[last.ParentEdgeIndex()])
	return fn == fold
}

// sameFolded reports whether EqualFold compares with text as ToLower and
// ToUpper do: it has none of the letters that other alphabets also have a
// form of.
func sameFolded(text string) bool {
	for _, r := range text {
		if r >= 0x80 || strings.ContainsRune("iIkKsS", r) {
			return false
		}
	}
	return true
}

func ascii(c *hotsite.Checker, e ast.Expr) bool {
	text, ok := constantText(c, e)
	return ok && strconv.QuoteToASCII(text) == strconv.Quote(text)
}
