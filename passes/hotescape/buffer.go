package hotescape

import (
	"go/ast"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/passes/internal/hotsite"
	"github.com/heapvet/heapvet/passes/internal/typeid"
	"github.com/heapvet/heapvet/passes/internal/varuse"
)

// formatBuffer looks for a local bytes.Buffer or strings.Builder that moves
// to the heap only because fmt.Fprint* takes it as an io.Writer:
//
//	var b strings.Builder
//	fmt.Fprintf(&b, "%s=%d", k, v) // here
//
// Every other use must be a method call on it.
func formatBuffer(c *hotsite.Checker, cur inspector.Cursor) {
	call := cur.Node().(*ast.CallExpr)
	fn := c.Fprint(call)
	if fn == nil {
		return
	}
	v := c.Addressed(call.Args[0])
	if v == nil || !c.MovedByFormat(v) {
		return
	}
	for _, use := range c.Uses().Of(v) {
		u := c.Uses().Classify(use)
		if u.Role == varuse.Address && u.Expr.Node().Pos() < call.Pos() {
			return // the first Fprint stands for all
		}
	}
	site, decl := c.Moved(v)
	c.Report(decl, hotsite.Finding{
		Pos: call.Pos(), End: call.Lparen,
		Text:    "buffer " + quote(v) + " moves to the heap only because " + typeid.Name(fn, c.Pass.Pkg) + " gets it as an io.Writer: use its own Write methods",
		Site:    site,
		Bytes:   c.Size(v.Type()),
		Related: declaredAt(v),
	})
}

// poolPut looks for pool.Put(&v) with a local v: taking its address for the
// pool moves v to the heap each time, so that the pool saves nothing.
func poolPut(c *hotsite.Checker, cur inspector.Cursor) {
	call := cur.Node().(*ast.CallExpr)
	if !typeid.IsMethod(typeid.Callee(c.Info, call), "sync", "Pool", "Put") || len(call.Args) != 1 {
		return
	}
	v := c.Addressed(call.Args[0])
	if v == nil {
		return
	}
	for _, use := range c.Uses().Of(v) {
		u := c.Uses().Classify(use)
		if u.Role != varuse.Address {
			if !c.Stays(u) {
				return
			}
			continue
		}
		other, _ := hotsite.Argument(u.Expr)
		if other == nil || !typeid.IsMethod(typeid.Callee(c.Info, other), "sync", "Pool", "Put") {
			return
		}
	}
	site, decl := c.Moved(v)
	c.Report(decl, hotsite.Finding{
		Pos: call.Args[0].Pos(), End: call.Args[0].End(),
		Text:    "variable " + quote(v) + " moves to the heap because its address goes to sync.Pool.Put: put back the pointer that Get returned",
		Site:    site,
		Bytes:   c.Size(v.Type()),
		Related: declaredAt(v),
	})
}
