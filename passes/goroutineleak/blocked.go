package goroutineleak

import (
	"fmt"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// judge looks for goroutines that are left behind.
func (m *model) judge() {
	m.order()
	m.blocked()
	m.endless()
	for _, n := range m.classes {
		m.judgeClass(n)
	}
	m.contexts()
	m.constructors()
}

// judgeClass judges the channels or WaitGroups of one class.
func (m *model) judgeClass(n *node) {
	judged := false
	for _, mk := range n.makes {
		s := m.made(mk)
		judged = m.abandoned(s) || judged
		m.unanswered(s)
	}
	all := whole(n)
	m.selfClosed(all)
	if !judged {
		m.gone(all)
	}
	m.undone(all)
}

// order lists the classes with operations, in the order of those.
func (m *model) order() {
	seen := make(map[*node]bool)
	for _, o := range m.ops.all {
		o.on = o.on.rep()
		if !seen[o.on] {
			seen[o.on] = true
			m.classes = append(m.classes, o.on)
		}
	}
}

// blocked reports the operations that are reached and never done.
func (m *model) blocked() {
	m.hopeless = make(map[ssa.Instruction]bool)
	stuck := slices.Clone(m.progress.stuck)
	slices.SortStableFunc(stuck, func(a, b point) int { return int(pointPos(a) - pointPos(b)) })
	for _, p := range stuck {
		if p.succ >= 0 {
			continue // an edge
		}
		instr := p.block.Instrs[p.index]
		if _, deferred := instr.(*ssa.RunDefers); deferred {
			continue // one of the calls that it stands for is told
		}
		if ops := m.ops.of[instr]; len(ops) > 0 && ops[0].kind.blocks() {
			m.hopeless[instr] = true
			m.reportBlocked(instr, ops)
		}
	}
}

func pointPos(p point) int { return int(nearby(p.block.Instrs[p.index])) }

// reportBlocked reports an instruction all of whose operations are hopeless.
func (m *model) reportBlocked(instr ssa.Instruction, ops []*op) {
	o := ops[0]
	if len(o.on.makes) == 0 && len(o.on.contexts) == 0 && len(o.on.done) == 0 && o.kind != wait && o.kind != sleep && len(o.on.ops) == len(ops) {
		return // nil, or from where is not known
	}
	if all := whole(o.on); o.kind == wait && slices.ContainsFunc(all.of(finish), func(d *op) bool { return all.counts(d.instr.Parent()) }) {
		return // where that goroutine does not get to Done it has not got to Add
	}
	if _, fresh := o.value.(*ssa.MakeChan); fresh && len(o.on.ops) == 1 && len(*o.value.Referrers()) == 1 {
		return // <-make(chan T), which nobody else can know: it is to block for ever
	}
	t := m.tierOf(instr)
	if s := m.startedBy(instr.Parent()); s != nil {
		t = max(t, m.tierOf(s.instr))
	}
	if o.kind <= recv && len(o.on.makes) == 0 && len(o.on.done) == 0 {
		t = min(t, askers) // always nil, which it may be known to be
	}
	m.add(at(o.pos(), instr.Parent()), t, "%s (%s)", m.hopelessness(o, len(ops) > 1), cost(t))
}

// startedBy returns a place that starts a goroutine which runs fn, or nil.
func (m *model) startedBy(fn *ssa.Function) *spawn {
	var found *spawn
	for _, s := range m.spawnsOf(fn) {
		if found == nil || m.tierOf(s.instr) > m.tierOf(found.instr) {
			found = s
		}
	}
	return found
}

// hopelessness tells why o never goes on.
func (m *model) hopelessness(o *op, several bool) string {
	name := o.name()
	subject := map[opKind]string{send: "send on channel", recv: "receive from channel", wait: "Wait of WaitGroup", sleep: "Wait of Cond"}[o.kind]
	text := fmt.Sprintf("%s %q blocks for ever: ", subject, name)
	if several {
		text = fmt.Sprintf("select on %q blocks for ever: ", name)
	}
	partner := m.partner(o)
	switch {
	case several:
		return text + "no case of it can be chosen"
	case len(o.on.done) > 0 && partner != nil:
		return text + fmt.Sprintf("the cancel function is called only after this (line %d)", m.line(partner.pos()))
	case len(o.on.done) > 0:
		return text + "nothing cancels the context"
	case partner != nil:
		what := map[opKind]string{send: "send", recv: "receive", closing: "close", finish: "Done", wake: "signal"}[partner.kind]
		return text + fmt.Sprintf("the %s in line %d comes only after this", what, m.line(partner.pos()))
	}
	switch o.kind {
	case send:
		return text + "nothing receives from it"
	case recv:
		return text + "nothing sends on it or closes it"
	case wait:
		return text + "nothing calls Done"
	}
	return text + "nothing signals it"
}

// partner returns an operation that would let o go on, if it were reached.
func (m *model) partner(o *op) *op {
	kinds := map[opKind][]opKind{send: {recv}, recv: {send, closing}, wait: {finish}, sleep: {wake}}[o.kind]
	for _, k := range kinds {
		for _, q := range o.on.of(k) {
			if q.instr != o.instr {
				return q
			}
		}
	}
	for _, ctx := range o.on.done {
		for _, src := range ctx.rep().contexts {
			if src.cancel != nil {
				if calls := src.cancel.of(cancel); len(calls) > 0 {
					return calls[0]
				}
			}
		}
	}
	return nil
}

// endless reports the goroutines that never return.
func (m *model) endless() {
	for _, fn := range m.prog.Funcs {
		if len(m.spawns[fn]) == 0 || !m.progress.entered[fn] || m.progress.returns[fn] {
			continue // no goroutine, or it ends
		}
		reach := m.synchronous(fn)
		if slices.ContainsFunc(reach, m.hasHopeless) || !slices.ContainsFunc(reach, m.cycles) || slices.ContainsFunc(reach, m.crashes) {
			continue // told, or ends with the process
		}
		var s *spawn
		for _, other := range m.spawns[fn] {
			if s == nil || m.tierOf(other.instr) > m.tierOf(s.instr) {
				s = other
			}
		}
		t := m.tierOf(s.instr)
		if exit := m.deadExit(reach); exit != nil && !exit.on.ticks {
			m.add(at(exit.pos(), exit.instr.Parent()), t, "goroutine %s never ends: its way out is channel %q, which %s (%s)",
				m.funcName(fn), exit.name(), m.whyDead(exit), cost(t))
			continue
		}
		m.add(at(nearby(s.instr), s.instr.Parent()), t, "goroutine %s never ends: nothing makes its loop stop; give it a context or a done channel (%s)",
			m.funcName(fn), cost(t))
	}
}

// whyDead tells why a way out is never taken.
func (m *model) whyDead(exit *op) string {
	switch {
	case len(exit.on.done) > 0:
		return "belongs to a context that nothing cancels"
	case asksOK(exit):
		if q := m.partner(exit); q != nil && q.kind == closing || len(exit.on.of(closing)) > 0 {
			return fmt.Sprintf("is closed only after this, in line %d", m.line(exit.on.of(closing)[0].pos()))
		}
		return "nothing closes"
	}
	return "nothing closes or sends on"
}

// synchronous returns fn and the functions that it calls, and they.
func (m *model) synchronous(fn *ssa.Function) []*ssa.Function {
	all := []*ssa.Function{fn}
	for i := 0; i < len(all) && len(all) < 100; i++ {
		for _, b := range all[i].Blocks {
			for _, instr := range b.Instrs {
				call, ok := instr.(*ssa.Call)
				if !ok || !m.progress.seen[b] {
					continue
				}
				for _, callee := range m.callees(call) {
					if !m.progress.returns[callee] && !slices.Contains(all, callee) {
						all = append(all, callee)
					}
				}
			}
		}
	}
	return all
}

func (m *model) hasHopeless(fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if m.hopeless[instr] {
				return true
			}
		}
	}
	return false
}

