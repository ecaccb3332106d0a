package growth

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// A Defect is a removal that exists and cannot work.
type Defect struct {
	Kind      DefectKind
	Container *Container
	At        ssa.Instruction // where to tell of it
	Other     ssa.Instruction // what belongs to it: the sibling's removal, the insert; may be nil
	Sibling   *Container      // the other container of SiblingKept and ReplacedKey
	Advice    bool
}

// A DefectKind is a way in which a removal does not work.
type DefectKind uint8

const (
	// SiblingKept: a key is deleted from one of two maps only.
	SiblingKept DefectKind = iota
	// InnerOnly: elements are deleted from the map or slice under a key, the
	// key itself stays.
	InnerOnly
	// CounterKept: a counter is decremented, and stays when it is zero.
	CounterKept
	// SweepOnce: the sweep waits for a timer that fires once.
	SweepOnce
	// OtherKey: the key is normalised for the insert, not for the removal.
	OtherKey
	// SuccessOnly: what fails adds, and only what succeeds removes.
	SuccessOnly
	// OwnOrder: senders choose the keys, and only the next in order goes.
	OwnOrder
	// ReplacedKey: a pointer is deleted as another container (the sibling)
	// has it, where it may have been replaced.
	ReplacedKey
	// EarlyReturn: a function removes at its end what it added, but returns
	// before that when something fails.
	EarlyReturn
	// Overwritten: a value that needs closing is dropped by the next one.
	Overwritten
)

// Package returns the package that the defect is told in.
func (d *Defect) Package() *types.Package {
	g := Growth{Instr: d.At}
	return g.Package()
}

// Pos returns where the defect is told.
func (d *Defect) Pos() token.Pos { return posOf(d.At) }

// Broken returns the defect of the removals from c, or nil. Whether the
// container matters is decided as for those without any removal.
func (m *Model) Broken(c *Container) *Defect {
	if d, ok := m.defects[c]; ok {
		return d
	}
	d := m.findDefect(c)
	m.defects[c] = d
	return d
}

func (m *Model) findDefect(c *Container) *Defect {
	if m.Declared(c) != "" || testDouble(c) || c.Kind != Map && c.Kind != SyncMap {
		return nil
	}
	for _, find := range [...]func(*Container) *Defect{
		m.sweepOnce, m.otherKey, m.counterKept, m.innerOnly, m.siblingKept,
		m.successOnly, m.ownOrder, m.replacedKey, m.earlyReturn, m.overwritten,
	} {
		if d := find(c); d != nil {
			return d
		}
	}
	return nil
}

// matters judges a container as if it had no removals.
func (m *Model) matters(c *Container) (v Verdict, bad bool) {
	m.without(c, func(*Removal) bool { return true }, func() { v, bad = m.worst(c) })
	return v, bad
}

// without calls f while c lacks some removals.
func (m *Model) without(c *Container, lacks func(*Removal) bool, f func()) {
	all := c.Removals
	c.Removals = nil
	for _, r := range all {
		if !lacks(r) {
			c.Removals = append(c.Removals, r)
		}
	}
	f()
	c.Removals = all
}

// siblingKept finds a map next to another one of the same struct, or of the
// same package, with the same keys, from which a key is deleted.
func (m *Model) siblingKept(c *Container) *Defect {
	v, bad := m.Judge(c)
	if !bad || v.Growth.Key == nil || v.Bound != None {
		return nil
	}
	for _, other := range m.Containers {
		if other == c || !m.siblings(c, other) || !m.sameKeys(v.Growth, other) {
			continue
		}
		for _, r := range other.Removals {
			if r.Kind == Delete && r.Depth == 0 && m.effect(r, v.Growth) != None && !writtenBeside(c, r) {
				return &Defect{Kind: SiblingKept, Container: c, At: v.Growth.Instr, Other: r.Instr, Sibling: other, Advice: v.Advice}
			}
		}
	}
	return nil
}

// writtenBeside reports whether the function that removes a key from another
// map adds it to c as well: what c has under it is meant to stay, such as
// the number of its changes.
func writtenBeside(c *Container, r *Removal) bool {
	for _, g := range c.Growths {
		if g.Func() == r.Instr.Parent() && g.Key != nil && r.Key != nil && SameValue(g.Key, r.Key) {
			return true
		}
	}
	return false
}

func (m *Model) siblings(a, b *Container) bool {
	if a.Kind != b.Kind || a.Kind == Map && !types.Identical(keyType(a), keyType(b)) {
		return false
	}
	if a.Field != nil && b.Field != nil {
		owner := m.holders.owner[a.Field]
		return owner != nil && owner == m.holders.owner[b.Field]
	}
	return a.Global != nil && b.Global != nil && a.Global.Pkg == b.Global.Pkg
}

func keyType(c *Container) types.Type {
	if t, ok := c.Type.Underlying().(*types.Map); ok {
		return t.Key()
	}
	return types.Typ[types.Invalid]
}

