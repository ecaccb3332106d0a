package growth

import (
	"go/constant"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// A condition is a value that is known to be true or false where code runs.
type condition struct {
	value ssa.Value
	holds bool
}

// conditions returns what the branches that lead to b decide: of each if
// statement that b is behind, on one side only.
func conditions(b *ssa.BasicBlock) []condition {
	var conds []condition
	for d := b.Idom(); d != nil; d = d.Idom() {
		branch, ok := d.Instrs[len(d.Instrs)-1].(*ssa.If)
		if !ok {
			continue
		}
		for i, succ := range d.Succs {
			if len(succ.Preds) == 1 && succ.Dominates(b) {
				conds = append(conds, flatten(branch.Cond, i == 0))
			}
		}
	}
	return conds
}

// conditionsOf returns what holds where code goes from one block to the
// next.
func conditionsOf(from, to *ssa.BasicBlock) []condition {
	conds := conditions(from)
	if branch, ok := from.Instrs[len(from.Instrs)-1].(*ssa.If); ok && from.Succs[0] != from.Succs[1] {
		conds = append(conds, flatten(branch.Cond, from.Succs[0] == to))
	}
	return conds
}

// flatten removes negations.
func flatten(v ssa.Value, holds bool) condition {
	for {
		not, ok := v.(*ssa.UnOp)
		if !ok || not.Op != token.NOT {
			return condition{v, holds}
		}
		v, holds = not.X, !holds
	}
}

// Guarded reports whether the growth happens only while the container is
// small enough: behind a comparison of its length, of a counter, or of what
// a method says about them, with anything but zero.
func (m *Model) Guarded(g *Growth) bool {
	for _, cond := range conditions(g.Instr.Block()) {
		if m.limits(cond.value, g, 0) {
			return true
		}
	}
	return false
}

// limits reports whether a condition depends on the size of g's container.
func (m *Model) limits(cond ssa.Value, g *Growth, depth int) bool {
	if depth > 3 {
		return false
	}
	switch v := cond.(type) {
	case *ssa.BinOp:
		switch v.Op {
		case token.LSS, token.LEQ, token.GTR, token.GEQ, token.EQL, token.NEQ:
			if isZero(v.X) || isZero(v.Y) {
				return false // is there anything at all?
			}
			return m.tellsSize(v.X, g, 0) || m.tellsSize(v.Y, g, 0)
		}
	case *ssa.Phi:
		for _, edge := range v.Edges {
			if m.limits(edge, g, depth+1) {
				return true
			}
		}
	case *ssa.Call:
		for _, callee := range m.Program.Callees(v) {
			if m.returnsLimit(callee, g, depth) {
				return true
			}
		}
	}
	return false
}

// returnsLimit reports whether fn compares the size of g's container.
func (m *Model) returnsLimit(fn *ssa.Function, g *Growth, depth int) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if op, ok := instr.(*ssa.BinOp); ok && m.limits(op, g, depth+2) {
				return true
			}
		}
	}
	return false
}

// tellsSize reports whether v is the length of g's container, a counter
// that the program counts up, or computed from one.
func (m *Model) tellsSize(v ssa.Value, g *Growth, depth int) bool {
	if depth > 4 {
		return false
	}
	switch v := v.(type) {
	case *ssa.BinOp:
		return m.tellsSize(v.X, g, depth+1) || m.tellsSize(v.Y, g, depth+1)
	case *ssa.Convert:
		return m.tellsSize(v.X, g, depth+1)
	case *ssa.UnOp:
		if addr, ok := v.X.(*ssa.FieldAddr); ok && v.Op == token.MUL {
			return m.counters[fieldOf(addr)]
		}
		if global, ok := v.X.(*ssa.Global); ok && v.Op == token.MUL {
			return m.counters[global]
		}
	case *ssa.Call:
		return m.callTellsSize(v, g, depth)
	}
	return false
}

