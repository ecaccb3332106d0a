package goroutineleak

import (
	"fmt"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/internal/callsite"
)

// A place is where a finding stands.
type place struct {
	pos token.Pos
	pkg *types.Package
}

// at returns the place of pos in fn.
func at(pos token.Pos, fn *ssa.Function) place {
	if orig := fn.Origin(); orig != nil {
		fn = orig
	}
	if fn.Pkg == nil {
		return place{}
	}
	return place{pos, fn.Pkg.Pkg}
}

// A frame is a call of a function during which a channel is used up: it
// makes the channel, or gets it from what it calls.
type frame struct {
	fn    *ssa.Function
	birth ssa.Instruction
}

// A sender is a goroutine that sends on a channel, as seen from a frame.
type sender struct {
	spawn *spawn
	at    ssa.Instruction // in the frame's function
	sends int
}

// abandoned judges the goroutines that send on channels of n: more
// often than the channel has room for and somebody surely receives. It
// reports whether it could tell, one way or the other.
func (m *model) abandoned(n *subject) bool {
	if n.class.open || len(n.of(recv)) == 0 || len(n.of(send)) == 0 {
		return false
	}
	frames := m.frames(n)
	if !m.confined(frames, n) {
		return false
	}
	judged := false
	for _, fr := range frames {
		judged = m.abandonedIn(fr, n) || judged
	}
	return judged
}

// frames returns the calls that channels of n live in.
func (m *model) frames(n *subject) []frame {
	mk := n.mk
	frames := []frame{{mk.Parent(), mk}}
	for i := 0; i < len(frames) && len(frames) < maxDepth; i++ {
		fn := frames[i].fn
		if !m.returns(fn, n) {
			continue
		}
		for _, site := range m.callSites[fn] {
			if _, ok := site.(*ssa.Call); ok && site.Parent() != fn && !m.isTest(site.Parent()) {
				frames = append(frames, frame{site.Parent(), site})
			}
		}
	}
	return frames
}

// returns reports whether one of fn's results may be a channel of n.
func (m *model) returns(fn *ssa.Function, n *subject) bool {
	for _, b := range fn.Blocks {
		if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok {
			if slices.ContainsFunc(ret.Results, func(v ssa.Value) bool { return n.in[v] }) {
				return true
			}
		}
	}
	return false
}

// abandonedIn judges what a frame does with channels of n; false if there is
// more to them.
func (m *model) abandonedIn(fr frame, n *subject) bool {
	senders := m.senders(fr, n)
	if len(senders) == 0 || !m.receives(fr, n) {
		return false
	}
	sends, recvs, leaves := m.balance(fr, n, senders)
	size := capacity(n.mk)
	if leaves == nil || size < 0 || recvs >= many || sends <= size+recvs {
		return true
	}
	if !m.leavesAlone(fr, n) {
		return false // a goroutine that is not done by then receives as well
	}
	m.reportAbandoned(fr, n, senders[0], sends, recvs, leaves)
	return true
}

// balance returns how often senders send, and the least number of receives
// on a way to a return that they may be left behind by.
func (m *model) balance(fr frame, n *subject, senders []sender) (sends, recvs int, leaves ssa.Instruction) {
	mt := m.meter(fr.fn, n, leastRecvs)
	birth := fr.birth.Block()
	if len(senders) == 1 {
		s := senders[0]
		if m.final(n) {
			s.sends = min(s.sends, 1)
		}
		recvs, leaves = least(trip{s.at.Block(), indexOf(s.at) + 1, birth, factsAt(s.at.Block())}, mt)
		return s.sends, min(recvs+m.startedBefore(fr, s.at, n), many), leaves
	}
	starts := make(map[ssa.Instruction]int)
	for _, s := range senders {
		starts[s.at] = min(starts[s.at]+s.sends, many)
		sends = min(sends+s.sends, many)
	}
	if m.final(n) {
		return 1, 0, nil // which of them sends and closes is not known
	}
	received := mt.instr
	mt.instr = func(instr ssa.Instruction) int { return received(instr) - starts[instr] }
	surplus, leaves := least(trip{fr.birth.Block(), indexOf(fr.birth) + 1, birth, nil}, mt)
	return sends, max(sends+surplus, 0), leaves
}

// final reports whether each send on channels of n comes with a close: it
// is the only one.
func (m *model) final(n *subject) bool {
	for _, o := range n.of(send) {
		closed := slices.ContainsFunc(n.of(closing), func(c *op) bool {
			_, deferred := c.instr.(*ssa.Defer)
			if deferred || c.instr.Parent() != o.instr.Parent() {
				return false
			}
			return c.instr.Block() == o.instr.Block() || o.instr.Block().Dominates(c.instr.Block()) && m.loops(o.instr.Parent())[o.instr.Block()] == nil
		})
		if !closed {
			return false
		}
	}
	return true
}

// startedBefore returns how often goroutines that fr starts and functions
// that it defers before at, on all ways there, receive from channels of n.
func (m *model) startedBefore(fr frame, at ssa.Instruction, n *subject) int {
	total := 0
	for _, b := range fr.fn.Blocks {
		if !b.Dominates(at.Block()) {
			continue
		}
		for i, instr := range b.Instrs {
			if b == at.Block() && i >= indexOf(at) {
				break
			}
			switch instr.(type) {
			case *ssa.Go, *ssa.Defer:
				total = min(total+m.weigh(instr, n, leastRecvs), many)
			}
		}
	}
	return total
}