// sameKeys reports whether g adds under keys of the other container: by
// ranging over it, or because one function adds the same key to both or
// looks it up in the other.
func (m *Model) sameKeys(g *Growth, other *Container) bool {
	if x, ok := g.Key.(*ssa.Extract); ok {
		if next, ok := x.Tuple.(*ssa.Next); ok {
			if rng, ok := next.Iter.(*ssa.Range); ok && m.sameContainer(rng.X, other) {
				return true
			}
		}
	}
	for _, b := range g.Func().Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.MapUpdate:
				if SameValue(instr.Key, g.Key) && m.sameContainer(instr.Map, other) {
					return true
				}
			case *ssa.Lookup:
				if SameValue(instr.Index, g.Key) && m.sameContainer(instr.X, other) {
					return true
				}
			}
		}
	}
	return false
}

// innerOnly finds removals that empty what is kept under a key and leave
// the key. That everything is dropped at times is no excuse, but advice.
func (m *Model) innerOnly(c *Container) *Defect {
	whole := func(r *Removal) bool { return r.Depth == 0 && (r.Kind == Reassign || r.Kind == Clear) }
	for _, r := range c.Removals {
		if r.Depth == 0 || r.Kind == Reassign || bytesIn(r.Target) {
			continue
		}
		for _, g := range c.Growths {
			if g.Depth != r.Depth-1 || g.Key == nil || m.effect(r, g) == None {
				continue
			}
			v, bad := Verdict{}, false
			m.without(c, whole, func() { v, bad = m.judge(g) })
			if bad && v.Bound == None {
				return &Defect{Kind: InnerOnly, Container: c, At: r.Instr, Other: g.Instr, Advice: v.Advice || m.Bound(g) != None}
			}
		}
	}
	return nil
}

// bytesIn reports whether a map holds bytes under its keys, which are one
// value rather than elements.
func bytesIn(target ssa.Value) bool {
	t, ok := target.Type().Underlying().(*types.Map)
	if !ok {
		return false
	}
	elem, ok := t.Elem().Underlying().(*types.Slice)
	if !ok {
		return false
	}
	b, ok := elem.Elem().Underlying().(*types.Basic)
	return ok && b.Kind() == types.Uint8
}

// counterKept finds m[k]-- without a delete.
func (m *Model) counterKept(c *Container) *Defect {
	v, bad := m.Judge(c)
	if !bad || v.Growth.Key == nil {
		return nil
	}
	for _, g := range c.Growths {
		if op, ok := g.Elem.(*ssa.BinOp); ok && op.Op == token.SUB && isLookupOf(op.X, g.Target) {
			return &Defect{Kind: CounterKept, Container: c, At: g.Instr, Other: v.Growth.Instr, Advice: v.Advice}
		}
	}
	return nil
}

// otherKey finds maps whose keys are normalised by a call for each insert
// and are deleted under a parameter as it came.
func (m *Model) otherKey(c *Container) *Defect {
	transform := ""
	for _, g := range c.Growths {
		if g.Depth > 0 || g.Key == nil {
			continue
		}
		t := m.transform(g.Key)
		if t == "" || transform != "" && t != transform {
			return nil
		}
		transform = t
	}
	if transform == "" {
		return nil
	}
	var wrong *Removal
	for _, r := range c.Removals {
		if r.Kind != Delete || r.Depth > 0 || !m.plain(r.Key) || m.present(c, r) {
			return nil // something else removes, or this does
		}
		wrong = r
	}
	if wrong == nil {
		return nil
	}
	v, bad := m.matters(c)
	if !bad {
		return nil
	}
	return &Defect{Kind: OtherKey, Container: c, At: wrong.Instr, Other: v.Growth.Instr, Advice: v.Advice}
}

// transform names the way in which a string key is made from another
// string: the function that is called, or what is added to it.
func (m *Model) transform(key ssa.Value) string {
	switch v := key.(type) {
	case *ssa.Call:
		callee := v.Call.StaticCallee()
		if callee == nil || callee.Signature.Recv() != nil || len(v.Call.Args) == 0 {
			return ""
		}
		if b, ok := v.Call.Args[0].Type().Underlying().(*types.Basic); !ok || b.Info()&types.IsString == 0 || !types.Identical(v.Type(), v.Call.Args[0].Type()) {
			return ""
		}
		return callee.String()
	case *ssa.BinOp:
		for _, side := range [...]ssa.Value{v.X, v.Y} {
			if c, ok := side.(*ssa.Const); ok && v.Op == token.ADD && c.Value != nil {
				return "+" + c.Value.ExactString()
			}
		}
	}
	return ""
}

// plain reports whether a key is a parameter that no caller is known to
// transform.
func (m *Model) plain(key ssa.Value) bool {
	p, ok := key.(*ssa.Parameter)
	if !ok {
		return false
	}
	i := 0
	for i < len(p.Parent().Params) && p.Parent().Params[i] != p {
		i++
	}
	for _, site := range m.Program.Callers(p.Parent()) {
		args := site.Common().Args
		if site.Common().IsInvoke() {
			args = append([]ssa.Value{site.Common().Value}, args...)
		}
		if i >= len(args) || m.transform(args[i]) != "" {
			return false
		}
		if _, isParam := args[i].(*ssa.Parameter); !isParam {
			if _, isConst := args[i].(*ssa.Const); !isConst {
				if _, isCall := args[i].(*ssa.Call); !isCall {
					return false // a field or an element: it may have been transformed before
				}
			}
		}
	}
	return true
}
