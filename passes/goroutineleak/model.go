package goroutineleak

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/internal/program"
)

// A model is what a program does with its channels.
type model struct {
	prog    *program.Program
	library bool // no package of the program is a command
	owned   map[*types.Package]bool

	nodes map[any]*node
	types map[types.Type]bool // see relevant
	ops   ops
	succs map[vertex][]vertex // where channels go

	staticallyCalled map[*ssa.Function]bool
	boxed            map[*types.TypeName]bool // types whose values are converted to interfaces
	spawns           map[*ssa.Function][]*spawn
	callSites        map[*ssa.Function][]ssa.CallInstruction // of bodies, by what may call them
	progress         *progress
	found            map[*types.Package][]finding
	classes          []*node                  // with operations, in the order of those
	hopeless         map[ssa.Instruction]bool // reached, and never done
	told             map[token.Pos]bool
	exported         map[*ssa.Function]bool              // see api
	counts           map[useKey]int                      // see most and leastOn
	users            map[*subject]map[*ssa.Function]bool // see uses
	loopsOf          map[*ssa.Function]map[*ssa.BasicBlock][]*ssa.BasicBlock
}

// newModel looks at all functions of prog.
func newModel(prog *program.Program) *model {
	m := &model{
		prog:    prog,
		library: true,
		owned:   make(map[*types.Package]bool),
		nodes:   make(map[any]*node),
		types:   make(map[types.Type]bool),
		ops:     ops{of: make(map[ssa.Instruction][]*op)},

		staticallyCalled: make(map[*ssa.Function]bool),
		boxed:            make(map[*types.TypeName]bool),
		spawns:           make(map[*ssa.Function][]*spawn),
		callSites:        make(map[*ssa.Function][]ssa.CallInstruction),
		found:            make(map[*types.Package][]finding),
		succs:            make(map[vertex][]vertex),
		told:             make(map[token.Pos]bool),
		counts:           make(map[useKey]int),
	}
	for _, pkg := range prog.Packages {
		m.owned[pkg.Pkg.Pkg] = true
		m.library = m.library && pkg.Pkg.Pkg.Name() != "main"
	}
	m.each(m.survey)
	m.each(m.flow)
	m.exposeParams()
	m.each(m.directed)
	m.each(m.collect)
	m.findSpawns()
	m.progress = newProgress(m)
	m.progress.run()
	m.judge()
	return m
}

// each calls f with all instructions.
func (m *model) each(f func(ssa.Instruction)) {
	for _, fn := range m.prog.Funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				f(instr)
			}
		}
	}
}

// survey notes who is called and which types are converted to interfaces.
func (m *model) survey(instr ssa.Instruction) {
	switch instr := instr.(type) {
	case ssa.CallInstruction:
		for _, fn := range m.callees(instr) {
			m.staticallyCalled[fn] = true
			m.callSites[fn] = append(m.callSites[fn], instr)
		}
	case *ssa.MakeInterface:
		t := instr.X.Type()
		if ptr, ok := types.Unalias(t).(*types.Pointer); ok {
			t = ptr.Elem()
		}
		if named, ok := types.Unalias(t).(*types.Named); ok {
			m.boxed[named.Origin().Obj()] = true
		}
	}
}

// owns reports whether obj is declared in the program.
func (m *model) owns(obj types.Object) bool { return obj != nil && m.owned[obj.Pkg()] }

// A spawn is a place where a goroutine is started.
type spawn struct {
	instr ssa.Instruction // the go statement, or the call that leads to it
	entry *ssa.Function   // what the goroutine runs
}

// spawners are functions of other modules that run a function they are
// given in a goroutine of its own, by the argument, the receiver counted.
var spawners = map[string]int{
	"(*sync.WaitGroup).Go":                           1,
	"(*golang.org/x/sync/errgroup.Group).Go":         1,
	"(*golang.org/x/sync/errgroup.Group).TryGo":      1,
	"time.AfterFunc":                                 1,
	"context.AfterFunc":                              1,
	"(*github.com/sourcegraph/conc.WaitGroup).Go":    1,
	"(*github.com/panjf2000/ants/v2.Pool).Submit":    1,
	"(*github.com/oklog/run.Group).Add":              1,
	"(*golang.org/x/sync/singleflight.Group).DoChan": 2,
}

// findSpawns finds the places where goroutines are started, also by
// functions that start what they are given.
func (m *model) findSpawns() {
	m.each(func(instr ssa.Instruction) {
		site, ok := instr.(ssa.CallInstruction)
		if !ok {
			return
		}
		if g, ok := instr.(*ssa.Go); ok {
			for _, fn := range m.callees(g) {
				m.addSpawn(fn, g)
			}
			return
		}
		if i, ok := spawners[nameOf(site)]; ok && i < len(site.Common().Args) {
			if fn := closureOf(site.Common().Args[i]); fn != nil {
				m.addSpawn(fn, site)
			}
		}
	})
}

// addSpawn notes that g starts fn. If g is in a function that was given fn
// by another, the place where it was given counts.
func (m *model) addSpawn(fn *ssa.Function, g ssa.CallInstruction) {
	at := ssa.Instruction(g)
	if g.Common().StaticCallee() == nil && fn.Parent() != nil && fn.Parent() != g.Parent() {
		if handed := handedOver(fn); handed != nil {
			at = handed
		}
	}
	if !slices.ContainsFunc(m.spawns[fn], func(s *spawn) bool { return s.instr == at }) {
		m.spawns[fn] = append(m.spawns[fn], &spawn{at, fn})
	}
}

// handedOver returns the call that takes the function literal fn as an
// argument, or nil.
func handedOver(fn *ssa.Function) ssa.Instruction {
	for _, b := range fn.Parent().Blocks {
		for _, instr := range b.Instrs {
			site, ok := instr.(ssa.CallInstruction)
			if !ok {
				continue // not a call
			}
			for _, arg := range site.Common().Args {
				if closureOf(arg) == fn {
					return instr
				}
			}
		}
	}
	return nil
}

// closureOf returns the function that v is a value of, or nil.
func closureOf(v ssa.Value) *ssa.Function {
	switch v := v.(type) {
	case *ssa.MakeClosure:
		return v.Fn.(*ssa.Function)
	case *ssa.Function:
		return v
	case *ssa.ChangeType:
		return closureOf(v.X)
	}
	return nil
}

// isTest reports whether fn is written in a test file.
func (m *model) isTest(fn *ssa.Function) bool {
	return strings.HasSuffix(m.prog.Prog.Fset.Position(fn.Pos()).Filename, "_test.go")
}
