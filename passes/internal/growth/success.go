package growth

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// successOnly finds maps to which operations that fail add and from which
// only those that succeed remove: what always fails stays.
func (m *Model) successOnly(c *Container) *Defect {
	if len(c.Removals) == 0 {
		return nil
	}
	for _, r := range c.Removals {
		if r.Kind != Delete || r.Depth > 0 || !m.runsAfter(r.Instr, false, 0) {
			return nil // something else removes
		}
	}
	for _, g := range c.Growths {
		if g.Key == nil || !m.runsAfter(g.Instr, true, 0) {
			return nil
		}
	}
	v, bad := m.matters(c)
	if !bad {
		return nil
	}
	return &Defect{Kind: SuccessOnly, Container: c, At: v.Growth.Instr, Other: c.Removals[0].Instr, Advice: v.Advice}
}

// maxCalls bounds how far up the calls a condition is looked for.
const maxCalls = 3

// runsAfter reports whether instr runs only after an operation failed, or
// only after one did not: behind a check of an error, there or at all calls
// that lead there.
func (m *Model) runsAfter(instr ssa.Instruction, failed bool, depth int) bool {
	for _, cond := range conditions(instr.Block()) {
		if is, isCheck := failure(cond); isCheck && is == failed {
			return true
		}
	}
	callers := m.Program.Callers(instr.Parent())
	if depth >= maxCalls || len(callers) == 0 {
		return false
	}
	for _, site := range callers {
		if !m.runsAfter(site, failed, depth+1) {
			return false
		}
	}
	return true
}

// failure says whether a condition is that there is an error, or that there
// is none; isCheck is false for other conditions.
func failure(cond condition) (failed, isCheck bool) {
	op, ok := cond.value.(*ssa.BinOp)
	if !ok || op.Op != token.EQL && op.Op != token.NEQ || !isError(op.X.Type()) {
		return false, false
	}
	if c, ok := op.Y.(*ssa.Const); !ok || c.Value != nil {
		return false, false // compared with a certain error
	}
	return cond.holds == (op.Op == token.NEQ), true
}

// isError reports whether values of type t say what failed.
func isError(t types.Type) bool {
	if _, ok := t.Underlying().(*types.Pointer); ok {
		return types.Implements(t, types.Universe.Lookup("error").Type().Underlying().(*types.Interface))
	}
	return isErrorType(t)
}

// ownOrder finds maps that senders fill under keys of their choice, and
// from which only the key that is next in order is removed: what comes out
// of turn stays. A check of how far ahead a key is would bound that.
func (m *Model) ownOrder(c *Container) *Defect {
	var next *Removal
	for _, r := range c.Removals {
		if r.Depth > 0 || r.Kind != Delete || !m.isCounter(r.Key) {
			return nil
		}
		next = r
	}
	if next == nil {
		return nil
	}
	for _, g := range c.Growths {
		u, ok := g.Instr.(*ssa.MapUpdate)
		if !ok || m.isCounter(u.Key) || window(u) {
			return nil
		}
	}
	v, bad := m.matters(c)
	if !bad {
		return nil
	}
	return &Defect{Kind: OwnOrder, Container: c, At: v.Growth.Instr, Other: next.Instr, Advice: v.Advice}
}

// isCounter reports whether v is a variable that the program counts up.
func (m *Model) isCounter(v ssa.Value) bool {
	load, ok := v.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return false
	}
	switch addr := load.X.(type) {
	case *ssa.FieldAddr:
		return m.counters[fieldOf(addr)]
	case *ssa.Global:
		return m.counters[addr]
	}
	return false
}

// window reports whether an insert is behind a comparison of its key, or of
// a difference from it, by size.
func window(u *ssa.MapUpdate) bool {
	for _, cond := range conditions(u.Block()) {
		op, ok := cond.value.(*ssa.BinOp)
		if !ok {
			continue
		}
		switch op.Op {
		case token.LSS, token.LEQ, token.GTR, token.GEQ:
			if madeFrom(op.X, u.Key, 0) || madeFrom(op.Y, u.Key, 0) {
				return true
			}
		}
	}
	return false
}

