package hotescape

import (
	"fmt"
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/passes/gcfacts"
	"github.com/heapvet/heapvet/passes/internal/hotsite"
	"github.com/heapvet/heapvet/passes/internal/typeid"
	"github.com/heapvet/heapvet/passes/internal/varuse"
)

// rareLeak looks for a parameter whose argument every caller must put on
// the heap although it gets away on a failure path only:
//
//	func check(vals ...string) error {
//		if len(vals) > max {
//			return fmt.Errorf("too many: %v", vals) // here
//		}
//		...
//
// gc decides for the parameter as a whole, so the path that fails makes all
// the others pay.
func rareLeak(c *hotsite.Checker, cur inspector.Cursor) {
	decl := cur.Node().(*ast.FuncDecl)
	fn := c.Declared(decl)
	if fn == nil || decl.Body == nil || fn.Signature().TypeParams() != nil {
		return
	}
	params := fn.Signature().Params()
	for i := range params.Len() {
		p := params.At(i)
		leak, leaks := c.GC.Leak(p)
		if !leaks || leak.Heap != 0 {
			continue
		}
		place, ok := onlyOnFailure(c, p)
		if !ok {
			continue
		}
		variadic := fn.Signature().Variadic() && i == params.Len()-1
		alloc, site, ok := payer(c, fn, i, variadic)
		if !ok && variadic && fn.Exported() {
			body, found := cur.FindNode(decl.Body)
			alloc, site, ok = body, gcfacts.Site{Verdict: gcfacts.Heap}, found
		}
		if !ok {
			continue // no call that we see pays for it
		}
		c.Report(alloc, hotsite.Finding{
			Pos: place.Node().Pos(), End: place.Node().End(),
			Text: fmt.Sprintf("parameter %s of %s escapes on this failure path only, yet every caller allocates for it: pass a copy here",
				quote(p), typeid.Name(fn, c.Pass.Pkg)),
			Site:    site,
			Related: declaredAt(p),
		})
	}
}

// onlyOnFailure returns the first use that lets p get away, if all those
// are on failure paths.
func onlyOnFailure(c *hotsite.Checker, p *types.Var) (place inspector.Cursor, ok bool) {
	for _, cur := range c.Uses().Of(p) {
		if valueStays(c, cur) {
			continue
		}
		if c.Hot(cur.Node()) && !c.Silenced(cur) {
			return cur, false
		}
		if !ok {
			place, ok = cur, true
		}
	}
	return place, ok
}

// valueStays reports whether the use of a pointer, slice or interface at
// cur lets the value go no further.
func valueStays(c *hotsite.Checker, cur inspector.Cursor) bool {
	u := c.Uses().Classify(cur)
	if u.Role == varuse.Write {
		return false // assigned: it is followed no further
	}
	return readsElement(cur) || pointerStays(c, cur, true)
}

// payer returns a call of fn in this package, on a success path that is
// hot, whose argument for parameter i is made for the call and is on the
// heap.
func payer(c *hotsite.Checker, fn *types.Func, i int, variadic bool) (alloc inspector.Cursor, site gcfacts.Site, ok bool) {
	for _, use := range c.Uses().Of(fn) {
		cur, isCall := hotsite.Called(use)
		if !isCall {
			continue
		}
		call := cur.Node().(*ast.CallExpr)
		if len(call.Args) <= i || !c.Hot(call) {
			continue
		}
		site := argumentSite(c, call, i, variadic)
		if site.Verdict == gcfacts.Heap {
			return cur, site, true
		}
	}
	return alloc, site, false
}

// argumentSite returns the compiler's word on what call makes for parameter
// i. Only what is made in the call itself counts: a variable may escape by
// other ways.
func argumentSite(c *hotsite.Checker, call *ast.CallExpr, i int, variadic bool) gcfacts.Site {
	if variadic && !call.Ellipsis.IsValid() {
		return c.GC.At(call, gcfacts.Variadic)
	}
	switch arg := ast.Unparen(call.Args[i]).(type) {
	case *ast.CompositeLit:
		return c.GC.At(arg, gcfacts.SliceLit)
	case *ast.FuncLit:
		return c.GC.At(arg, gcfacts.Closure)
	case *ast.UnaryExpr, *ast.CallExpr:
		if site, ok := pointerSite(c, arg); ok {
			return site
		}
	}
	return c.GC.At(call.Args[i], gcfacts.Box)
}
