package hotescape

import (
	"go/ast"
	"go/types"
	"strings"

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
	fn := fprint(c, call)
	if fn == nil {
		return
	}
	v := addressed(c, call.Args[0])
	if v == nil || !isBuffer(v.Type()) {
		return
	}
	for _, use := range c.Uses().Of(v) {
		u := c.Uses().Classify(use)
		if u.Func != varuse.Func(cur) {
			return // captured: that alone may move it
		}
		if u.Role == varuse.Address {
			other, arg := argument(u.Expr)
			if other == nil || arg != 0 || fprint(c, other) == nil || !writable(c, other) {
				return
			}
			if other.Pos() < call.Pos() {
				return // the first Fprint stands for all
			}
		} else if !c.Stays(u) {
			return
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

// fprint returns the function of package fmt that call prints to a writer
// with, or nil.
func fprint(c *hotsite.Checker, call *ast.CallExpr) *types.Func {
	fn := typeid.Callee(c.Info, call)
	if !typeid.IsFunc(fn, "fmt", "Fprint", "Fprintf", "Fprintln") || call.Ellipsis.IsValid() {
		return nil
	}
	return fn
}

// writable reports whether the Write methods of a buffer, with strconv, can
// write what call prints without more allocations: texts, integers and
// booleans, not values that only fmt can format.
func writable(c *hotsite.Checker, call *ast.CallExpr) bool {
	for _, arg := range call.Args[1:] {
		t := c.Info.TypeOf(arg)
		if t == nil || !typeid.IsBytes(t) && !plainBasic(t) && !stringer(t) {
			return false
		}
	}
	if fn := typeid.Callee(c.Info, call); fn.Name() != "Fprintf" {
		return true
	}
	format := c.Info.Types[call.Args[1]].Value
	return format != nil && !strings.ContainsAny(format.ExactString(), "#*+")
}

// plainBasic reports whether t is a text, an integer or a boolean.
func plainBasic(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&(types.IsString|types.IsInteger|types.IsBoolean) != 0
}

// stringer reports whether t has a String or Error method.
func stringer(t types.Type) bool {
	return typeid.Method(t, "String") != nil || typeid.Method(t, "Error") != nil
}

// isBuffer reports whether t is bytes.Buffer or strings.Builder.
func isBuffer(t types.Type) bool {
	return typeid.IsNamed(t, "bytes", "Buffer") || typeid.IsNamed(t, "strings", "Builder")
}

// poolPut looks for pool.Put(&v) with a local v: taking its address for the
// pool moves v to the heap each time, so that the pool saves nothing.
func poolPut(c *hotsite.Checker, cur inspector.Cursor) {
	call := cur.Node().(*ast.CallExpr)
	if !typeid.IsMethod(typeid.Callee(c.Info, call), "sync", "Pool", "Put") || len(call.Args) != 1 {
		return
	}
	v := addressed(c, call.Args[0])
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
		other, _ := argument(u.Expr)
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
