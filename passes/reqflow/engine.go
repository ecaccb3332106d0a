package reqflow

import (
	"go/types"
	"sync"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/internal/program"
)

// bits says what a value derives from: absolute origins at the top, and
// one bit for each parameter of the enclosing function below them.
type bits uint64

const (
	request  bits = 1 << 63 // a request of a hot root
	assumed  bits = 1 << 62 // a parameter of a library's exported API
	upstream bits = 1 << 61 // the answer to a call out
	few      bits = 1 << 60 // what is known to have few values: a route's template, a status code
	origins       = request | assumed | upstream | few

	maxParams = 60
)

// A node is something data flows through: an SSA value, a struct field
// (of all objects of its type) or a package variable.
type node struct {
	obj  any // ssa.Value or *types.Var
	part part
}

// A part narrows a node to what a container holds.
type part uint8

const (
	whole   part = iota
	keys         // the keys of a map
	content      // what is put into a container that a parameter refers to, for its callers
	keyed        // the same for keys
)

// A state is what is known about a node.
type state struct {
	bits bits
	via  node   // where the data came from first
	more []node // where more came from later
}

// A slot is a result of a function.
type slot struct {
	fn    *ssa.Function
	index int
}

// An engine follows data forward from its sources to a fixed point. Within
// a function the state of a value is relative to the function's
// parameters, so that a helper that one handler calls with request data
// does not taint what others get from it.
type engine struct {
	mu    sync.Mutex // for queries, which work out guards when asked
	prog  *program.Program
	index *index
	facts func(*types.Func) *flows // of functions without a body here; may be nil

	states  map[node]*state
	params  map[*ssa.Parameter]state         // origins that callers pass
	sinks   map[*ssa.Parameter]map[node]node // where data of a parameter leaves its function, and from which value
	order   map[*ssa.Parameter][]node        // keys of sinks, in the order of discovery
	results map[slot]state
	filled  map[node]bits // origins that reached the content of a parameter
	active  map[*ssa.Function]bool
	guards  map[ssa.Value][]edge
	work    []node
	queued  map[node]bool
}

func newEngine(prog *program.Program, facts func(*types.Func) *flows) *engine {
	return &engine{
		prog:    prog,
		index:   newIndex(prog),
		facts:   facts,
		states:  make(map[node]*state),
		params:  make(map[*ssa.Parameter]state),
		sinks:   make(map[*ssa.Parameter]map[node]node),
		order:   make(map[*ssa.Parameter][]node),
		results: make(map[slot]state),
		filled:  make(map[node]bits),
		active:  make(map[*ssa.Function]bool),
		guards:  make(map[ssa.Value][]edge),
		queued:  make(map[node]bool),
	}
}

// run propagates until nothing changes.
func (e *engine) run() {
	for len(e.work) > 0 {
		n := e.work[len(e.work)-1]
		e.work = e.work[:len(e.work)-1]
		delete(e.queued, n)
		e.visit(n)
	}
}

// visit passes on what n carries to everything that uses it.
func (e *engine) visit(n node) {
	m := e.states[n].bits
	switch obj := n.obj.(type) {
	case *types.Var:
		for _, v := range e.index.fields[obj] {
			e.add(node{v, n.part}, m, n)
		}
	case *ssa.Global:
		for _, instr := range e.index.globals[obj] {
			e.transfer(instr, n, m)
		}
	case ssa.Value:
		refs := obj.Referrers()
		if refs == nil {
			return // a constant or a function
		}
		for _, instr := range *refs {
			if n.part == whole && e.guarded(obj, instr.Block()) {
				e.transfer(instr, n, few) // checked against an allow-list
				continue
			}
			e.transfer(instr, n, m)
		}
	}
}

// add records that n carries m, which came from via.
func (e *engine) add(n node, m bits, via node) {
	if m == 0 || n.part == whole && !e.carries(n.obj) {
		return
	}
	s := e.states[n]
	if s == nil {
		s = &state{via: via}
		e.states[n] = s
	}
	if s.bits|m == s.bits {
		return
	}
	if s.bits != 0 && via.obj != nil {
		s.more = append(s.more, via)
	}
	if s.bits&request == 0 && m&request != 0 {
		s.via = via // a path from a request explains more than another
	}
	s.bits |= m
	if !e.queued[n] {
		e.queued[n] = true
		e.work = append(e.work, n)
	}
}

