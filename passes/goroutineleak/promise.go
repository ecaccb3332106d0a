package goroutineleak

import (
	"slices"

	"golang.org/x/tools/go/ssa"
)

// leastOn returns how often fn does, on any way to a return, what q asks.
func (m *model) leastOn(fn *ssa.Function, s *subject, q question) int {
	key := useKey{fn, s, q}
	if known, ok := m.counts[key]; ok {
		return known
	}
	m.counts[key] = 0 // a recursive call promises nothing
	total, ret := least(through(fn), m.meter(fn, s, q))
	if ret == nil {
		total = many // it never returns
	}
	m.counts[key] = total
	return total
}

// meter returns what counts how often fn does what q asks.
func (m *model) meter(fn *ssa.Function, s *subject, q question) meter {
	return meter{
		instr: func(instr ssa.Instruction) int { return m.weigh(instr, s, q) },
		edge:  func(b *ssa.BasicBlock, i int) int { return m.weighEdge(b, i, s, q) },
	}
}

// weigh returns how often instr does what q asks.
func (m *model) weigh(instr ssa.Instruction, s *subject, q question) int {
	total := 0
	for _, o := range m.ops.of[instr] {
		if !s.has[o] || o.state >= 0 && !lone(o) || asksOK(o) {
			continue // of a select statement and of a range loop the edges count
		}
		total = min(total+o.weight(q), many)
	}
	site, ok := instr.(ssa.CallInstruction)
	if !ok {
		return total
	}
	callees := m.callees(site)
	if i, ok := spawners[nameOf(site)]; ok && i < len(site.Common().Args) {
		if fn := closureOf(site.Common().Args[i]); fn != nil {
			callees = append(callees, fn)
		}
	}
	sum := many
	for _, callee := range callees {
		if !m.uses(callee, s) || !s.passes(site) {
			return total
		}
		sum = min(sum, m.leastOn(callee, s, q))
	}
	if len(callees) > 0 {
		total = min(total+sum, many)
	}
	return total
}

// weight returns how often an operation does what q asks.
func (o *op) weight(q question) int {
	switch {
	case q == leastRecvs && o.kind == recv, q == leastSignals && o.kind == send, q == leastDone && o.kind == finish:
		return 1
	case q == leastSignals && o.kind == closing:
		return many
	}
	return 0
}

// lone reports whether o is the only case of a blocking select statement.
func lone(o *op) bool {
	s := o.instr.(*ssa.Select)
	return s.Blocking && len(s.States) == 1
}

// asksOK reports whether o is a receive that tells a value from a closed
// channel, of which the edges count.
func asksOK(o *op) bool {
	r, ok := o.instr.(*ssa.UnOp)
	if !ok || !r.CommaOk {
		return false
	}
	for _, ref := range *r.Referrers() {
		if e, ok := ref.(*ssa.Extract); ok && e.Index == 1 && branches(e) {
			return true
		}
	}
	return false
}

// branches reports whether a branch depends on v alone.
func branches(v ssa.Value) bool {
	for _, ref := range *v.Referrers() {
		if _, ok := ref.(*ssa.If); ok {
			return true
		}
	}
	return false
}

// weighEdge returns what taking the i-th edge of b says about q.
func (m *model) weighEdge(b *ssa.BasicBlock, i int, s *subject, q question) int {
	branch, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
	if !ok {
		return 0
	}
	if !m.progress.passable(b, i) {
		return impossible
	}
	switch cond := branch.Cond.(type) {
	case *ssa.Extract:
		if r, ok := cond.Tuple.(*ssa.UnOp); ok && cond.Index == 1 {
			for _, o := range m.ops.of[r] {
				if o.kind == recv && s.has[o] && q == leastRecvs {
					return []int{1, many}[i] // a value, or closed: nothing more is sent
				}
			}
		}
	case *ssa.BinOp:
		if sel, k := chosen(cond); sel != nil {
			if states := m.ops.of[sel]; i == 0 && k < len(states) && s.has[states[k]] {
				return states[k].weight(q)
			}
			return 0
		}
		if m.isNil(cond, i, s) {
			return impossible
		}
	}
	if loop := counted(b, i); loop != nil && m.usedIn(loop, s, q) {
		return many
	}
	if m.skipsLoop(b, i, s, q) {
		return many
	}
	return 0
}

// isNil reports whether control takes the i-th edge only if a channel of
// class n is nil.
func (m *model) isNil(cond *ssa.BinOp, i int, s *subject) bool {
	k, ok := cond.Y.(*ssa.Const)
	if !ok || !k.IsNil() || !m.relevant(cond.X.Type()) || m.node(cond.X) != s.class {
		return false
	}
	return (cond.Op.String() == "==") == (i == 0)
}

// usedIn reports whether the blocks of a loop do what q asks.
func (m *model) usedIn(loop []*ssa.BasicBlock, s *subject, q question) bool {
	for _, b := range loop {
		for _, instr := range b.Instrs {
			for _, o := range m.ops.of[instr] {
				if s.has[o] && o.weight(q) > 0 {
					return true
				}
			}
			if site, ok := instr.(ssa.CallInstruction); ok {
				for _, callee := range m.callees(site) {
					if m.uses(callee, s) && m.leastOn(callee, s, q) > 0 {
						return true
					}
				}
			}
		}
	}
	return false
}

// skipsLoop reports whether the i-th edge of b is taken if a counted loop
// that does what q asks has nothing to do: its counterpart has nothing to
// do either.
func (m *model) skipsLoop(b *ssa.BasicBlock, i int, s *subject, q question) bool {
	past := b.Succs[i]
	for _, exit := range past.Preds {
		if exit == b {
			continue // the edge that is asked about
		}
		for j, succ := range exit.Succs {
			if succ != past {
				continue
			}
			if loop := counted(exit, j); slices.Contains(loop, b.Succs[1-i]) && m.usedIn(loop, s, q) {
				return true
			}
		}
	}
	return false
}
