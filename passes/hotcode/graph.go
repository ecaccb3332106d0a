package hotcode

import (
	"cmp"
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/callgraph"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/internal/buildssa"
)

// A graph says which function of a set of packages makes which others run.
type graph struct {
	prog  *buildssa.Program
	nodes []*node // in the order of the packages and of the source
	bySyn map[ast.Node]*node
	byFn  map[*ssa.Function]*node // functions without syntax of their own
	funcs []*ssa.Function         // all bodies: sources, instances, wrappers
	calls *callgraph.Graph        // who calls whom among the bodies that can run
}

// A node is one function of the source with all its bodies in SSA form:
// generic instances and the bodies of range-over-func loops belong to the
// function that is written down. Package initialisers and wrappers of
// interface methods are nodes without syntax.
type node struct {
	id     int
	fn     *ssa.Function
	syntax ast.Node // *ast.FuncDecl or *ast.FuncLit, or nil
	parent *node    // the function that a literal is written in
	name   string
	key    string // name, made unique in its package
	test   bool   // in a _test.go file
	out    []edge
	in     []edge // the same edges, from the other side: to is the caller
}

// An edge says that node makes to run, or may do so.
type edge struct {
	to   *node
	kind edgeKind
	site ssa.Instruction
	only bool // a call that can lead nowhere else
}

type edgeKind uint8

const (
	calls    edgeKind = iota // call or defer, resolved
	spawns                   // go statement
	creates                  // makes a function value of it
	hands                    // hands a function value of it to another module
	callback                 // hands another module a value whose method it is
)

// newGraph builds the graph of prog.
func newGraph(prog *buildssa.Program, known *catalogue) *graph {
	g := &graph{prog: prog, bySyn: make(map[ast.Node]*node), byFn: make(map[*ssa.Function]*node)}
	for _, pkg := range prog.Packages {
		for _, fn := range pkg.Funcs {
			g.addSource(fn)
		}
		if init := pkg.Pkg.Func("init"); init != nil {
			g.byFn[init] = g.add(&node{fn: init, name: "init"})
		}
	}
	bodies := g.collect()
	g.connect(bodies, known)
	for _, n := range g.nodes {
		for _, e := range n.out {
			e.to.in = append(e.to.in, edge{n, e.kind, e.site, e.only})
		}
	}
	return g
}

func (g *graph) add(n *node) *node {
	n.id = len(g.nodes)
	g.nodes = append(g.nodes, n)
	return n
}

// addSource adds a function that is written in the source.
func (g *graph) addSource(fn *ssa.Function) {
	syntax := fn.Syntax()
	switch syntax.(type) {
	case *ast.FuncDecl, *ast.FuncLit:
	default:
		return // the body of a range-over-func loop
	}
	file := g.prog.Prog.Fset.File(syntax.Pos())
	n := g.add(&node{fn: fn, syntax: syntax, test: file != nil && isTestFile(file.Name())})
	g.bySyn[syntax] = n
}

// fold returns the node that fn belongs to, or nil if its source is not in
// the program.
func (g *graph) fold(fn *ssa.Function) *node {
	if fn == nil {
		return nil
	}
	if n := g.byFn[fn]; n != nil {
		return n
	}
	if _, ok := fn.Syntax().(*ast.RangeStmt); ok {
		return g.fold(fn.Parent())
	}
	if n := g.bySyn[fn.Syntax()]; n != nil && fn.Syntax() != nil {
		return n
	}
	if obj, ok := fn.Object().(*types.Func); ok {
		if origin := g.prog.Prog.FuncValue(obj.Origin()); origin != nil && origin != fn {
			return g.fold(origin)
		}
	}
	if len(fn.Blocks) == 0 {
		return nil
	}
	n := g.add(&node{fn: fn, name: fn.Name()})
	g.byFn[fn] = n
	return n
}

// collect finds all function bodies that the source gives rise to, in
// deterministic order in g.funcs, and as the set of those that can run.
func (g *graph) collect() map[*ssa.Function]bool {
	seen := make(map[*ssa.Function]bool)
	var operands [16]*ssa.Value
	var visit func(fn *ssa.Function)
	visit = func(fn *ssa.Function) {
		if seen[fn] {
			return
		}
		seen[fn] = true
		g.funcs = append(g.funcs, fn)
		for _, block := range fn.Blocks {
			for _, instr := range block.Instrs {
				for _, op := range instr.Operands(operands[:0]) {
					if fn, ok := (*op).(*ssa.Function); ok {
						visit(fn)
					}
				}
			}
		}
	}
	for _, pkg := range g.prog.Packages {
		if init := pkg.Pkg.Func("init"); init != nil {
			visit(init)
		}
		for _, fn := range pkg.Funcs {
			visit(fn)
		}
	}
	for _, fn := range g.promoted() {
		visit(fn)
	}
	runnable := make(map[*ssa.Function]bool, len(seen))
	for _, fn := range g.funcs {
		if fn.TypeParams().Len() == 0 || len(fn.TypeArgs()) > 0 {
			runnable[fn] = true
		}
	}
	return runnable
}

// promoted returns the wrappers of methods that types of the program get
// by embedding and that may be called through an interface.
func (g *graph) promoted() []*ssa.Function {
	var fns []*ssa.Function
	prog := g.prog.Prog
	for _, t := range prog.RuntimeTypes() {
		named := namedOf(t)
		if named == nil || types.IsInterface(t) || !g.owns(named.Obj().Pkg()) {
			continue // its methods are written down, or it has none
		}
		mset := prog.MethodSets.MethodSet(t)
		for sel := range mset.Methods() {
			if len(sel.Index()) > 1 && g.owns(sel.Obj().Pkg()) {
				fns = append(fns, prog.MethodValue(sel))
			}
		}
	}
	slices.SortStableFunc(fns, func(a, b *ssa.Function) int { return cmp.Compare(a.String(), b.String()) })
	return fns
}

// owns reports whether the source of pkg is in the program.
func (g *graph) owns(pkg *types.Package) bool {
	return pkg != nil && g.prog.Of(pkg) != nil
}
