package hotcall

import (
	"go/ast"
	"go/token"
	"go/types"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/passes/internal/edit"
	"github.com/heapvet/heapvet/passes/internal/hotsite"
	"github.com/heapvet/heapvet/passes/internal/typeid"
)

// found looks for a match of a regular expression that is made a slice of
// only to see whether there is one.
func found(c *hotsite.Checker, cur inspector.Cursor) {
	e := cur.Node().(*ast.BinaryExpr)
	if e.Op != token.EQL && e.Op != token.NEQ || !c.Info.Types[e.Y].IsNil() {
		return
	}
	call, fn := callOf(c, e.X)
	if !typeid.IsMethod(fn, "regexp", "Regexp") {
		return
	}
	twin := ""
	switch fn.Name() {
	case "FindStringIndex", "FindStringSubmatch", "FindStringSubmatchIndex":
		twin = "MatchString"
	case "FindIndex", "FindSubmatch", "FindSubmatchIndex":
		twin = "Match"
	default:
		return
	}
	f := edit.New(c.Pass, call)
	if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok {
		not := ""
		if e.Op == token.EQL {
			not = "!"
		}
		f.Replace(e.Pos(), e.End(), not+f.Text(sel.X)+"."+twin+"("+f.Text(call.Args[0])+")")
	}
	c.Report(cur, hotsite.Finding{
		Pos: call.Pos(), End: call.Lparen,
		Text:     typeid.Name(fn, c.Pass.Pkg) + " makes a slice to tell whether there is a match: use " + twin,
		Measured: 2,
		Bytes:    112,
		Fixes:    f.Suggest("Use " + twin),
	})
}

// foldCompared looks for texts that are copied in lower or upper case to be
// compared: strings.EqualFold copies nothing.
func foldCompared(c *hotsite.Checker, cur inspector.Cursor) {
	e := cur.Node().(*ast.BinaryExpr)
	if e.Op != token.EQL && e.Op != token.NEQ {
		return
	}
	x, fn := callOf(c, e.X)
	y := e.Y
	if !folds(fn, "strings") {
		if x, fn = callOf(c, e.Y); !folds(fn, "strings") {
			return
		}
		y = e.X
	}
	other, ok := unfolded(c, y, fn)
	if !ok {
		return
	}
	var fixes []analysis.SuggestedFix
	if text, isConst := constantText(c, y); isConst && sameFolded(text) {
		f := edit.New(c.Pass, e)
		name := f.Import("strings", e.Pos())
		not := ""
		if e.Op == token.NEQ {
			not = "!"
		}
		f.Replace(e.Pos(), e.End(), not+name+".EqualFold("+f.Text(x.Args[0])+", "+f.Text(other)+")")
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
	x, fold := callOf(c, call.Args[0])
	switch {
	case typeid.IsFunc(fn, "bytes", "Equal") && folds(fold, "bytes"):
		reportFold(c, cur, x, fold, "EqualFold", nil)
	case typeid.IsFunc(fn, "strings", "HasPrefix", "HasSuffix") && folds(fold, "strings"):
		if _, ok := unfolded(c, call.Args[1], fold); ok && ascii(c, call.Args[1]) {
			reportFold(c, cur, x, fold, "EqualFold on the part in question", nil)
		}
	}
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

func folds(fn *types.Func, pkg string) bool { return typeid.IsFunc(fn, pkg, "ToLower", "ToUpper") }

// unfolded returns what is to be compared without regard to case if e is
// the other side of a comparison with a text that fold has made: a constant
// that fold would not change, or another text made by fold.
func unfolded(c *hotsite.Checker, e ast.Expr, fold *types.Func) (ast.Expr, bool) {
	if text, ok := constantText(c, e); ok {
		want := strings.ToLower(text)
		if fold.Name() == "ToUpper" {
			want = strings.ToUpper(text)
		}
		return e, text == want && text != ""
	}
	if call, fn := callOf(c, e); fn == fold {
		return call.Args[0], true
	}
	return nil, false
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