// senders returns the goroutines that fr starts and that send on channels
// of class n.
func (m *model) senders(fr frame, n *subject) []sender {
	var found []sender
	for _, o := range n.of(send) {
		if !m.bare(o) {
			continue // it has another way out
		}
		for _, s := range m.surelyOf(o.instr.Parent()) {
			if slices.ContainsFunc(found, func(other sender) bool { return other.spawn == s }) || !n.passes(s.instr.(ssa.CallInstruction)) {
				continue
			}
			for _, in := range m.project(s.instr, fr.fn) {
				if sends := m.most(s.entry, n); sends > 0 {
					if m.repeats(in, fr.birth) {
						sends = many
					}
					found = append(found, sender{s, in, sends})
				}
			}
		}
	}
	return found
}

// spawnsOf returns the places that start goroutines which may run fn.
func (m *model) spawnsOf(fn *ssa.Function) []*spawn {
	return m.starters(fn, func(ssa.CallInstruction) bool { return true })
}

// surelyOf returns the places that start goroutines which run fn by calls
// that lead nowhere else.
func (m *model) surelyOf(fn *ssa.Function) []*spawn {
	return m.starters(fn, func(site ssa.CallInstruction) bool { return len(m.callees(site)) == 1 })
}

// starters follows the calls that by accepts from fn up to where goroutines
// are started.
func (m *model) starters(fn *ssa.Function, by func(ssa.CallInstruction) bool) []*spawn {
	var found []*spawn
	seen := make(map[*ssa.Function]bool)
	var visit func(fn *ssa.Function, depth int)
	visit = func(fn *ssa.Function, depth int) {
		if seen[fn] || depth > maxDepth {
			return
		}
		seen[fn] = true
		found = append(found, m.spawns[fn]...)
		for _, site := range m.callSites[fn] {
			if _, starts := site.(*ssa.Go); !starts && by(site) {
				visit(site.Parent(), depth+1)
			}
		}
	}
	visit(fn, 0)
	return found
}

// project returns the instructions of fn during which instr may run: instr
// itself, or calls that lead to it.
func (m *model) project(instr ssa.Instruction, fn *ssa.Function) []ssa.Instruction {
	if instr.Parent() == fn {
		return []ssa.Instruction{instr}
	}
	var found []ssa.Instruction
	seen := make(map[*ssa.Function]bool)
	var visit func(callee *ssa.Function, depth int)
	visit = func(callee *ssa.Function, depth int) {
		if seen[callee] || depth > maxDepth {
			return
		}
		seen[callee] = true
		for _, site := range m.callSites[callee] {
			if _, call := site.(*ssa.Call); !call {
				continue
			}
			if site.Parent() == fn {
				found = append(found, site)
			} else {
				visit(site.Parent(), depth+1)
			}
		}
	}
	visit(instr.Parent(), 0)
	return found
}

// repeats reports whether instr may run again for the same channel.
func (m *model) repeats(instr, birth ssa.Instruction) bool {
	b := instr.Block()
	if birth.Parent() != instr.Parent() {
		return m.loops(instr.Parent())[b] != nil
	}
	if birth.Block() == b {
		return false
	}
	stop := func(other *ssa.BasicBlock) bool { return other == birth.Block() }
	return callsite.Reachable(b, stop)[b]
}

// confined reports whether all receives from channels of n are done by one
// of frames, what it calls and what it starts.
func (m *model) confined(frames []frame, n *subject) bool {
	for _, o := range n.of(recv) {
		if !slices.ContainsFunc(frames, func(fr frame) bool { return m.runsIn(o.instr.Parent(), fr.fn, n) }) {
			return false
		}
	}
	return true
}

// receives reports whether the frame does some of the receives.
func (m *model) receives(fr frame, n *subject) bool {
	return slices.ContainsFunc(n.of(recv), func(o *op) bool { return m.runsIn(o.instr.Parent(), fr.fn, n) })
}

// leavesAlone reports whether nobody receives from channels of n any more
// when the frame is left.
func (m *model) leavesAlone(fr frame, n *subject) bool {
	return !slices.ContainsFunc(n.of(recv), func(o *op) bool {
		fn := o.instr.Parent()
		if fn == fr.fn {
			return false
		}
		return slices.ContainsFunc(m.spawnsOf(fn), func(s *spawn) bool { return len(m.project(s.instr, fr.fn)) > 0 })
	})
}

// runsIn reports whether fn runs only within calls of frame.
func (m *model) runsIn(fn, frame *ssa.Function, n *subject) bool {
	return fn == frame || m.uses(frame, n) && m.within(fn, frame, make(map[*ssa.Function]bool), 0)
}

// within reports whether fn is called or started by nothing but frame and
// what that calls or starts.
func (m *model) within(fn, frame *ssa.Function, seen map[*ssa.Function]bool, depth int) bool {
	if fn == frame || seen[fn] {
		return true
	}
	seen[fn] = true
	if depth > maxDepth || len(m.callSites[fn]) == 0 && len(m.spawns[fn]) == 0 {
		return false
	}
	for _, site := range m.callSites[fn] {
		if !m.within(site.Parent(), frame, seen, depth+1) {
			return false
		}
	}
	return true
}

// reportAbandoned reports a sender that is left behind when fr leaves.
func (m *model) reportAbandoned(fr frame, n *subject, s sender, sends, recvs int, leaves ssa.Instruction) {
	t := m.tierOf(s.at)
	if sends >= many && capacity(n.mk) >= roomy {
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

// roomy is the capacity from which on a channel is rarely full.
const roomy = 64

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
