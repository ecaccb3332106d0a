package goroutineleak

import (
	"golang.org/x/tools/go/ssa"
)

// selfClosed judges the loops that range over channels of n although only
// the goroutine with the loop closes them, when it returns.
func (m *model) selfClosed(n *subject) {
	closes := n.of(closing)
	if n.class.open || len(closes) == 0 || len(n.class.makes) == 0 {
		return
	}
	for _, o := range n.of(recv) {
		fn := o.instr.Parent()
		if !asksOK(o) || m.loops(fn)[o.instr.Block()] == nil || len(m.spawnsOf(fn)) == 0 {
			continue // no range loop of a goroutine
		}
		late := true
		for _, c := range closes {
			_, deferred := c.instr.(*ssa.Defer)
			late = late && deferred && c.instr.Parent() == fn
		}
		if !late {
			continue // somebody else closes it
		}
		t := nobody
		if s := m.startedBy(fn); s != nil {
			t = m.tierOf(s.instr)
		}
		m.add(at(o.pos(), fn), t, "range over channel %q does not end: only this goroutine closes it, in line %d, when it returns; let the sender close it, or select on a done channel (%s)",
			o.name(), m.line(closes[0].pos()), cost(t))
	}
}
