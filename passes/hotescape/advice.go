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

// pointerElement looks for pointers to small new structs that a loop
// appends to a local slice: a slice of structs would be one allocation.
func pointerElement(c *hotsite.Checker, cur inspector.Cursor) {
	const small = 128 // bytes: what is moved for less than an allocation costs
	call := cur.Node().(*ast.CallExpr)
	if typeid.Builtin(c.Info, call) != "append" || len(call.Args) != 2 || call.Ellipsis.IsValid() {
		return
	}
	v := c.Uses().Local(call.Args[0])
	addr, ok := ast.Unparen(call.Args[1]).(*ast.UnaryExpr)
	if v == nil || !ok || !types.Identical(c.Info.TypeOf(call), types.NewSlice(c.Info.TypeOf(addr))) || c.Heat.At(call).Loop == 0 {
		return // also a slice of interfaces
	}
	named, ok := types.Unalias(typeid.Deref(c.Info.TypeOf(addr))).(*types.Named)
	if !ok || named.Obj().Pkg() != c.Pass.Pkg || holdsLock(named) {
		return // not the package's to change, or not to be copied
	}
	size := c.Size(named)
	site, ok := pointerSite(c, addr)
	if !ok || size == 0 || size > small {
		return
	}
	c.Report(cur, hotsite.Finding{
		Pos: addr.Pos(), End: addr.Pos() + 1,
		Text:   "each " + named.Obj().Name() + " in " + quote(v) + " is an allocation of its own: use a slice of values",
		Site:   site,
		Bytes:  size,
		Advice: true,
	})
}