func (m *Model) callTellsSize(call *ssa.Call, g *Growth, depth int) bool {
	if isBuiltin(&call.Call, "len") || isBuiltin(&call.Call, "cap") {
		for _, s := range m.tracer.sites(call.Call.Args[0]) {
			if m.byKey[s.key] == g.Container && s.depth <= g.Depth {
				return true
			}
		}
		return false
	}
	callee := call.Call.StaticCallee()
	if callee == nil {
		return false
	}
	switch callee.String() {
	case "(*container/list.List).Len":
		return m.sameContainer(call.Call.Args[0], g.Container)
	case "(*sync/atomic.Int64).Add", "(*sync/atomic.Int32).Add", "(*sync/atomic.Int64).Load", "(*sync/atomic.Int32).Load",
		"(*sync/atomic.Uint64).Add", "(*sync/atomic.Uint64).Load", "sync/atomic.AddInt64", "sync/atomic.LoadInt64",
		"sync/atomic.AddInt32", "sync/atomic.LoadInt32":
		return true
	}
	for _, b := range callee.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if ok && len(ret.Results) > 0 && m.tellsSize(ret.Results[0], g, depth+1) {
			return true
		}
	}
	return isInteger(call.Type()) && m.addsUp(callee, g.Container)
}

// addsUp reports whether fn, which returns a number, goes through all
// elements of c.
func (m *Model) addsUp(fn *ssa.Function, c *Container) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if rng, ok := instr.(*ssa.Range); ok && m.sameContainer(rng.X, c) {
				return true
			}
		}
	}
	return false
}

func isInteger(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsInteger != 0
}

func (m *Model) sameContainer(v ssa.Value, c *Container) bool {
	for _, s := range m.tracer.sites(v) {
		if m.byKey[s.key] == c {
			return true
		}
	}
	return false
}

// count notes the integer variables that the program counts up.
func (m *Model) count(st *ssa.Store) {
	op, ok := st.Val.(*ssa.BinOp)
	if !ok || op.Op != token.ADD {
		return
	}
	if !isInteger(op.Type()) {
		return
	}
	switch addr := st.Addr.(type) {
	case *ssa.FieldAddr:
		m.counters[fieldOf(addr)] = true
	case *ssa.Global:
		m.counters[addr] = true
	}
}

func isZero(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	if !ok {
		return false
	}
	return c.Value == nil || c.Value.Kind() == constant.Int && constant.Sign(c.Value) == 0
}

// grownOnly reports whether v is a container of the program that nothing is
// removed from: copying its keys adds no more than it has.
func (m *Model) grownOnly(v ssa.Value) bool {
	sites := m.tracer.sites(v)
	for _, s := range sites {
		if c := m.byKey[s.key]; c == nil || len(c.Removals) > 0 {
			return false
		}
	}
	return len(sites) > 0
}

// Present reports whether the growth only replaces an element: its key was
// found in the container just before, or comes from ranging over it or over
// another one that bounds it.
func (m *Model) Present(g *Growth) bool {
	if g.Key == nil {
		return false
	}
	if x, ok := g.Key.(*ssa.Extract); ok {
		if next, ok := x.Tuple.(*ssa.Next); ok && x.Index == 1 {
			if rng, ok := next.Iter.(*ssa.Range); ok && (m.overlaps(rng.X, g) || m.grownOnly(rng.X)) {
				return true
			}
		}
	}
	for _, cond := range conditions(g.Instr.Block()) {
		if l := foundBy(cond); l != nil && SameValue(l.Index, g.Key) && m.overlaps(l.X, g) {
			return true
		}
	}
	return false
}

// overlaps reports whether v is the container that g grows, at its depth.
func (m *Model) overlaps(v ssa.Value, g *Growth) bool {
	for _, s := range m.tracer.sites(v) {
		if m.byKey[s.key] == g.Container && s.depth == g.Depth {
			return true
		}
	}
	return false
}

// foundBy returns the lookup that found something if cond is what it is,
// else nil.
func foundBy(cond condition) *ssa.Lookup {
	switch v := cond.value.(type) {
	case *ssa.Extract:
		if l, ok := v.Tuple.(*ssa.Lookup); ok && v.Index == 1 && cond.holds {
			return l
		}
	case *ssa.BinOp:
		if l, ok := v.X.(*ssa.Lookup); ok && isZero(v.Y) && cond.holds == (v.Op == token.NEQ) {
			return l
		}
	case *ssa.Lookup:
		if cond.holds {
			return v
		}
	}
	return nil
}
