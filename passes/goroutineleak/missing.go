package goroutineleak

import (
	"slices"

	"golang.org/x/tools/go/ssa"
)

// unanswered judges the receives from channels of n: the goroutine
// that is to send or close may return without.
func (m *model) unanswered(n *subject) {
	if n.class.open || n.class.ticks || len(n.class.done) > 0 {
		return
	}
	entries := m.signallers(n)
	if len(entries) != 1 {
		return // nobody, which is told elsewhere, or one of several may do it
	}
	entry := entries[0]
	if !m.startedOnce(entry, n) {
		return // started for each channel, or one that serves several
	}
	silent, ret := least(through(entry), m.meter(entry, n, leastSignals))
	if ret == nil || silent > 0 {
		return
	}
	for _, o := range n.of(recv) {
		if !m.bare(o) || !o.reached || m.hopeless[o.instr] || m.told[o.pos()] || m.runs(entry, o.instr.Parent()) {
			continue
		}
		t := m.tierOf(o.instr)
		m.add(at(o.pos(), o.instr.Parent()), t, "receive from channel %q blocks for ever when goroutine %s returns in line %d: it neither sends nor closes on that way; close the channel in a defer (%s)",
			o.name(), m.funcName(entry), m.line(returnPos(ret)), cost(t))
		return
	}
}

// startedOnce reports whether the goroutine entry is started by the call
// that makes the channel of n, or by what that calls.
func (m *model) startedOnce(entry *ssa.Function, n *subject) bool {
	mk := n.mk
	spawns := m.spawns[entry]
	return len(spawns) == 1 && slices.ContainsFunc(m.project(spawns[0].instr, mk.Parent()), func(in ssa.Instruction) bool {
		return !m.repeats(in, mk) && (in.Block() == mk.Block() && indexOf(in) > indexOf(mk) || mk.Block().Dominates(in.Block()) && in.Block() != mk.Block())
	})
}

// signallers returns the goroutines that send on or close channels of class
// n, nil if code that is part of none does so.
func (m *model) signallers(n *subject) []*ssa.Function {
	var entries []*ssa.Function
	for _, k := range []opKind{send, closing} {
		for _, o := range n.of(k) {
			spawns := m.spawnsOf(o.instr.Parent())
			if len(spawns) == 0 || m.calledSynchronously(o.instr.Parent()) {
				return nil
			}
			for _, s := range spawns {
				if !slices.Contains(entries, s.entry) {
					entries = append(entries, s.entry)
				}
			}
		}
	}
	return entries
}

// calledSynchronously reports whether fn is also run by code that is no
// goroutine of the program's own.
func (m *model) calledSynchronously(fn *ssa.Function) bool {
	seen := make(map[*ssa.Function]bool)
	var visit func(fn *ssa.Function, depth int) bool
	visit = func(fn *ssa.Function, depth int) bool {
		if seen[fn] {
			return false
		}
		seen[fn] = true
		sites := m.callSites[fn]
		if depth > maxDepth || len(sites) == 0 && len(m.spawns[fn]) == 0 || m.runsFromOutside(fn) {
			return true
		}
		for _, site := range sites {
			if _, starts := site.(*ssa.Go); !starts && visit(site.Parent(), depth+1) {
				return true
			}
		}
		return false
	}
	return visit(fn, 0)
}

// runs reports whether the goroutine entry runs fn.
func (m *model) runs(entry, fn *ssa.Function) bool {
	return slices.ContainsFunc(m.spawnsOf(fn), func(s *spawn) bool { return s.entry == entry })
}

// undone judges the goroutines that are to call Done of a WaitGroup of
// n.
func (m *model) undone(n *subject) {
	waits := n.of(wait)
	if n.class.open || len(waits) == 0 || len(n.of(add)) == 0 {
		return
	}
	for _, o := range n.of(finish) {
		fn := o.instr.Parent()
		if len(m.spawns[fn]) == 0 || m.told[o.pos()] {
			continue // called by what the goroutine calls
		}
		if n.counts(fn) {
			continue // where it does not call Done it may not have called Add
		}
		if m.loops(fn)[o.instr.Block()] != nil {
			continue // counts what the goroutine works on, not goroutines
		}
		missed, ret := least(through(fn), m.meter(fn, n, leastDone))
		if ret == nil || missed > 0 {
			continue
		}
		t := m.tierOf(m.spawns[fn][0].instr)
		m.add(at(o.pos(), fn), t, "Done of WaitGroup %q is skipped when goroutine %s returns in line %d: Wait in line %d blocks for ever; defer it first (%s)",
			o.name(), m.funcName(fn), m.line(returnPos(ret)), m.line(waits[0].pos()), cost(t))
	}
	for _, o := range waits {
		m.tooEarly(n, o)
	}
}

// counts reports whether fn calls Add of the WaitGroup of n: a goroutine
// that counts itself.
func (n *subject) counts(fn *ssa.Function) bool {
	return slices.ContainsFunc(n.of(add), func(a *op) bool { return a.instr.Parent() == fn })
}

// tooEarly judges a Wait in the loop that starts the goroutines for which
// an Add before the loop counted: the later ones are not started yet.
func (m *model) tooEarly(n *subject, o *op) {
	loop := m.loops(o.instr.Parent())[o.instr.Block()]
	if loop == nil {
		return
	}
	for _, a := range n.of(add) {
		if a.instr.Parent() != o.instr.Parent() || slices.Contains(loop, a.instr.Block()) || constant1(a) {
			return // counts one by one
		}
	}
	for _, d := range n.of(finish) {
		started := false
		for _, s := range m.spawnsOf(d.instr.Parent()) {
			started = started || slices.Contains(loop, s.instr.Block())
		}
		if !started {
			return
		}
	}
	t := m.tierOf(o.instr)
	m.add(at(o.pos(), o.instr.Parent()), t, "Wait of WaitGroup %q blocks for ever: it is in the loop that starts the goroutines it waits for, all of which were added in line %d; wait after the loop (%s)",
		o.name(), m.line(n.of(add)[0].pos()), cost(t))
}

// constant1 reports whether an Add adds 1.
func constant1(a *op) bool {
	k, ok := a.instr.(ssa.CallInstruction).Common().Args[1].(*ssa.Const)
	return ok && k.Value != nil && k.Int64() == 1
}