// cycles reports whether fn has a loop that runs.
func (m *model) cycles(fn *ssa.Function) bool {
	for b := range m.loops(fn) {
		if m.progress.seen[b] {
			return true
		}
	}
	return false
}

// crashes reports whether fn ends in a panic, once its loops are through.
func (m *model) crashes(fn *ssa.Function) bool {
	loops := m.loops(fn)
	for _, b := range fn.Blocks {
		p, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Panic)
		if ok && p.Pos().IsValid() && m.progress.seen[b] && slices.ContainsFunc(b.Preds, func(pred *ssa.BasicBlock) bool { return loops[pred] == nil }) {
			return true
		}
		for _, pred := range b.Preds {
			if ok && p.Pos().IsValid() && m.progress.seen[b] && slices.ContainsFunc([]int{0, 1}, func(i int) bool {
				return i < len(pred.Succs) && pred.Succs[i] == b && counted(pred, i) != nil
			}) {
				return true
			}
		}
	}
	return false
}

// deadExit returns the first operation that would lead out of one of fns,
// but never does.
func (m *model) deadExit(fns []*ssa.Function) *op {
	var first *op
	for _, p := range m.progress.stuck {
		if p.succ < 0 || !slices.Contains(fns, p.block.Parent()) || !leadsOut(p.block.Succs[p.succ]) {
			continue
		}
		if o := m.asked(p); o != nil && (first == nil || o.pos() < first.pos()) {
			first = o
		}
	}
	return first
}

// asked returns the operation that the branch at p asks about.
func (m *model) asked(p point) *op {
	switch cond := p.block.Instrs[len(p.block.Instrs)-1].(*ssa.If).Cond.(type) {
	case *ssa.Extract:
		if r, ok := cond.Tuple.(*ssa.UnOp); ok {
			return m.ops.of[r][0]
		}
	case *ssa.BinOp:
		if s, k := chosen(cond); s != nil && k+p.succ < len(s.States) {
			return m.ops.of[s][k+p.succ] // this case, or the next
		}
	}
	return nil
}

// leadsOut reports whether control may reach a return from b.
func leadsOut(b *ssa.BasicBlock) bool {
	seen := make(map[*ssa.BasicBlock]bool)
	var visit func(b *ssa.BasicBlock) bool
	visit = func(b *ssa.BasicBlock) bool {
		if seen[b] {
			return false
		}
		seen[b] = true
		if _, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok {
			return true
		}
		return slices.ContainsFunc(b.Succs, visit)
	}
	return visit(b)
}
