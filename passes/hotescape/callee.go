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
//
// Often the caller that pays is further up: an exported method that hands
// its variadic parameter down.
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
		if !leaks || leak.Heap != 0 || typeid.IsError(p.Type()) {
			continue // an error is made on failure, and cannot be copied
		}
		place, ok := onlyOnFailure(c, p)
		if !ok {
			continue
		}
		search := payers{c: c, seen: make(map[*types.Var]bool)}
		if search.of(fn, i); !search.found {
			continue // no caller that we see pays for it
		}
		c.Report(search.alloc, hotsite.Finding{
			Pos: place.Node().Pos(), End: place.Node().End(),
			Text: fmt.Sprintf("parameter %s of %s escapes on this failure path only, yet every caller allocates for it: pass a copy here",
				quote(p), typeid.Name(fn, c.Pass.Pkg)),
			Site:    search.site,
			Related: declaredAt(p),
		})
	}
}

// onlyOnFailure returns the first use that lets p get away, if all those
// are on failure paths.
func onlyOnFailure(c *hotsite.Checker, p *types.Var) (place inspector.Cursor, ok bool) {
	for _, cur := range c.Uses().Of(p) {
		if valueStays(c, p, cur) {
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

// valueStays reports whether the use of p, a pointer, slice or interface,
// at cur lets the value go no further than p itself.
func valueStays(c *hotsite.Checker, p *types.Var, cur inspector.Cursor) bool {
	u := c.Uses().Classify(cur)
	if u.Role == varuse.Write || readsElement(cur) || pointerStays(c, cur, true) {
		return true
	}
	// p = f(p), where f gives back its argument
	call, i := hotsite.Argument(cur)
	if call == nil {
		return false
	}
	fn := typeid.Callee(c.Info, call)
	if fn == nil || fn.Pkg() != c.Pass.Pkg || hotsite.Param(fn, i) == nil {
		return false
	}
	leak, _ := c.GC.Leak(hotsite.Param(fn, i))
	assign, ok := cur.Parent().Parent().Node().(*ast.AssignStmt)
	return ok && leak.Heap != 0 && len(assign.Lhs) == 1 && c.Uses().Local(assign.Lhs[0]) == p
}

// A payers search looks for a place on a hot success path where an argument
// is allocated only because a parameter leaks: a call that makes it, or an
// exported function that takes it as ... arguments.
type payers struct {
	c    *hotsite.Checker
	seen map[*types.Var]bool // parameters that were followed up

	found bool
	alloc inspector.Cursor // the first such place, hot rather than warm
	site  gcfacts.Site
}

// of looks for who pays for parameter i of fn.
func (s *payers) of(fn *types.Func, i int) {
	p := fn.Signature().Params().At(i)
	variadic := fn.Signature().Variadic() && i == fn.Signature().Params().Len()-1
	s.seen[p] = true
	for _, use := range s.c.Uses().Of(fn) {
		cur, isCall := hotsite.Called(use)
		if !isCall {
			continue
		}
		call := cur.Node().(*ast.CallExpr)
		if len(call.Args) <= i || !s.c.Hot(call) {
			continue
		}
		s.add(cur, argumentSite(s.c, call, i, variadic))
		if caller, j := s.handsDown(cur, call.Args[i], p); caller != nil {
			s.of(caller, j)
		}
	}
	def, ok := s.c.Uses().Def(fn)
	if !ok || !variadic || !fn.Exported() {
		return
	}
	if body, ok := def.Parent().FindNode(def.Parent().Node().(*ast.FuncDecl).Body); ok && s.c.Hot(body.Node()) {
		s.add(body, gcfacts.Site{Verdict: gcfacts.Heap}) // gc says that p leaks: every call makes a slice
	}
}

// add records a place that pays if site is on the heap.
func (s *payers) add(alloc inspector.Cursor, site gcfacts.Site) {
	if site.Verdict != gcfacts.Heap {
		return
	}
	hotter := s.found && s.c.Heat.At(alloc.Node()).Grade > s.c.Heat.At(s.alloc.Node()).Grade
	if !s.found || hotter {
		s.found, s.alloc, s.site = true, alloc, site
	}
}

// handsDown returns the function around call and the index of its parameter
// that arg is, if that parameter would stay but for the parameter p of the
// callee.
func (s *payers) handsDown(call inspector.Cursor, arg ast.Expr, p *types.Var) (caller *types.Func, index int) {
	q := s.c.Uses().Local(arg)
	decl, ok := varuse.Func(call).(*ast.FuncDecl)
	if q == nil || !ok || s.seen[q] {
		return nil, 0
	}
	caller = s.c.Declared(decl)
	if caller == nil {
		return nil, 0
	}
	for _, cur := range s.c.Uses().Of(q) {
		if valueStays(s.c, q, cur) {
			continue
		}
		other, i := hotsite.Argument(cur)
		if other == nil {
			return nil, 0
		}
		if fn := typeid.Callee(s.c.Info, other); fn == nil || hotsite.Param(fn, i) != p {
			return nil, 0
		}
	}
	for j := range caller.Signature().Params().Len() {
		if caller.Signature().Params().At(j) == q {
			return caller, j
		}
	}
	return nil, 0
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
