package goroutineleak

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
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
