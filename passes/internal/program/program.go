// Package program views the functions that a check can see as one program:
// their bodies, who calls whom, and how often they run. With the heat of a
// whole module that is all packages of the module; else one package.
package program

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/callgraph"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/hotcode"
	"github.com/heapvet/heapvet/passes/internal/buildssa"
)

// A Program is a set of functions with bodies, closed under literals,
// instances of generics and synthetic wrappers.
type Program struct {
	Prog     *ssa.Program
	Packages []*buildssa.SSA
	Funcs    []*ssa.Function // in a fixed order
	Command  bool            // one of its module's packages is a command: it is no library

	results func(*types.Package) *hotcode.Result
	callees map[ssa.CallInstruction][]*ssa.Function
	callers map[*ssa.Function][]ssa.CallInstruction
	has     map[*ssa.Function]bool
}

// New returns the program of pkgs, which belong to prog. Heat returns the
// heat of one of them, graph says who calls whom.
func New(prog *ssa.Program, pkgs []*buildssa.SSA, graph *callgraph.Graph, heat func(*types.Package) *hotcode.Result) *Program {
	p := &Program{
		Prog:     prog,
		Packages: pkgs,
		results:  heat,
		callees:  make(map[ssa.CallInstruction][]*ssa.Function),
		callers:  make(map[*ssa.Function][]ssa.CallInstruction),
		has:      make(map[*ssa.Function]bool),
	}
	for _, pkg := range pkgs {
		p.Command = p.Command || pkg.Pkg.Pkg.Name() == "main"
	}
	for fn := range functions(prog, pkgs) {
		if len(fn.Blocks) > 0 {
			p.has[fn] = true
			p.Funcs = append(p.Funcs, fn)
		}
	}
	slices.SortFunc(p.Funcs, compareFuncs)
	p.link(graph)
	return p
}

// link reads the call graph in the order of the functions, so that what
// follows the edges is the same in each run.
func (p *Program) link(graph *callgraph.Graph) {
	for _, fn := range p.Funcs {
		node := graph.Nodes[fn]
		if node == nil {
			continue // nothing is known to call it, and it calls nothing
		}
		for _, e := range node.Out {
			if e.Site != nil && p.has[e.Callee.Func] && !slices.Contains(p.callees[e.Site], e.Callee.Func) {
				p.callees[e.Site] = append(p.callees[e.Site], e.Callee.Func)
			}
		}
	}
	for _, fn := range p.Funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				site, ok := instr.(ssa.CallInstruction)
				if !ok {
					continue // not a call
				}
				targets := p.callees[site]
				slices.SortFunc(targets, compareFuncs)
				for _, callee := range targets {
					p.callers[callee] = append(p.callers[callee], site)
				}
			}
		}
	}
}

// compareFuncs orders functions by position, then by name: instances and
// wrappers of one declaration share a position.
func compareFuncs(a, b *ssa.Function) int {
	if d := comparePos(a.Pos(), b.Pos()); d != 0 {
		return d
	}
	switch x, y := a.String(), b.String(); {
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}

func comparePos(a, b token.Pos) int { return int(a) - int(b) }

// Has reports whether fn's body is part of the program.
func (p *Program) Has(fn *ssa.Function) bool { return p.has[fn] }

// Callees returns the functions of the program that site may call.
func (p *Program) Callees(site ssa.CallInstruction) []*ssa.Function { return p.callees[site] }

// Callers returns the calls that may reach fn.
func (p *Program) Callers(fn *ssa.Function) []ssa.CallInstruction { return p.callers[fn] }

// Args returns the values that site passes to the parameters of a callee,
// receiver first, also for calls through an interface.
func Args(site ssa.CallInstruction) []ssa.Value {
	call := site.Common()
	if !call.IsInvoke() {
		return call.Args
	}
	return append([]ssa.Value{call.Value}, call.Args...)
}