func (e *engine) carries(obj any) bool {
	switch obj := obj.(type) {
	case *types.Var:
		return Carries(obj.Type())
	case ssa.Value:
		return Carries(obj.Type())
	}
	return false
}

// activate makes fn's parameters known to its body.
func (e *engine) activate(fn *ssa.Function) {
	if e.active[fn] || !e.prog.Has(fn) {
		return
	}
	e.active[fn] = true
	for i, p := range fn.Params {
		if i < maxParams {
			e.add(node{obj: p}, 1<<i, node{})
		}
	}
}

// seed makes p a source of origin.
func (e *engine) seed(p *ssa.Parameter, origin bits) {
	if Carries(p.Type()) {
		e.activate(p.Parent())
		e.pass(p, origin, node{})
	}
}

// pass records that a caller passes data of the given origins for p, and
// lets it flow on to where p's data leaves its function.
func (e *engine) pass(p *ssa.Parameter, origin bits, via node) {
	s := e.params[p]
	if origin == 0 || s.bits|origin == s.bits {
		return
	}
	if s.bits == 0 || s.bits&request == 0 && origin&request != 0 {
		s.via = via
	}
	s.bits |= origin
	e.params[p] = s
	for _, to := range e.order[p] {
		e.deliver(to, origin, e.sinks[p][to])
	}
}

// emit lets data leave fn: from carries m there, and flows to the node to.
func (e *engine) emit(fn *ssa.Function, m bits, from, to node) {
	e.deliver(to, e.resolve(fn, m), from)
	for i, p := range fn.Params {
		if i >= maxParams || m&(1<<i) == 0 {
			continue // not derived from p
		}
		if e.sinks[p] == nil {
			e.sinks[p] = make(map[node]node)
		}
		if _, ok := e.sinks[p][to]; !ok {
			e.sinks[p][to] = from
			e.order[p] = append(e.order[p], to)
		}
	}
}

// deliver brings data of absolute origin to a node of any function.
func (e *engine) deliver(to node, origin bits, from node) {
	if origin == 0 {
		return
	}
	p, ok := to.obj.(*ssa.Parameter)
	if !ok {
		e.add(to, origin, from)
		return
	}
	if to.part == whole {
		if Carries(p.Type()) {
			e.pass(p, origin, from)
		}
		return
	}
	e.passContent(p, to.part, origin, from)
}

// passContent tells the callers of p's function that it puts data into the
// container that they passed.
func (e *engine) passContent(p *ssa.Parameter, what part, origin bits, from node) {
	n := node{p, what}
	if e.filled[n]|origin == e.filled[n] {
		return // known; a recursive function would pass it on for ever
	}
	e.filled[n] |= origin
	into := whole
	if what == keyed {
		into = keys
	}
	i := paramIndex(p)
	for _, site := range e.prog.Callers(p.Parent()) {
		if args := program.Args(site); i < len(args) {
			e.put(site.Parent(), origin, from, args[i], into, 0)
		}
	}
}

// resolve replaces the parameters in m by what callers pass for them.
func (e *engine) resolve(fn *ssa.Function, m bits) bits {
	abs := m & origins
	for i, p := range fn.Params {
		if i < maxParams && m&(1<<i) != 0 {
			abs |= e.params[p].bits
		}
	}
	return abs
}

// origin returns the absolute origins of v.
func (e *engine) origin(n node) bits {
	s := e.states[n]
	if s == nil {
		return 0
	}
	v, ok := n.obj.(ssa.Value)
	if !ok || v.Parent() == nil {
		return s.bits & origins
	}
	return e.resolve(v.Parent(), s.bits)
}

func paramIndex(p *ssa.Parameter) int {
	for i, q := range p.Parent().Params {
		if p == q {
			return i
		}
	}
	return -1
}
