package hotcall

import (
	"go/ast"
	"go/token"

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
