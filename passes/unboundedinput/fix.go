package unboundedinput

import (
	"fmt"
	"go/ast"
	"go/types"
	"strconv"

	"golang.org/x/tools/go/analysis"

	"github.com/heapvet/heapvet/passes/internal/typeid"
)

// fix wraps the Body that s reads in http.MaxBytesReader, where the reader
// is spelt r.Body and the function has a ResponseWriter to tell.
func (c *checker) fix(s sink, expr *ast.CallExpr, src stream) []analysis.SuggestedFix {
	if c.maxBody <= 0 || src.packed != "" || src.origin != request {
		return nil
	}
	body := c.bodyArg(expr)
	writer := c.writer(s.call.Parent().Syntax())
	pkg := c.importName(expr, "net/http")
	if body == nil || writer == "" || pkg == "" {
		return nil
	}
	return []analysis.SuggestedFix{{
		Message: fmt.Sprintf("Limit the body to %d bytes", c.maxBody),
		TextEdits: []analysis.TextEdit{
			{Pos: body.Pos(), End: body.Pos(), NewText: fmt.Appendf(nil, "%s.MaxBytesReader(%s, ", pkg, writer)},
			{Pos: body.End(), End: body.End(), NewText: fmt.Appendf(nil, ", %d)", c.maxBody)},
		},
	}}
}

// bodyArg returns the argument of call that selects the Body of a request.
func (c *checker) bodyArg(call *ast.CallExpr) ast.Expr {
	for _, arg := range call.Args {
		sel, ok := ast.Unparen(arg).(*ast.SelectorExpr)
		if !ok || sel.Sel.Name != "Body" {
			continue
		}
		if typeid.IsNamed(typeid.Deref(c.pass.TypesInfo.TypeOf(sel.X)), "net/http", "Request") {
			return sel
		}
	}
	return nil
}

// writer returns the name of the http.ResponseWriter among the parameters
// of the function at syntax, or "".
func (c *checker) writer(syntax ast.Node) string {
	var typ *ast.FuncType
	switch f := syntax.(type) {
	case *ast.FuncDecl:
		typ = f.Type
	case *ast.FuncLit:
		typ = f.Type
	default:
		return ""
	}
	for _, field := range typ.Params.List {
		for _, name := range field.Names {
			obj, ok := c.pass.TypesInfo.Defs[name].(*types.Var)
			if ok && name.Name != "_" && typeid.IsNamed(obj.Type(), "net/http", "ResponseWriter") {
				return name.Name
			}
		}
	}
	return ""
}

// importName returns the name by which the file around node knows the
// package path, or "" if it does not.
func (c *checker) importName(node ast.Node, path string) string {
	for _, file := range c.pass.Files {
		if node.Pos() < file.FileStart || file.FileEnd <= node.Pos() {
			continue
		}
		for _, spec := range file.Imports {
			if p, err := strconv.Unquote(spec.Path.Value); err != nil || p != path {
				continue
			}
			if name := c.pass.TypesInfo.PkgNameOf(spec); name != nil && name.Name() != "_" && name.Name() != "." {
				return name.Name()
			}
		}
	}
	return ""
}
