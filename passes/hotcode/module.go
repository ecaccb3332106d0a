package hotcode

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/callgraph"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/answers"
	"github.com/heapvet/heapvet/passes/internal/buildssa"
)

// A Unit is the typed syntax of one package of the module.
type Unit = buildssa.Unit

// A Module is the heat of all packages that a driver analyses together.
type Module struct {
	program *buildssa.Program
	results map[*types.Package]*Result
	all     []*Func
	counts  Counts
	calls   *callgraph.Graph
}

// Counts says how many functions of a module are how hot.
type Counts struct {
	Roots      int // functions that are hot by themselves
	HotOnly    int // reached from requests, and not from set-up
	Both       int // reached from both
	Background int // reached from background loops, and not from set-up
	SetUp      int // reached from set-up only
	None       int // reached from neither
}

// NewModule builds the SSA form of units, which share fset, and computes
// their heat as one program.
func NewModule(fset *token.FileSet, units []Unit) *Module {
	m, _ := analyse(buildssa.Build(fset, units), importedFacts{}, nil)
	return m
}

// analyse computes the heat of the packages of program. What is known of
// its only package is worth more than what that shows by itself.
func analyse(program *buildssa.Program, facts importedFacts, known *answers.Module) (*Module, *grader) {
	cat := newCatalogue(program, facts)
	g := newGraph(program, cat)
	g.nameAll()
	f := newFinder(g, cat)
	f.find()
	grader := newGrader(f)
	grader.grade()
	var learned lesson
	if known != nil {
		learned = grader.learn(known)
	}

	m := &Module{program: program, results: make(map[*types.Package]*Result), calls: g.calls}
	funcs := make(map[*node]*Func)
	byPkg := make(map[*ssa.Package][]*node)
	for _, n := range g.nodes {
		if n.syntax == nil {
			continue // a wrapper or a package initialiser
		}
		funcs[n] = grader.describe(n)
		byPkg[n.fn.Pkg] = append(byPkg[n.fn.Pkg], n)
		m.counts.add(grader, n)
	}
	for n, fn := range funcs {
		fn.parent, fn.from = funcs[n.parent], funcs[grader.source(n)]
	}
	for _, pkg := range program.Packages {
		r := grader.result(funcs, byPkg[pkg.Pkg])
		r.calls, r.learned = g.calls, learned
		m.results[pkg.Pkg.Pkg] = r
		m.all = append(m.all, r.all...)
	}
	return m, grader
}

func (c *Counts) add(g *grader, n *node) {
	h := g.heats[n]
	reached := h.root != nil
	switch {
	case n.test:
		return
	case reached && h.setUp:
		c.Both++
	case reached && (h.bg || h.root.grade == Warm):
		c.Background++
	case reached:
		c.HotOnly++
	case h.setUp:
		c.SetUp++
	default:
		c.None++
	}
	if r := g.roots[n]; r != nil && r.grade == Hot {
		c.Roots++
	}
}

// Program returns the SSA form of the module's packages.
func (m *Module) Program() *buildssa.Program {
	if m == nil {
		return nil
	}
	return m.program
}

// Calls returns who calls whom in the module, with the targets of dynamic
// calls that the values at hand allow. It must not be changed.
func (m *Module) Calls() *callgraph.Graph { return m.calls }

// All returns the functions of all packages, cold ones too, in the order
// of the units and of their source.
func (m *Module) All() []*Func { return m.all }

// Counts returns how many functions are how hot, without those of tests.
func (m *Module) Counts() Counts { return m.counts }

// Result returns the heat of one package of the module, or nil.
func (m *Module) Result(pkg *types.Package) *Result {
	if m == nil {
		return nil
	}
	return m.results[pkg]
}
