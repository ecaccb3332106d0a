package noalloc

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/gcfacts"
	"github.com/heapvet/heapvet/passes/internal/typeid"
)

// A body collects the causes of one function.
type body struct {
	*checker
	fn      *ssa.Function
	parts   []*ssa.Function // fn, and the bodies of its range-over-func loops
	failing func(token.Pos) bool
	calls   map[token.Pos]ast.Node // the calls and range loops, by SSA's positions
	causes  []cause
	loop    recursion
}

// judge returns the causes of fn in the order of the source, and the depth
// of the outermost function being judged that they rest on, 0 for none.
func (c *checker) judge(fn *ssa.Function) (causes []cause, rests int) {
	if depth := c.active[fn]; depth > 0 {
		return nil, depth // it calls itself
	}
	if causes, ok := c.memo[fn]; ok {
		return causes, c.partial[fn]
	}
	if _, loop := fn.Syntax().(*ast.RangeStmt); loop {
		return nil, 0 // part of the function that the loop is in
	}
	depth := len(c.active) + 1
	c.active[fn] = depth
	mark := len(c.pending)
	b := &body{checker: c, fn: fn, failing: c.failures.In(fn)}
	b.collect(fn)
	b.look()
	b.sort()
	delete(c.active, fn)
	c.memo[fn] = b.causes
	switch {
	case b.loop.rests > 0 && b.loop.rests < depth:
		c.partial[fn] = b.loop.rests
		c.pending = append(c.pending, b)
		return b.causes, b.loop.rests
	case b.loop.rests == depth:
		c.close(b, mark)
	}
	return b.causes, 0
}

// look looks at all of the function.
func (b *body) look() {
	switch syntax := b.fn.Syntax().(type) {
	case *ast.FuncDecl:
		if syntax.Body != nil {
			b.declared(syntax)
		} else if obj, ok := b.fn.Object().(*types.Func); !ok || !b.free.has(obj) {
			b.tell(syntax.Name, effect{Kind: unknown, Text: b.fn.Name() + " has no body in Go"})
		}
	case *ast.FuncLit:
		b.guess(syntax)
		b.source(syntax)
	}
	for _, part := range b.parts {
		for _, block := range part.Blocks {
			if !b.failures.Block(block) {
				b.block(block)
			}
		}
	}
}

func (b *body) sort() {
	slices.SortStableFunc(b.causes, func(x, y cause) int { return int(x.pos) - int(y.pos) })
}

// collect lists fn and its range-over-func bodies.
func (b *body) collect(fn *ssa.Function) {
	b.parts = append(b.parts, fn)
	for _, anon := range fn.AnonFuncs {
		if _, ok := anon.Syntax().(*ast.RangeStmt); ok {
			b.collect(anon)
		}
	}
}

// add records a cause, unless it is on the way to a failure, or its line is
// exempt.
func (b *body) add(c cause) {
	if c.pos.IsValid() && (b.failing(c.pos) || b.lines.allows(c.pos)) {
		return
	}
	if c.Where == "" && c.pos.IsValid() && c.Kind != unasked {
		at := b.pass.Fset.Position(c.pos)
		c.Where = fmt.Sprintf("%s:%d", filepath.Base(at.Filename), at.Line)
	}
	b.causes = append(b.causes, c)
}

// tell records an effect of the code at n.
func (b *body) tell(n ast.Node, e effect) { b.add(cause{effect: e, pos: n.Pos(), end: n.End()}) }

func (b *body) declared(decl *ast.FuncDecl) {
	if b.gc.NoData() == "" && !b.gc.Compiled(decl) && b.mayAllocate() {
		b.tell(decl.Name, effect{
			Kind: unknown, Text: fmt.Sprintf("the compiler did not compile %s, which is generic and not used here", decl.Name.Name),
		})
	}
	b.guess(decl.Name)
	b.source(decl)
}

// guess stands in for what gc would say about the function that at names,
// where gc is not asked.
func (b *body) guess(at ast.Node) {
	if b.gc.NoData() != "" && b.mayAllocate() {
		b.tell(at, effect{Kind: unasked, Text: b.pass.Pkg.Name(), Compiler: true, Asked: true})
	}
}

// source looks at what gc said about the function at node, and at what gc
// never speaks of.
func (b *body) source(node ast.Node) {
	for _, site := range b.sites[node] {
		b.site(site)
	}
	b.calls = make(map[token.Pos]ast.Node)
	v := visitor{b, node, 0}
	v.walk(node)
}

// site judges one allocation that gc speaks of.
func (b *body) site(site *gcfacts.Site) {
	if _, ok := site.Node.(*ast.GoStmt); ok {
		return // the statement itself is told
	}
	k := allocates
	switch {
	case site.Verdict == gcfacts.StackIfSmall || site.Verdict == gcfacts.Heap && growing(site):
		k = grows
	case site.Verdict == gcfacts.NoData:
		k = unknown
	case site.Verdict != gcfacts.Heap:
		return
	}
	if site.Kind == gcfacts.Inlined && b.spared(site.Node) {
		return
	}
	b.tell(site.Node, effect{Kind: k, Text: describe(site), Compiler: true, Asked: site.Kind != gcfacts.Append})
}

// spared reports whether the function that is inlined at node needs no
// memory by itself: what gc finds there is on the way to a failure, or the
// function promises that there is none.
func (b *body) spared(node ast.Node) bool {
	call, ok := node.(*ast.CallExpr)
	if !ok {
		return false
	}
	fn := typeid.Callee(b.pass.TypesInfo, call)
	if fn == nil {
		return false
	}
	to := b.method(fn.Origin())
	return !to.unknown && to.rests == 0 && !slices.ContainsFunc(to.causes, func(c cause) bool { return c.Compiler || c.Param > 0 })
}

// growing reports whether site allocates only when a slice is full.
func growing(site *gcfacts.Site) bool {
	return site.Kind == gcfacts.Append || site.Kind == gcfacts.Inlined && site.Expr == "append"
}

// describe says in words what is allocated.
func describe(site *gcfacts.Site) string {
	text := site.Expr
	switch site.Kind {
	case gcfacts.Moved:
		text = "variable " + text + " is moved to the heap"
	case gcfacts.Append:
		return "append makes a new array when the slice is full"
	case gcfacts.Concat:
		return text + " makes a new string"
	case gcfacts.Box:
		text += " is boxed in an interface"
	case gcfacts.Variadic:
		text = "the slice of the variadic arguments escapes"
	case gcfacts.Closure:
		text = "the function literal escapes"
	case gcfacts.Inlined:
		text = fmt.Sprintf("%s, inlined from %s, escapes", text, site.Callee)
		if growing(site) {
			return fmt.Sprintf("append, inlined from %s, makes a new array when the slice is full", site.Callee)
		}
	default:
		text += " escapes"
	}
	switch {
	case site.Verdict == gcfacts.StackIfSmall:
		return fmt.Sprintf("%s is on the stack only if it is small", site.Expr)
	case site.Verdict == gcfacts.NoData:
		return fmt.Sprintf("the compiler's text does not tell whether %s", text)
	case site.Reason() != "":
		text += fmt.Sprintf(" (%s)", site.Reason())
	}
	return text
}
