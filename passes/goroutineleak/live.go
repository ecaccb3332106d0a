package goroutineleak

import (
	"go/constant"
	"go/token"

	"golang.org/x/tools/go/ssa"
)

// goes reports whether op does not have to wait for ever.
func (p *progress) goes(o *op) bool {
	n := o.on.rep()
	if n.open {
		return true
	}
	other := func(q *op) bool { return q.reached && q.instr != o.instr }
	switch o.kind {
	case recv:
		return n.ticks || n.some(other, send, closing) || p.ends(n, make(map[*node]bool))
	case send:
		return buffered(n) || n.some(other, recv)
	case wait:
		return n.some(other, finish) || !n.some(anyOp, add)
	case sleep:
		return n.some(other, wake)
	}
	return true
}

// buffered reports whether channels of the class n may have a capacity.
func buffered(n *node) bool {
	for _, mk := range n.rep().makes {
		if k, ok := mk.Size.(*ssa.Const); !ok || k.Value == nil || constant.Sign(k.Value) > 0 {
			return true
		}
	}
	return false
}

// ends reports whether one of the contexts whose Done the channels of class
// n are may end.
func (p *progress) ends(n *node, seen map[*node]bool) bool {
	for _, ctx := range n.rep().done {
		if p.contextEnds(ctx.rep(), seen) {
			return true
		}
	}
	return false
}

func (p *progress) contextEnds(ctx *node, seen map[*node]bool) bool {
	if ctx.open {
		return true
	}
	if seen[ctx] {
		return false
	}
	seen[ctx] = true
	for _, src := range ctx.contexts {
		switch {
		case src.timed:
			return true
		case src.cancel != nil && (src.cancel.rep().open || src.cancel.some(func(o *op) bool { return o.reached }, cancel)):
			return true
		case src.parent != nil && p.contextEnds(src.parent.rep(), seen):
			return true
		}
	}
	return false
}

// closes reports whether channels of class n may be closed.
func (p *progress) closes(n *node) bool {
	n = n.rep()
	if n.ticks {
		return false
	}
	return n.open || n.some(func(o *op) bool { return o.reached }, closing) || p.ends(n, make(map[*node]bool))
}

// passable reports whether control may leave b by its i-th edge.
func (p *progress) passable(b *ssa.BasicBlock, i int) bool {
	branch, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
	if !ok {
		return true
	}
	switch cond := branch.Cond.(type) {
	case *ssa.Const:
		return constant.BoolVal(cond.Value) == (i == 0)
	case *ssa.Extract:
		// v, ok := <-ch, or the condition of a range loop
		if r, ok := cond.Tuple.(*ssa.UnOp); ok && r.Op == token.ARROW && cond.Index == 1 {
			if i == 1 {
				return p.closes(p.m.node(r.X))
			}
			return p.delivers(p.m.ops.of[r][0])
		}
	case *ssa.BinOp:
		if s, k := chosen(cond); s != nil {
			return p.caseGoes(s, k, i == 0)
		}
	}
	return true
}

// delivers reports whether a receive may get a value that was sent.
func (p *progress) delivers(o *op) bool {
	n := o.on.rep()
	return n.open || n.ticks || n.some(func(q *op) bool { return q.reached && q.instr != o.instr }, send)
}

// chosen returns the select statement and the case that a condition asks
// about, or nil.
func chosen(cond *ssa.BinOp) (*ssa.Select, int) {
	ext, ok := cond.X.(*ssa.Extract)
	if !ok || cond.Op != token.EQL || ext.Index != 0 {
		return nil, 0
	}
	s, ok := ext.Tuple.(*ssa.Select)
	k, isConst := cond.Y.(*ssa.Const)
	if !ok || !isConst {
		return nil, 0
	}
	return s, int(k.Int64())
}

// caseGoes reports whether the k-th case of s may be chosen, or if not
// taken, one of those that are asked about later.
func (p *progress) caseGoes(s *ssa.Select, k int, taken bool) bool {
	states := p.m.ops.of[s]
	if taken {
		return k < len(states) && p.goes(states[k])
	}
	if !s.Blocking {
		return true
	}
	for _, op := range states[min(k+1, len(states)):] {
		if p.goes(op) {
			return true
		}
	}
	return false
}
