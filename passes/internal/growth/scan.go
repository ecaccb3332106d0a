package growth

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// scan records what one instruction does to containers.
func (m *Model) scan(instr ssa.Instruction) {
	m.holders.scan(instr)
	switch instr := instr.(type) {
	case *ssa.MapUpdate:
		m.mapUpdate(instr)
	case *ssa.Store:
		m.store(instr)
	case ssa.CallInstruction:
		m.call(instr)
	case *ssa.UnOp:
		m.load(instr)
	case *ssa.Send:
		m.send(instr, instr.Chan, instr.X)
	case *ssa.Select:
		m.selects(instr)
	case *ssa.MakeInterface:
		m.boxed(instr)
	case *ssa.Phi:
		for _, call := range m.tracer.turns[instr] {
			m.grow(call, instr, nil, call, 0)
		}
	}
}

// grow records a growth of all containers that target stands for.
func (m *Model) grow(instr ssa.Instruction, target, key, elem ssa.Value, deeper int) {
	found := make(map[site]*Growth)
	for _, s := range m.targets(target) {
		c := m.container(s.key)
		if c == nil {
			continue // kept in a variable of another kind
		}
		at := site{s.key, s.depth, nil}
		g := found[at]
		if g == nil {
			g = &Growth{Container: c, Instr: instr, Depth: s.depth + deeper, Key: key, Elem: elem, Target: target}
			found[at] = g
			c.Growths = append(c.Growths, g)
			m.grown = append(m.grown, g)
		}
		if s.base != nil {
			g.bases = append(g.bases, s.base)
		}
	}
}

// targets returns the sites of a container that an instruction changes. To
// assign to a local variable changes that variable, not what it was loaded
// from.
func (m *Model) targets(v ssa.Value) []site {
	sites := m.tracer.sites(v)
	switch v.(type) {
	case *ssa.Alloc, *ssa.FreeVar:
		if _, isSlice := deref(v.Type()).Underlying().(*types.Slice); !isSlice {
			return sites // a map or a list is the same object under each name
		}
	default:
		return sites
	}
	var own []site
	for _, s := range sites {
		if _, ok := s.key.(*ssa.Alloc); ok {
			own = append(own, s)
		}
	}
	return own
}

func deref(t types.Type) types.Type {
	if ptr, ok := t.Underlying().(*types.Pointer); ok {
		return ptr.Elem()
	}
	return t
}

// remove records a removal from all containers that target stands for.
func (m *Model) remove(instr ssa.Instruction, target, key ssa.Value, kind RemovalKind, deeper int) {
	found := make(map[site]bool)
	for _, s := range m.targets(target) {
		at := site{s.key, s.depth, nil}
		c := m.container(s.key)
		if c == nil || found[at] {
			continue
		}
		found[at] = true
		c.Removals = append(c.Removals, &Removal{c, instr, s.depth + deeper, kind, key, target})
	}
}

// mapUpdate handles m[k] = v. When v is a slice made from m[k], it is the
// inner slice that grows or shrinks as well.
func (m *Model) mapUpdate(u *ssa.MapUpdate) {
	m.grow(u, u.Map, u.Key, u.Value, 0)
	if _, ok := u.Value.Type().Underlying().(*types.Slice); !ok {
		return
	}
	switch change := m.change(u.Value, func(v ssa.Value) bool { return isLookupOf(v, u.Map) }); change {
	case appended:
		m.grow(u, u.Map, nil, u.Value, 1)
	case cut:
		m.remove(u, u.Map, u.Key, Reslice, 1)
	case replaced:
		if !m.firstUnder(u) {
			m.remove(u, u.Map, u.Key, Reassign, 1)
		}
	}
}

// firstUnder reports whether m[k] = v runs only if k was not found.
func (m *Model) firstUnder(u *ssa.MapUpdate) bool {
	for _, cond := range conditions(u.Block()) {
		if l := foundBy(condition{cond.value, !cond.holds}); l != nil && SameValue(l.Index, u.Key) {
			return true
		}
	}
	return false
}

// isLookupOf reports whether v is an element of the map c, or of another
// load of the same variable.
func isLookupOf(v, c ssa.Value) bool {
	if x, ok := v.(*ssa.Extract); ok {
		v = x.Tuple
	}
	l, ok := v.(*ssa.Lookup)
	return ok && SameValue(l.X, c)
}

