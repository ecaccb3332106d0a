package goroutineleak

import (
	"golang.org/x/tools/go/ssa"
)

// gone judges the sends on channels of n that have no way out, although
// whoever receives may have left.
func (m *model) gone(n *subject) {
	if n.class.open || len(n.class.makes) == 0 {
		return
	}
	receives := n.of(recv)
	if len(receives) == 0 {
		m.unreceived(n)
		return
	}
	var last leaving
	receivers := make(map[*ssa.Function]bool)
	for _, o := range receives {
		l, ok := m.leaver(n, o)
		if !ok {
			return // one that stays is enough
		}
		if last.ret == nil || l.starts == nil {
			last = l
		}
		receivers[o.instr.Parent()] = true
	}
	aware := m.aware(n)
	var stranded []*op
	for _, o := range n.of(send) {
		fn := o.instr.Parent()
		if m.bare(o) && o.reached && !m.hopeless[o.instr] && !m.told[o.pos()] && !receivers[fn] && !aware[outermost(fn)] && m.inGoroutine(fn) {
			stranded = append(stranded, o)
		}
	}
	m.reportGone(n, last, stranded)
}

// aware returns the functions that send on channels of n with a way out,
// too: whoever wrote them knows when the receiver is there.
func (m *model) aware(n *subject) map[*ssa.Function]bool {
	found := make(map[*ssa.Function]bool)
	for _, o := range n.of(send) {
		if !m.bare(o) {
			found[outermost(o.instr.Parent())] = true
		}
	}
	return found
}

// outermost returns the declared function that fn is written in.
func outermost(fn *ssa.Function) *ssa.Function {
	for fn.Parent() != nil {
		fn = fn.Parent()
	}
	return fn
}

// A leaving is how a receiver leaves.
type leaving struct {
	op     *op
	ret    ssa.Instruction
	starts *spawn // the goroutine that receives, or nil for a call
	once   bool   // it takes one value only
}

// leaver tells how the function that receives by o leaves, if it may do so
// although somebody still sends: it waits for something else as well.
func (m *model) leaver(n *subject, o *op) (leaving, bool) {
	fn := o.instr.Parent()
	got, ret := least(through(fn), m.meter(fn, n, leastRecvs))
	if ret == nil || got > 0 {
		return leaving{}, false
	}
	l := leaving{op: o, ret: ret, once: m.loops(fn)[o.instr.Block()] == nil}
	spawns := m.spawnsOf(fn)
	if len(spawns) > 0 && !m.calledSynchronously(fn) {
		l.starts = spawns[0]
		return l, !l.once
	}
	return l, l.once && !m.bare(o)
}

// inGoroutine reports whether only goroutines run fn: a caller would notice
// that it waits.
func (m *model) inGoroutine(fn *ssa.Function) bool {
	return len(m.spawnsOf(fn)) > 0 && !m.calledSynchronously(fn)
}

// reportGone reports senders that are left behind. With no capacity and a
// receiver that takes one value, room is what the channel lacks.
func (m *model) reportGone(n *subject, l leaving, stranded []*op) {
	for _, o := range stranded {
		t := m.tierOf(o.instr)
		if l.starts != nil {
			t = min(t, m.tierOf(l.starts.instr))
		} else {
			t = min(t, askers)
		}
		if n.roomy() {
			t = min(t, askers)
		}
		if mk := n.class.makes[0]; l.once && l.starts == nil && len(n.class.makes) == 1 && capacity(mk) == 0 && len(stranded) > 1 {
			m.add(at(mk.Pos(), mk.Parent()), t, "channel %q has no capacity: of the goroutines that send on it (such as in line %d) all but the first block for ever, because %s receives once and returns (line %d); make room for all of them or select on a done channel beside the send (%s)",
				makeName(mk), m.line(o.pos()), m.funcName(l.op.instr.Parent()), m.line(returnPos(l.ret)), cost(t))
			return
		}
		who := m.funcName(l.op.instr.Parent())
		if l.starts != nil {
			who = "goroutine " + m.funcName(l.starts.entry)
		}
		m.add(at(o.pos(), o.instr.Parent()), t, "send on channel %q blocks for ever once %s, which receives, has returned in line %d; select on what ends it as well (%s)",
			o.name(), who, m.line(returnPos(l.ret)), cost(t))
	}
}

// unreceived judges the sends on channels of n that nobody receives from:
// they go on until the channel is full.
func (m *model) unreceived(n *subject) {
	for _, o := range n.of(send) {
		fn := o.instr.Parent()
		if !m.bare(o) || !o.reached || m.hopeless[o.instr] || m.loops(fn)[o.instr.Block()] == nil && !m.again(fn) {
			continue // may be the only one
		}
		t := min(m.tierOf(o.instr), askers)
		m.add(at(o.pos(), fn), t, "send on channel %q blocks for ever once its buffer is full: nothing receives from it (%s)", o.name(), cost(t))
	}
}

// again reports whether fn is called more than once for the same object.
func (m *model) again(fn *ssa.Function) bool {
	sites := m.callSites[fn]
	return len(sites) > 1 || len(sites) == 1 && m.loops(sites[0].Parent())[sites[0].Block()] != nil
}
