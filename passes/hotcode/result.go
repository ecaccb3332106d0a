package hotcode

import (
	"cmp"
	"go/ast"
	"go/token"
	"slices"

	"golang.org/x/tools/go/callgraph"
)

// A Result is the heat of one package.
type Result struct {
	funcs   []*Func // hot and warm, in source order
	all     []*Func // in source order
	sorted  []*Func // by position, whatever the order of the files
	byNode  map[ast.Node]*Func
	calls   *callgraph.Graph
	learned lesson
}

// Funcs returns the package's hot and warm functions in source order.
func (r *Result) Funcs() []*Func { return r.funcs }

// Match returns how many functions of the package the answers that its heat
// was learned from name, and how many of those there are.
func (r *Result) Match() (fit, all int) { return r.learned.fit, r.learned.all }

// InProgram reports whether answers say that a package of the same module is
// a command, so that this one is more than a library.
func (r *Result) InProgram() bool { return r.learned.command }

// Calls returns who calls whom in the package, or, if a driver analyses
// the whole module, in the module. It must not be changed.
func (r *Result) Calls() *callgraph.Graph { return r.calls }

// Func returns the heat of the function declared or written at node, an
// *ast.FuncDecl or *ast.FuncLit. It is never nil; unknown nodes are cold.
func (r *Result) Func(node ast.Node) *Func {
	if fn := r.byNode[node]; fn != nil {
		return fn
	}
	return &Func{Node: node, why: "no function of this package"}
}

// At returns the heat of the code at node.
func (r *Result) At(node ast.Node) Heat {
	if node == nil {
		return Heat{}
	}
	fn := r.around(node.Pos(), node.End())
	if fn == nil {
		return Heat{Why: "runs once, at start"}
	}
	h := Heat{Grade: fn.Grade, Func: fn, Why: fn.why}
	for _, l := range fn.loops {
		if l.contains(node.Pos()) {
			h.Loop++
		}
	}
	h.Failure = within(fn.failing, node.Pos())
	h.Guarded = within(fn.guarded, node.Pos())
	switch {
	case fn.Grade == Cold:
	case fn.part != nil && !within(fn.part, node.Pos()):
		h.Grade, h.Why = Cold, "outside the loop that serves"
	case h.Failure:
		h.Grade, h.Why = Cold, "on failure only"
	case within(fn.lazy, node.Pos()):
		h.Grade, h.Why = Cold, "initialises once"
	}
	return h
}

// around returns the innermost function around the code from start to end.
// A literal is around its parameters and its body, not around itself.
func (r *Result) around(start, end token.Pos) *Func {
	i, found := slices.BinarySearchFunc(r.sorted, start, func(fn *Func, pos token.Pos) int {
		return cmp.Compare(fn.span.start, pos)
	})
	if !found {
		i--
	}
	if i < 0 {
		return nil
	}
	for fn := r.sorted[i]; fn != nil; fn = fn.parent {
		if fn.span.contains(start) && end <= fn.span.end {
			return fn
		}
	}
	return nil
}

// within reports whether one of spans contains pos.
func within(spans []span, pos token.Pos) bool {
	return slices.ContainsFunc(spans, func(s span) bool { return s.contains(pos) })
}

// result collects what the grader found out about one package.
func (g *grader) result(funcs map[*node]*Func, nodes []*node) *Result {
	r := &Result{byNode: make(map[ast.Node]*Func, len(nodes))}
	for _, n := range nodes {
		fn := funcs[n]
		r.all = append(r.all, fn)
		r.byNode[n.syntax] = fn
	}
	r.sorted = slices.SortedFunc(slices.Values(r.all), func(a, b *Func) int { return cmp.Compare(a.span.start, b.span.start) })
	for _, fn := range r.all {
		if fn.Grade != Cold {
			r.funcs = append(r.funcs, fn)
		}
	}
	return r
}

// describe makes the Func of n.
func (g *grader) describe(n *node) *Func {
	h := g.heats[n]
	fn := &Func{Node: n.syntax, SSA: n.fn, Name: n.name, key: n.key, Grade: h.grade, why: h.why, span: spanOf(n.syntax)}
	if lit, ok := n.syntax.(*ast.FuncLit); ok {
		fn.span.start = lit.Type.Params.Pos()
	}
	if h.grade == Cold {
		return fn
	}
	fn.Root = h.root.label
	fn.Chain = g.chain(n)
	fn.Assumed = g.assumed[h.root.node]
	if h.part {
		fn.part = h.root.loops
	}
	for _, l := range loopsOf(n.syntax) {
		if !slices.Contains(fn.part, l.body) {
			fn.loops = append(fn.loops, l.body)
		}
	}
	g.places(n, fn)
	return fn
}
