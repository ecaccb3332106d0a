package goroutineleak

import (
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/internal/callsite"
)

// progress is how far the goroutines of a program can get, if all of them
// run as often as they like: a receive goes on only if a send or a close of
// the channel is reached somewhere, a send only if a receive is, and so on.
// What it never gets past blocks for ever whatever the schedule; two
// goroutines that wait for each other are found as well.
type progress struct {
	m       *model
	entered map[*ssa.Function]bool
	returns map[*ssa.Function]bool
	seen    map[*ssa.BasicBlock]bool
	defers  map[*ssa.Function][]*ssa.Defer // reached
	queue   []point
	stuck   []point // what could not go on when it was last tried
	changed bool
}

// A point is a place in a block, or an edge that leaves it if succ >= 0.
type point struct {
	block *ssa.BasicBlock
	index int
	succ  int
}

func newProgress(m *model) *progress {
	return &progress{
		m:       m,
		entered: make(map[*ssa.Function]bool),
		returns: make(map[*ssa.Function]bool),
		seen:    make(map[*ssa.BasicBlock]bool),
		defers:  make(map[*ssa.Function][]*ssa.Defer),
	}
}

// run goes on until nothing can.
func (p *progress) run() {
	for _, fn := range p.m.prog.Funcs {
		if p.m.runsFromOutside(fn) {
			p.enter(fn)
		}
	}
	p.drain()
	for p.changed {
		p.changed = false
		retry := p.stuck
		p.stuck = nil
		p.queue = append(p.queue, retry...)
		p.drain()
	}
}

// runsFromOutside reports whether something that is not a call in the
// program starts fn.
func (m *model) runsFromOutside(fn *ssa.Function) bool {
	if fn.Parent() != nil {
		return false // entered where the literal is made or called
	}
	return m.calledFromOutside(fn) || !m.staticallyCalled[fn]
}

func (p *progress) enter(fn *ssa.Function) {
	if fn == nil || p.entered[fn] || len(fn.Blocks) == 0 {
		return
	}
	p.entered[fn] = true
	p.changed = true
	p.push(fn.Blocks[0])
}

func (p *progress) push(b *ssa.BasicBlock) {
	if !p.seen[b] {
		p.seen[b] = true
		p.changed = true
		p.queue = append(p.queue, point{b, 0, -1})
	}
}

func (p *progress) drain() {
	for len(p.queue) > 0 {
		at := p.queue[len(p.queue)-1]
		p.queue = p.queue[:len(p.queue)-1]
		if at.succ >= 0 {
			p.edge(at.block, at.succ)
			continue
		}
		p.walk(at)
	}
}

// walk goes on from a point to the end of its block, as far as it can.
func (p *progress) walk(at point) {
	for i, instr := range at.block.Instrs[at.index:] {
		if !p.instr(instr) {
			p.stuck = append(p.stuck, point{at.block, at.index + i, -1})
			return
		}
	}
	for i := range at.block.Succs {
		p.edge(at.block, i)
	}
}

// edge takes an edge if it can be taken.
func (p *progress) edge(b *ssa.BasicBlock, i int) {
	if p.passable(b, i) {
		p.push(b.Succs[i])
		return
	}
	p.stuck = append(p.stuck, point{b, 0, i})
}

// instr reports whether control gets past instr.
func (p *progress) instr(instr ssa.Instruction) bool {
	for _, op := range p.m.ops.of[instr] {
		if _, later := instr.(*ssa.Defer); !later && !op.reached {
			op.reached = true
			p.changed = true
		}
	}
	p.functions(instr)
	switch instr := instr.(type) {
	case *ssa.Select:
		return p.selects(instr)
	case *ssa.Defer:
		p.addDefer(instr)
		return true
	case *ssa.RunDefers:
		return p.runDefers(instr.Parent())
	case *ssa.Panic:
		p.runDefers(instr.Parent())
		if rec := instr.Parent().Recover; rec != nil {
			p.push(rec)
		}
		return true
	case *ssa.Return:
		if !p.returns[instr.Parent()] {
			p.returns[instr.Parent()] = true
			p.changed = true
		}
		return true
	case *ssa.Go:
		for _, fn := range p.m.callees(instr) {
			p.enter(fn)
		}
		return true
	case *ssa.Call:
		return p.call(instr)
	}
	for _, op := range p.m.ops.of[instr] {
		if op.kind.blocks() && !p.goes(op) {
			return false
		}
	}
	return true
}

// functions enters the functions whose values instr hands on.
func (p *progress) functions(instr ssa.Instruction) {
	var called ssa.Value
	if site, ok := instr.(ssa.CallInstruction); ok {
		called = site.Common().Value
	}
	if c, ok := instr.(*ssa.MakeClosure); ok {
		if !onlyCalled(c) {
			p.enter(c.Fn.(*ssa.Function))
		}
		return
	}
	var operands [16]*ssa.Value
	for _, op := range instr.Operands(operands[:0]) {
		if fn, ok := (*op).(*ssa.Function); ok && fn != called {
			if fn = p.m.body(fn); fn != nil {
				p.enter(fn)
			}
		}
	}
}

// onlyCalled reports whether all that is done with a function value is to
// call it, start it or defer it.
func onlyCalled(v ssa.Value) bool {
	for _, ref := range *v.Referrers() {
		site, ok := ref.(ssa.CallInstruction)
		if !ok || site.Common().Value != v {
			return false
		}
	}
	return true
}

// call reports whether a call returns.
func (p *progress) call(call ssa.CallInstruction) bool {
	for _, op := range p.m.ops.of[call] {
		if op.kind.blocks() && !p.goes(op) {
			return false
		}
	}
	callees := p.m.callees(call)
	if len(callees) == 0 {
		return true // not at hand
	}
	returns := false
	for _, fn := range callees {
		p.enter(fn)
		returns = returns || p.returns[fn]
	}
	return returns || p.m.elsewhere(call.Common())
}

// elsewhere reports whether a call may lead to code that is not at hand, too:
// it is one of an interface that others declare, or that importers may
// implement.
func (m *model) elsewhere(c *ssa.CallCommon) bool {
	if c.IsInvoke() {
		return !m.owns(c.Method) || m.library && c.Method.Exported()
	}
	return m.library && c.StaticCallee() == nil
}

func (p *progress) addDefer(d *ssa.Defer) {
	for _, known := range p.defers[d.Parent()] {
		if known == d {
			return
		}
	}
	p.defers[d.Parent()] = append(p.defers[d.Parent()], d)
	p.changed = true
}

// runDefers reports whether the deferred calls of fn return.
func (p *progress) runDefers(fn *ssa.Function) bool {
	all := true
	for _, d := range p.defers[fn] {
		for _, op := range p.m.ops.of[d] {
			if !op.reached {
				op.reached = true
				p.changed = true
			}
		}
		if !p.call(d) {
			all = false
		}
	}
	return all
}

// selects reports whether one of the cases of a select statement goes on.
func (p *progress) selects(s *ssa.Select) bool {
	if !s.Blocking {
		return true
	}
	for _, op := range p.m.ops.of[s] {
		if p.goes(op) {
			return true
		}
	}
	return false
}

// nameOf returns the full name of what site calls.
func nameOf(site ssa.CallInstruction) string { return callsite.Name(site.Common()) }
