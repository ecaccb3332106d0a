package hotinit

import (
	"go/ast"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/passes/internal/hotsite"
	"github.com/heapvet/heapvet/passes/internal/typeid"
)

// reparsed looks for templates whose text is the same on every call, but
// not what else they are made of, such as functions of the request:
//
//	t := template.New("page").Funcs(functions(r))
//	t, err := t.Parse(text) // here
//
// A template that is parsed once can be had for less. Clones of package
// text/template share the parsed text and take functions of their own;
// those of html/template copy it, and escape it again.
func (k *checker) reparsed(c *hotsite.Checker, cur inspector.Cursor) {
	call := cur.Node().(*ast.CallExpr)
	fn := typeid.Callee(c.Info, call)
	advice := ""
	switch {
	case typeid.IsMethod(fn, "text/template", "Template", "Parse"):
		advice = "parse it once, and give Clones of it the functions that vary"
	case typeid.IsMethod(fn, "html/template", "Template", "Parse"):
		advice = "parse it once, and pass what varies as data, not as functions"
	default:
		return
	}
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	row := k.table.Of(fn)
	if !ok || row == nil || applies(c, cur, row) || !fixed(c, call.Args[0]) || !ofThisCall(c, sel.X) || stored(c, cur) {
		return
	}
	c.Report(cur, hotsite.Finding{
		Pos: call.Pos(), End: call.Lparen,
		Text:     typeid.Name(fn, c.Pass.Pkg) + " of a constant text on every call: " + advice,
		Measured: row.Allocs,
		Bytes:    row.Bytes,
	})
}

// ofThisCall reports whether the template e is a local variable, or what
// calls return.
func ofThisCall(c *hotsite.Checker, e ast.Expr) bool {
	if call, ok := ast.Unparen(e).(*ast.CallExpr); ok {
		e = call.Fun
		sel, ok := ast.Unparen(e).(*ast.SelectorExpr)
		if !ok || typeid.Callee(c.Info, call) == nil || typeid.Callee(c.Info, call).Signature().Recv() == nil {
			return true
		}
		return ofThisCall(c, sel.X)
	}
	return c.Uses().Local(e) != nil
}
