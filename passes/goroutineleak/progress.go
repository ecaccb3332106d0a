package goroutineleak

import (
	"go/constant"
	"go/token"

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
	if !returns && len(p.queue) > 0 {
		return false // not yet
	}
	return returns
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

// goes reports whether op does not have to wait for ever.
func (p *progress) goes(o *op) bool {
	n := o.on.rep()
	if n.open {
		return true
	}
	other := func(q *op) bool { return q.reached && q.instr != o.instr }
	switch o.kind {
	case recv:
		return n.ticks || n.some(other, send, closing) || p.ends(n, make(map[*node]bool))
	case send:
		return buffered(n) || n.some(other, recv)
	case wait:
		return n.some(other, finish) || !n.some(anyOp, add)
	case sleep:
		return n.some(other, wake)
	}
	return true
}

// buffered reports whether channels of the class n may have a capacity.
func buffered(n *node) bool {
	for _, mk := range n.rep().makes {
		if k, ok := mk.Size.(*ssa.Const); !ok || k.Value == nil || constant.Sign(k.Value) > 0 {
			return true
		}
	}
	return false
}

// ends reports whether one of the contexts whose Done the channels of class
// n are may end.
func (p *progress) ends(n *node, seen map[*node]bool) bool {
	for _, ctx := range n.rep().done {
		if p.contextEnds(ctx.rep(), seen) {
			return true
		}
	}
	return false
}

func (p *progress) contextEnds(ctx *node, seen map[*node]bool) bool {
	if ctx.open {
		return true
	}
	if seen[ctx] {
		return false
	}
	seen[ctx] = true
	for _, src := range ctx.contexts {
		switch {
		case src.timed:
			return true
		case src.cancel != nil && (src.cancel.rep().open || src.cancel.some(func(o *op) bool { return o.reached }, cancel)):
			return true
		case src.parent != nil && p.contextEnds(src.parent.rep(), seen):
			return true
		}
	}
	return false
}

// closes reports whether channels of class n may be closed.
func (p *progress) closes(n *node) bool {
	n = n.rep()
	if n.ticks {
		return false
	}
	return n.open || n.some(func(o *op) bool { return o.reached }, closing) || p.ends(n, make(map[*node]bool))
}

// passable reports whether control may leave b by its i-th edge.
func (p *progress) passable(b *ssa.BasicBlock, i int) bool {
	branch, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
	if !ok {
		return true
	}
	switch cond := branch.Cond.(type) {
	case *ssa.Const:
		return constant.BoolVal(cond.Value) == (i == 0)
	case *ssa.Extract:
		// v, ok := <-ch, or the condition of a range loop
		if r, ok := cond.Tuple.(*ssa.UnOp); ok && r.Op == token.ARROW && cond.Index == 1 {
			if i == 1 {
				return p.closes(p.m.node(r.X))
			}
			return p.delivers(p.m.ops.of[r][0])
		}
	case *ssa.BinOp:
		if s, k := chosen(cond); s != nil {
			return p.caseGoes(s, k, i == 0)
		}
	}
	return true
}

// delivers reports whether a receive may get a value that was sent.
func (p *progress) delivers(o *op) bool {
	n := o.on.rep()
	return n.open || n.ticks || n.some(func(q *op) bool { return q.reached && q.instr != o.instr }, send)
}

// chosen returns the select statement and the case that a condition asks
// about, or nil.
func chosen(cond *ssa.BinOp) (*ssa.Select, int) {
	ext, ok := cond.X.(*ssa.Extract)
	if !ok || cond.Op != token.EQL || ext.Index != 0 {
		return nil, 0
	}
	s, ok := ext.Tuple.(*ssa.Select)
	k, isConst := cond.Y.(*ssa.Const)
	if !ok || !isConst {
		return nil, 0
	}
	return s, int(k.Int64())
}

// caseGoes reports whether the k-th case of s may be chosen, or if not
// taken, one of those that are asked about later.
func (p *progress) caseGoes(s *ssa.Select, k int, taken bool) bool {
	states := p.m.ops.of[s]
	if taken {
		return k < len(states) && p.goes(states[k])
	}
	if !s.Blocking {
		return true
	}
	for _, op := range states[min(k+1, len(states)):] {
		if p.goes(op) {
			return true
		}
	}
	return false
}

// nameOf returns the full name of what site calls.
func nameOf(site ssa.CallInstruction) string { return callsite.Name(site.Common()) }
