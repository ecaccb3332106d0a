package goroutineleak

import (
	"fmt"
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// reportAbandoned reports a sender that is left behind when fr leaves.
func (m *model) reportAbandoned(fr frame, n *subject, s sender, sends, recvs int, leaves ssa.Instruction) {
	t := m.tierOf(s.at)
	if sends >= many && n.roomy() {
		t = askers // it takes that many at once
	}
	blocked := m.blockedSend(s.spawn.entry, n)
	where := at(s.at.Pos(), fr.fn)
	if blocked != nil && (lexically(blocked.instr.Parent(), fr.fn) || s.at != s.spawn.instr) {
		where = at(blocked.pos(), blocked.instr.Parent())
	} else if !where.pos.IsValid() {
		where.pos = nearby(s.at)
	}
	leaving := fmt.Sprintf("returns in line %d", m.line(returnPos(leaves)))
	if _, ok := leaves.(*ssa.Return); !ok {
		leaving = "goes on to the next round"
	}
	name := makeName(n.mk)
	if name == "" && blocked != nil {
		name = blocked.name()
	}
	f := m.add(where, t, "send on channel %q blocks for ever when %s %s: %s; %s (%s)",
		name, m.funcName(fr.fn), leaving, m.tally(n, sends, recvs), m.wayOut(n, sends, recvs), cost(t))
	if call := makeCall(n.mk); call != nil && sends < many {
		f.capacity(call, sends-recvs)
	}
}

// roomy reports whether channels of n are rarely full.
func (s *subject) roomy() bool {
	const plenty = 64
	return slices.ContainsFunc(s.class.makes, func(mk *ssa.MakeChan) bool { return capacity(mk) >= plenty })
}

// blockedSend returns the first operation that entry sends on n with.
func (m *model) blockedSend(entry *ssa.Function, n *subject) *op {
	var first *op
	for _, o := range n.of(send) {
		if !m.bare(o) || !slices.ContainsFunc(m.spawnsOf(o.instr.Parent()), func(s *spawn) bool { return s.entry == entry }) {
			continue
		}
		if first == nil || o.pos() < first.pos() {
			first = o
		}
	}
	return first
}

// lexically reports whether fn is a literal written in outer, or outer.
func lexically(fn, outer *ssa.Function) bool {
	for ; fn != nil; fn = fn.Parent() {
		if fn == outer {
			return true
		}
	}
	return false
}

// tally tells how many values are sent and received.
func (m *model) tally(n *subject, sends, recvs int) string {
	number := func(n int, what string) string {
		switch {
		case n >= many:
			return "any number of " + what + "s"
		case n == 1:
			return "1 " + what
		case n == 0:
			return "no " + what
		}
		return fmt.Sprintf("%d %ss", n, what)
	}
	room := "no capacity"
	if size := capacity(n.mk); size > 0 {
		room = fmt.Sprintf("capacity %d", size)
	}
	return fmt.Sprintf("%s, %s, and %s on that way", number(sends, "send"), room, number(recvs, "receive"))
}

// wayOut tells how the goroutine could get out.
func (m *model) wayOut(n *subject, sends, recvs int) string {
	if sends >= many {
		return "give it a capacity of one per send, drain it, or select on a done channel beside the send"
	}
	return fmt.Sprintf("give it capacity %d", sends-recvs)
}

// cost tells what one goroutine that is left behind costs.
func cost(t tier) string {
	if t == everyone {
		return "each such request leaves a goroutine, at least 2 kB, behind"
	}
	return "each such call leaves a goroutine, at least 2 kB, behind"
}

// returnPos returns where a trip ends.
func returnPos(end ssa.Instruction) token.Pos {
	if _, ok := end.(*ssa.Return); !ok || end.Pos().IsValid() {
		return nearby(end)
	}
	if syntax := end.Parent().Syntax(); syntax != nil {
		return syntax.End() - 1
	}
	return nearby(end)
}

// indexOf returns the index of instr in its block.
func indexOf(instr ssa.Instruction) int {
	return slices.Index(instr.Block().Instrs, instr)
}
