package growth

import (
	"golang.org/x/tools/go/ssa"
)

// earlyReturn finds maps in which a function notes what it is doing, and
// from which it removes that at its end, but not where it returns because
// something failed.
func (m *Model) earlyReturn(c *Container) *Defect {
	for _, g := range c.Growths {
		if g.Depth > 0 || g.Key == nil {
			continue
		}
		ends := m.endings(g)
		if len(ends) == 0 {
			continue
		}
		p := &pairing{insert: g.Instr, ends: ends, given: conditions(g.Instr.Block())}
		ret := p.leak()
		if ret == nil {
			continue
		}
		v, bad := m.matters(c)
		if !bad {
			return nil
		}
		return &Defect{Kind: EarlyReturn, Container: c, At: ret, Other: ends[0], Advice: v.Advice}
	}
	return nil
}

// endings returns the places in g's own function where what g adds is
// removed, or that defer that, if nothing removes it elsewhere.
func (m *Model) endings(g *Growth) []ssa.Instruction {
	var ends []ssa.Instruction
	fn := g.Func()
	works := false
	for _, r := range m.removals(g.Container) {
		if r.Depth > 0 {
			continue
		}
		works = works || m.effect(r, g) != None
		if r.Instr.Parent() == fn {
			if r.Kind != Delete || !SameValue(r.Key, g.Key) {
				return nil
			}
			ends = append(ends, r.Instr)
			continue
		}
		for _, site := range m.Program.Callers(r.Instr.Parent()) {
			if site.Parent() != fn {
				return nil // others may remove it as well
			}
			if _, ok := site.(*ssa.Go); ok {
				return nil // some time
			}
			ends = append(ends, site)
		}
	}
	if !works {
		return nil // unboundedcache tells
	}
	return ends
}

// A pairing is an insert and the removals of what it adds, in one function.
type pairing struct {
	insert ssa.Instruction
	ends   []ssa.Instruction
	given  []condition // that hold at the insert
	seen   map[*ssa.BasicBlock]bool
}

// leak returns a return statement on the way of a failure from the insert,
// on which there is no removal although there is one on all other ways.
func (p *pairing) leak() ssa.Instruction {
	after := false
	for _, instr := range p.insert.Block().Instrs {
		if after && p.isEnd(instr) {
			return nil
		}
		after = after || instr == p.insert
	}
	p.seen = make(map[*ssa.BasicBlock]bool)
	return p.search(p.insert.Block())
}

// search looks for such a return among what follows b.
func (p *pairing) search(b *ssa.BasicBlock) ssa.Instruction {
	for _, next := range b.Succs {
		if p.seen[next] || p.ended(next) {
			continue
		}
		p.seen[next] = true
		if p.fails(b, next) && !p.escapes(other(b, next), make(map[*ssa.BasicBlock]bool)) {
			if ret := returnFrom(next); ret != nil {
				return ret
			}
		}
		if ret := p.search(next); ret != nil {
			return ret
		}
	}
	return nil
}

// fails reports whether code goes from b to next because of an error, which
// was not decided before the insert.
func (p *pairing) fails(b, next *ssa.BasicBlock) bool {
	branch, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
	if !ok || b.Succs[0] == b.Succs[1] {
		return false
	}
	cond := flatten(branch.Cond, b.Succs[0] == next)
	for _, given := range p.given {
		if given.value == cond.value {
			return false
		}
	}
	failed, isCheck := failure(cond)
	return isCheck && failed
}

// escapes reports whether a return can be reached from b without a removal.
func (p *pairing) escapes(b *ssa.BasicBlock, seen map[*ssa.BasicBlock]bool) bool {
	if seen[b] || p.ended(b) {
		return false
	}
	seen[b] = true
	if _, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok {
		return true
	}
	for i, next := range b.Succs {
		if p.fails(b, next) {
			continue // another of its kind
		}
		if p.escapes(b.Succs[i], seen) {
			return true
		}
	}
	return false
}

// ended reports whether there is a removal in b.
func (p *pairing) ended(b *ssa.BasicBlock) bool {
	for _, instr := range b.Instrs {
		if p.isEnd(instr) {
			return true
		}
	}
	return false
}

func (p *pairing) isEnd(instr ssa.Instruction) bool {
	for _, end := range p.ends {
		if end == instr {
			return true
		}
	}
	return false
}

// other returns the block that the branch at the end of b takes instead of
// next.
func other(b, next *ssa.BasicBlock) *ssa.BasicBlock {
	if b.Succs[0] == next {
		return b.Succs[1]
	}
	return b.Succs[0]
}

// returnFrom returns the return statement that code at b leads straight to,
// or nil.
func returnFrom(b *ssa.BasicBlock) ssa.Instruction {
	for range 8 {
		switch last := b.Instrs[len(b.Instrs)-1].(type) {
		case *ssa.Return:
			return last
		case *ssa.Jump:
			b = b.Succs[0]
		default:
			return nil
		}
	}
	return nil
}
