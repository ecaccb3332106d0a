package hotinit

import (
	"fmt"
	"go/ast"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/passes/internal/hotsite"
	"github.com/heapvet/heapvet/passes/internal/typeid"
)

// embedded looks for files of an embed.FS that are read on every call. They
// are in memory already, and ReadFile copies them, so that nobody can write
// to what others read.
func (k *checker) embedded(c *hotsite.Checker, cur inspector.Cursor) {
	call := cur.Node().(*ast.CallExpr)
	files, name := embeddedFile(c, call)
	if files == nil || stored(c, cur) {
		return
	}
	advice := "read the files once, into a map"
	if fixed(c, name) {
		advice = "embed it in a []byte or string of its own"
	}
	c.Report(cur, hotsite.Finding{
		Pos: call.Pos(), End: call.Lparen,
		Text:     fmt.Sprintf("embedded file of %s is copied on every call: %s", c.Text(files), advice),
		Measured: 2,
		Large:    true,
	})
}

// embeddedFile returns the embed.FS that call reads a file of, and the
// file's name, or nil.
func embeddedFile(c *hotsite.Checker, call *ast.CallExpr) (files, name ast.Expr) {
	fn := typeid.Callee(c.Info, call)
	switch {
	case typeid.IsMethod(fn, "embed", "FS", "ReadFile") && len(call.Args) == 1:
		if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok {
			return sel.X, call.Args[0]
		}
	case typeid.IsFunc(fn, "io/fs", "ReadFile") && len(call.Args) == 2 && typeid.IsNamed(c.Info.TypeOf(call.Args[0]), "embed", "FS"):
		return call.Args[0], call.Args[1]
	}
	return nil, nil
}
