package hotescape

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/passes/gcfacts"
	"github.com/heapvet/heapvet/passes/internal/hotsite"
	"github.com/heapvet/heapvet/passes/internal/typeid"
)

// The shapes of this file are worth an edit in about half of the places:
// tier advice.

// functionMap looks for a template.FuncMap that is built per call. The map
// itself may stay on the stack; its functions, closures and method values,
// do not.
func functionMap(c *hotsite.Checker, cur inspector.Cursor) {
	lit := cur.Node().(*ast.CompositeLit)
	if !typeid.IsNamed(c.Info.TypeOf(lit), "text/template", "FuncMap") {
		return
	}
	site := c.GC.At(lit, gcfacts.MapLit)
	for _, e := range lit.Elts {
		kv, ok := e.(*ast.KeyValueExpr)
		if !ok || site.Verdict == gcfacts.Heap || site.Verdict == gcfacts.NoData {
			break
		}
		kind := gcfacts.MethodValue
		if _, ok := kv.Value.(*ast.FuncLit); ok {
			kind = gcfacts.Closure
		}
		site = c.GC.At(kv.Value, kind)
	}
	c.Report(cur, hotsite.Finding{
		Pos: lit.Pos(), End: lit.Lbrace,
		Text:   "map of template functions is built on every call: build it once",
		Site:   site,
		Advice: true,
	})
}

// headerValue looks for a slice of constants that is put into a header, a
// map like http.Header: the same slice would do every time.
func headerValue(c *hotsite.Checker, cur inspector.Cursor) {
	lit := cur.Node().(*ast.CompositeLit)
	if cur.ParentEdgeKind() != edge.AssignStmt_Rhs || len(lit.Elts) == 0 {
		return
	}
	stmt := cur.Parent().Node().(*ast.AssignStmt)
	index, ok := ast.Unparen(stmt.Lhs[min(cur.ParentEdgeIndex(), len(stmt.Lhs)-1)]).(*ast.IndexExpr)
	if !ok {
		return
	}
	texts := types.NewSlice(types.Typ[types.String])
	if !types.Identical(c.Info.TypeOf(index.X).Underlying(), types.NewMap(types.Typ[types.String], texts)) {
		return
	}
	for _, e := range lit.Elts {
		if c.Info.Types[e].Value == nil {
			return
		}
	}
	c.Report(cur, hotsite.Finding{
		Text:   "slice of constants " + c.Text(lit) + " is built on every call: keep it in a package variable",
		Site:   c.GC.At(lit, gcfacts.SliceLit),
		Bytes:  int64(len(lit.Elts)) * 2 * c.Size(types.Typ[types.Uintptr]),
		Advice: true,
	})
}
