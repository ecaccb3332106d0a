package hotcode

import (
	"cmp"
	"go/ast"
	"slices"

	"github.com/heapvet/heapvet/passes/answers"
)

// An Opinion is what a package shown alone says about the heat of a function.
type Opinion struct {
	Grade     Grade
	Assumed   bool
	OnFailure bool
}

// Opinions adds what r shows to all, by the functions' nodes.
func (r *Result) Opinions(all map[ast.Node]Opinion) {
	for _, fn := range r.all {
		all[fn.Node] = Opinion{fn.Grade, fn.Assumed, fn.OnFailure()}
	}
}

// Answer writes what is hot or warm in the module's packages to known.
func (m *Module) Answer(known *answers.Module) {
	for _, pkg := range m.program.Packages {
		p := known.Add(pkg.Pkg.Pkg.Path(), pkg.Pkg.Pkg.Name())
		for _, fn := range m.results[pkg.Pkg.Pkg].all {
			if fn.Grade != Cold {
				p.Funcs[fn.key] = fn.answer()
			}
		}
	}
}

// Correct writes to known what is cold although opinions, of the packages
// with what was known before, say otherwise.
func (m *Module) Correct(known *answers.Module, opinions map[ast.Node]Opinion) {
	library := slices.ContainsFunc(m.all, func(fn *Func) bool { return fn.Assumed })
	for _, fn := range m.all {
		if fn.Grade == Cold && !fn.agrees(opinions[fn.Node], library) {
			known.Package(fn.SSA.Pkg.Pkg.Path()).Funcs[fn.key] = answers.Func{Grade: Cold.String(), Why: fn.why}
		}
	}
}

// agrees reports whether a package alone shows that f is cold. That nothing
// there calls it then tells nothing, unless the module is a library.
func (f *Func) agrees(alone Opinion, library bool) bool {
	cold := alone.Grade == Cold || alone.Assumed && !library
	return cold && alone.OnFailure == f.OnFailure()
}

// Key returns the name that answers have for the function, or "" if it is
// not written in the source of an analysed package.
func (f *Func) Key() string { return f.key }

// answer returns the heat of a function that is not cold.
func (f *Func) answer() answers.Func {
	a := answers.Func{Grade: f.Grade.String()}
	if f.from != nil {
		a.Caller = answers.Ref{Package: f.from.SSA.Pkg.Pkg.Path(), Func: f.from.key}
		return a
	}
	a.Root = f.Root
	for i, l := range loopsOf(f.Node) {
		if slices.Contains(f.part, l.body) {
			a.Loops = append(a.Loops, i)
		}
	}
	return a
}

// A lesson is what a package learned from answers.
type lesson struct {
	fit, all int  // the functions named that there are, and all that are named
	command  bool // a package of the module is a command
}

// learn replaces the heat of the functions that the answers know. Others
// are newer than the answers, or as hot as their package alone shows.
func (g *grader) learn(known *answers.Module) lesson {
	pkg := g.prog.Packages[0].Pkg.Pkg
	p := known.Package(pkg.Path())
	if p == nil {
		return lesson{}
	}
	learned := lesson{all: len(p.Funcs), command: known.Command()}
	library := known.HasRoot(libraryRoot)
	told := make(map[*node]bool)
	for _, n := range g.nodes {
		if n.syntax == nil || n.test {
			continue
		}
		f, ok := p.Funcs[n.key]
		r := g.heats[n].root
		switch {
		case !ok && r != nil && g.assumed[r.node] && !library, ok && f.Grade == Cold.String():
			g.heats[n] = &heat{why: cmp.Or(f.Why, g.why(n, false)), setUp: g.heats[n].setUp}
		case ok:
			g.heats[n] = g.known(n, known, f)
		}
		if ok {
			learned.fit++
			told[n] = true
		}
	}
	g.passOn(told)
	return learned
}

// passOn carries heat from functions that answers tell of to those that are
// new. Of the other functions that they call, answers tell as well.
func (g *grader) passOn(told map[*node]bool) {
	var queue []*node
	for _, grade := range []Grade{Hot, Warm} {
		for _, n := range g.nodes {
			if told[n] && g.heats[n].grade == grade {
				queue = append(queue, n)
			}
		}
	}
	for len(queue) > 0 {
		n := queue[0]
		queue = queue[1:]
		for _, e := range n.out {
			h := g.heats[e.to]
			if told[e.to] || h.root != nil || !g.flows(n, e) {
				continue
			}
			from := g.heats[n]
			g.heats[e.to] = &heat{grade: from.grade, root: from.root, from: n}
			if h.setUp {
				g.heats[e.to].grade = Warm
			}
			queue = append(queue, e.to)
		}
	}
}

// known returns the heat that answers give to n.
func (g *grader) known(n *node, known *answers.Module, f answers.Func) *heat {
	pkg := n.fn.Pkg.Pkg.Path()
	way, top := known.Way(answers.Ref{Package: pkg, Func: n.key})
	h := &heat{grade: Hot, root: &root{node: n, grade: Hot, label: top.Root}, part: f.Loops != nil}
	if f.Grade == Warm.String() {
		h.grade, h.root.grade = Warm, Warm
	}
	for _, ref := range way[:len(way)-1] {
		name := ref.Func
		if ref.Package != pkg {
			name = qualify(known.Package(ref.Package).Name, name)
		}
		h.way = append(h.way, name)
	}
	loops := loopsOf(n.syntax)
	for _, i := range f.Loops {
		if i < len(loops) {
			h.root.loops = append(h.root.loops, loops[i].body)
		}
	}
	g.assumed[n] = top.Root == libraryRoot
	return h
}