// madeFrom reports whether v is computed from the value key.
func madeFrom(v, key ssa.Value, depth int) bool {
	if SameValue(v, key) {
		return true
	}
	if depth > 3 {
		return false
	}
	switch v := v.(type) {
	case *ssa.BinOp:
		return madeFrom(v.X, key, depth+1) || madeFrom(v.Y, key, depth+1)
	case *ssa.Convert:
		return madeFrom(v.X, key, depth+1)
	}
	return false
}

// replacedKey finds maps whose keys are pointers, which are deleted as
// another container has them when they go: where that one gets a new
// pointer for an old one, the entry of the old one stays.
func (m *Model) replacedKey(c *Container) *Defect {
	if ptr, ok := keyType(c).Underlying().(*types.Pointer); !ok || !isStruct(ptr.Elem()) || len(c.Removals) == 0 {
		return nil
	}
	var source *Container
	for _, r := range c.Removals {
		if r.Depth > 0 {
			continue // of what is under a key
		}
		if r.Kind != Delete {
			return nil
		}
		if source = m.elementOf(r.Key); source == nil || source == c {
			return nil
		}
	}
	if source == nil {
		return nil
	}
	at := m.replaces(source, c)
	if at == nil {
		return nil
	}
	var v Verdict
	bad := false
	m.without(c, func(*Removal) bool { return true }, func() {
		for _, g := range c.Growths {
			if w, ok := m.judgeNew(g); ok && !bad {
				v, bad = w, true
			}
		}
	})
	if !bad {
		return nil
	}
	return &Defect{Kind: ReplacedKey, Container: c, At: v.Growth.Instr, Other: at, Sibling: source, Advice: v.Advice}
}

// judgeNew judges a growth as if each of its keys were a new one.
func (m *Model) judgeNew(g *Growth) (Verdict, bool) {
	anyKey := *g
	anyKey.Key = nil
	v, bad := m.judge(&anyKey)
	v.Growth = g
	return v, bad
}

// elementOf returns the map that v is an element of, or a part of one.
func (m *Model) elementOf(v ssa.Value) *Container {
	for range 6 {
		switch x := v.(type) {
		case *ssa.UnOp:
			v = x.X
		case *ssa.FieldAddr:
			v = x.X
		case *ssa.Field:
			v = x.X
		case *ssa.Extract:
			v = x.Tuple
		case *ssa.Next:
			v = x.Iter
		case *ssa.Range:
			return m.keptIn(x.X)
		case *ssa.Lookup:
			return m.keptIn(x.X)
		default:
			return nil
		}
	}
	return nil
}

// keptIn returns the map with elements that v is, or nil.
func (m *Model) keptIn(v ssa.Value) *Container {
	if _, ok := v.Type().Underlying().(*types.Map); !ok {
		return nil
	}
	for _, s := range m.tracer.sites(v) {
		if c := m.byKey[s.key]; c != nil && s.depth == 0 {
			return c
		}
	}
	return nil
}

// replaces returns a place that may put another element under a key of the
// container from, and that removes nothing from c.
func (m *Model) replaces(from, c *Container) ssa.Instruction {
	for _, g := range from.Growths {
		u, ok := g.Instr.(*ssa.MapUpdate)
		if !ok || g.Depth > 0 || m.firstUnder(u) || fillsIn(g) || constructor(g.Func()) || !m.reached(g) {
			continue
		}
		for _, r := range c.Removals {
			fn := r.Instr.Parent()
			if fn == g.Func() && r.Instr.Block().Dominates(u.Block()) || m.calls(g.Func(), fn) || m.calls(fn, g.Func()) {
				return nil // perhaps the old one
			}
		}
		return u
	}
	return nil
}
