package goroutineleak

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/internal/program"
)

// A useKey asks how often a function does something with a class of
// channels.
type useKey struct {
	fn *ssa.Function
	on *subject
	q  question
}

type question uint8

const (
	mostSends    question = iota // that it cannot get out of
	leastRecvs                   // on any way to a return
	leastSignals                 // sends and closes, on any way to a return
	leastDone                    // calls of Done, on any way to a return
)

// bare reports whether op, once reached, waits until it can go on: it is
// not a case of a select statement with a way out.
func (m *model) bare(o *op) bool {
	s, ok := o.instr.(*ssa.Select)
	if !ok {
		return true
	}
	if !s.Blocking {
		return false
	}
	for _, other := range m.ops.of[s] {
		if other != o && m.progress.goes(other) {
			return false
		}
	}
	return true
}

// most returns how often fn may have to send on channels of s.
func (m *model) most(fn *ssa.Function, s *subject) int {
	key := useKey{fn, s, mostSends}
	if known, ok := m.counts[key]; ok {
		return known
	}
	m.counts[key] = 0 // of recursive calls the first counts
	weights := make(map[*ssa.BasicBlock]int)
	loops := m.loops(fn)
	for _, b := range fn.Blocks {
		w, loop := 0, loops[b]
		for _, instr := range b.Instrs {
			n := m.sendsOf(instr, s)
			if n > 0 && loop != nil && !m.perRound(instr, loop) {
				n = min(n*rounds(loop), many)
			}
			w += n
		}
		weights[b] = min(w, many)
	}
	best := make(map[*ssa.BasicBlock]int)
	var visit func(b *ssa.BasicBlock) int
	visit = func(b *ssa.BasicBlock) int {
		if known, ok := best[b]; ok {
			return known
		}
		best[b] = 0 // on the way back in a loop, whose weights are many anyway
		after := 0
		for _, next := range b.Succs {
			after = max(after, visit(next))
		}
		best[b] = min(weights[b]+after, many)
		return best[b]
	}
	total := max(visit(fn.Blocks[0]), m.mostInstead(fn, s))
	m.counts[key] = total
	return total
}

// perRound reports whether the channel that instr sends on is another one
// in each round of a loop: one that is received, looked up or made there.
func (m *model) perRound(instr ssa.Instruction, loop []*ssa.BasicBlock) bool {
	for _, o := range m.ops.of[instr] {
		if o.kind == send && !fresh(o.value, loop, 0) {
			return false
		}
	}
	if site, ok := instr.(ssa.CallInstruction); ok && len(m.ops.of[instr]) == 0 {
		return slices.ContainsFunc(program.Args(site), func(arg ssa.Value) bool { return madeIn(arg, loop) })
	}
	return len(m.ops.of[instr]) > 0
}

// madeIn reports whether v is an object or a channel that is another one in
// each round of a loop.
func madeIn(v ssa.Value, loop []*ssa.BasicBlock) bool {
	switch v.Type().Underlying().(type) {
	case *types.Pointer, *types.Chan:
		if call, ok := v.(*ssa.Call); ok {
			return slices.Contains(loop, call.Block())
		}
		return fresh(v, loop, 0)
	}
	return false
}

// fresh reports whether v is made, received or looked up in a loop, or is
// part of what is.
func fresh(v ssa.Value, loop []*ssa.BasicBlock, depth int) bool {
	def, ok := v.(ssa.Instruction)
	if !ok || depth > maxDepth || !slices.Contains(loop, def.Block()) {
		return false
	}
	switch v := v.(type) {
	case *ssa.MakeChan:
		return true
	case *ssa.UnOp:
		return v.Op == token.ARROW || fresh(v.X, loop, depth+1)
	case *ssa.Extract:
		switch v.Tuple.(type) {
		case *ssa.UnOp, *ssa.Select, *ssa.Next, *ssa.Lookup:
			return true
		}
	case *ssa.Lookup, *ssa.IndexAddr, *ssa.Index:
		return true
	case *ssa.FieldAddr:
		return fresh(v.X, loop, depth+1)
	case *ssa.Field:
		return fresh(v.X, loop, depth+1)
	case *ssa.Alloc:
		for _, ref := range *v.Referrers() {
			if store, ok := ref.(*ssa.Store); ok && store.Addr == v && fresh(store.Val, loop, depth+1) {
				return true
			}
		}
	}
	return false
}

// rounds returns how often a loop runs: many, unless it ends by a counter
// that is compared with a constant.
func rounds(loop []*ssa.BasicBlock) int {
	for _, b := range loop {
		branch, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
		if !ok {
			continue // goes on in any case
		}
		cond, ok := branch.Cond.(*ssa.BinOp)
		if !ok || cond.Op != token.LSS && cond.Op != token.LEQ || slices.Contains(loop, b.Succs[1]) {
			continue // no end of the loop
		}
		if k, ok := cond.Y.(*ssa.Const); ok && k.Value != nil && k.Value.Kind() == constant.Int {
			n := int(min(k.Int64(), many))
			if cond.Op == token.LEQ {
				n++
			}
			return max(n, 1)
		}
	}
	return many
}

// sendsOf returns how often instr may have to send on channels of s.
func (m *model) sendsOf(instr ssa.Instruction, s *subject) int {
	total := 0
	for _, o := range m.ops.of[instr] {
		if o.kind == send && s.has[o] && m.bare(o) {
			total++
		}
	}
	if _, starts := instr.(*ssa.Go); starts {
		return total
	}
	if site, ok := instr.(ssa.CallInstruction); ok && !m.instead(instr, s) {
		most := 0
		for _, callee := range m.callees(site) {
			if m.uses(callee, s) && s.passes(site) {
				most = max(most, m.most(callee, s))
			}
		}
		total += most
	}
	return total
}

// instead reports whether instr defers a function that sends on some ways
// only: when a panic kept the function from sending itself.
func (m *model) instead(instr ssa.Instruction, s *subject) bool {
	d, ok := instr.(*ssa.Defer)
	if !ok {
		return false
	}
	for _, callee := range m.callees(d) {
		if m.uses(callee, s) && m.leastOn(callee, s, leastSignals) == 0 {
			return true
		}
	}
	return false
}

// mostInstead returns how often the functions of fn that instead accepts
// may have to send.
func (m *model) mostInstead(fn *ssa.Function, s *subject) int {
	total := 0
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if !m.instead(instr, s) {
				continue
			}
			for _, callee := range m.callees(instr.(*ssa.Defer)) {
				total = min(total+m.most(callee, s), many)
			}
		}
	}
	return total
}

// uses reports whether fn, or what it calls or starts, has an operation on
// channels of s.
func (m *model) uses(fn *ssa.Function, s *subject) bool {
	if m.users == nil {
		m.users = make(map[*subject]map[*ssa.Function]bool)
	}
	users, ok := m.users[s]
	if !ok {
		users = make(map[*ssa.Function]bool)
		m.users[s] = users
		for _, o := range s.ops {
			m.addUsers(users, o.instr.Parent(), 0)
		}
	}
	return users[fn]
}

// maxDepth bounds how many calls a channel is followed through.
const maxDepth = 8

func (m *model) addUsers(users map[*ssa.Function]bool, fn *ssa.Function, depth int) {
	if users[fn] || depth > maxDepth {
		return
	}
	users[fn] = true
	for _, site := range m.callSites[fn] {
		m.addUsers(users, site.Parent(), depth+1)
	}
	for _, s := range m.spawns[fn] {
		m.addUsers(users, s.instr.Parent(), depth+1)
	}
}