// store handles assignments to variables and fields.
func (m *Model) store(st *ssa.Store) {
	m.count(st)
	m.cacheMade(st)
	m.alias(st)
	if _, ok := st.Val.Type().Underlying().(*types.Chan); ok {
		m.channelMade(st)
		return
	}
	if named, ok := types.Unalias(st.Val.Type()).(*types.Named); ok {
		if s, ok := named.Underlying().(*types.Struct); ok && !isContainer(named) {
			m.overwrite(st, s)
			return
		}
	}
	if !isContainer(st.Val.Type()) {
		return
	}
	sites := m.tracer.sites(st.Addr)
	if len(sites) == 0 {
		return
	}
	self := func(v ssa.Value) bool {
		load, ok := v.(*ssa.UnOp)
		if !ok || load.Op != token.MUL {
			return false
		}
		if cell := m.tracer.cell(load.X); cell != nil {
			return cell == m.tracer.cell(st.Addr) // of others, see what they hold
		}
		return SameValue(load.X, st.Addr) || m.sameSite(load.X, sites)
	}
	switch m.change(st.Val, self) {
	case appended:
		m.grow(st, st.Addr, nil, st.Val, 0)
	case cut:
		m.remove(st, st.Addr, nil, Reslice, 0)
	case replaced:
		_, local := st.Addr.(*ssa.Alloc)
		if (!fresh(st.Addr) || local && inLoop(st.Block())) && !m.lazyInit(st, sites) {
			m.remove(st, st.Addr, nil, Reassign, 0)
		}
	}
}

func (m *Model) sameSite(v ssa.Value, sites []site) bool {
	for _, a := range m.tracer.sites(v) {
		for _, b := range sites {
			if a.key == b.key && a.depth == b.depth {
				return true
			}
		}
	}
	return false
}

// alias handles p.f = &x.m: the container x.m can be reached by p.f as well.
func (m *Model) alias(st *ssa.Store) {
	if _, ok := st.Addr.(*ssa.FieldAddr); !ok {
		return // a local name, which the tracer sees through
	}
	switch addr := st.Val.(type) {
	case *ssa.FieldAddr, *ssa.Global:
		if !isContainer(deref(addr.Type())) {
			return
		}
		for _, s := range m.tracer.sites(addr) {
			if c := m.container(s.key); c != nil {
				c.aliased = true
			}
		}
	}
}

// overwrite handles *p = T{...}, which replaces all containers in T.
func (m *Model) overwrite(st *ssa.Store, s *types.Struct) {
	if fresh(st.Addr) || copiedFrom(st.Val, st.Addr) {
		return
	}
	for field := range s.Fields() {
		if !isContainer(field.Type()) {
			continue
		}
		if c := m.container(field.Origin()); c != nil {
			c.Removals = append(c.Removals, &Removal{c, st, 0, Reassign, nil, st.Addr})
		}
	}
}

// fresh reports whether addr is in an object that this function just made:
// to fill it in is not to replace what was there.
func fresh(addr ssa.Value) bool {
	switch v := addr.(type) {
	case *ssa.FieldAddr:
		return fresh(v.X)
	case *ssa.IndexAddr:
		return fresh(v.X)
	case *ssa.Alloc:
		return true
	}
	return false
}

// lazyInit reports whether a store runs only if the variable is nil or
// empty: the first container, not another one.
func (m *Model) lazyInit(st *ssa.Store, sites []site) bool {
	if isInit(st.Parent()) {
		return true
	}
	for _, cond := range conditions(st.Block()) {
		op, ok := cond.value.(*ssa.BinOp)
		if !ok || op.Op != token.EQL && op.Op != token.NEQ || (op.Op == token.EQL) != cond.holds {
			continue
		}
		for _, v := range [...]ssa.Value{op.X, op.Y} {
			if call, ok := v.(*ssa.Call); ok && isBuiltin(&call.Call, "len") {
				v = call.Call.Args[0]
			}
			if m.sameSite(v, sites) {
				return true
			}
		}
	}
	return false
}

func isInit(fn *ssa.Function) bool {
	return fn.Signature.Recv() == nil && fn.Parent() == nil && (fn.Name() == "init" || len(fn.Name()) > 5 && fn.Name()[:5] == "init#")
}

func isBuiltin(call *ssa.CallCommon, name string) bool {
	b, ok := call.Value.(*ssa.Builtin)
	return ok && b.Name() == name
}

// load counts the places that read a container's elements.
func (m *Model) load(load *ssa.UnOp) {
	if load.Op != token.MUL || !isContainer(load.Type()) {
		return
	}
	var key any
	switch addr := load.X.(type) {
	case *ssa.Global:
		key = addr
	case *ssa.FieldAddr:
		key = fieldOf(addr)
	default:
		return
	}
	if _, ok := load.Type().Underlying().(*types.Chan); ok {
		if c := m.container(key); c != nil {
			m.channel(load, c)
		}
		return
	}
	for _, ref := range *load.Referrers() {
		if !reads(ref, load) {
			continue
		}
		if c := m.container(key); c != nil {
			c.Reads++
		}
	}
}

// reads reports whether instr uses the elements of the container v.
func reads(instr ssa.Instruction, v ssa.Value) bool {
	switch instr := instr.(type) {
	case *ssa.MapUpdate:
		return instr.Map != v
	case *ssa.BinOp:
		return false // compared with nil
	case *ssa.Call:
		if isBuiltin(&instr.Call, "append") && instr.Call.Args[0] == v {
			for _, ref := range *instr.Referrers() {
				if _, ok := ref.(*ssa.Store); !ok {
					return true
				}
			}
			return false
		}
		return !isBuiltin(&instr.Call, "delete") && !isBuiltin(&instr.Call, "clear")
	}
	return true
}
