package growth

import (
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// Shared reports whether the program is prepared for requests to meet at
// what g grows: its struct has a mutex, or one is locked in front of the
// growth. What requests share and do not lock is either theirs alone or a
// data race.
func (m *Model) Shared(g *Growth) bool {
	return g.Container.Kind == SyncMap || m.Locked(g.Container) || locks(g.Func(), g.Instr.Block())
}

// Locked reports whether the struct of a field has a mutex: it is made to
// be shared between goroutines.
func (m *Model) Locked(c *Container) bool {
	owner := m.holders.owner[c.Field]
	return owner != nil && hasMutex(owner.Type(), 0)
}

// lockedAround reports whether the struct of a field is an unexported part
// of one that has a mutex: the whole is what goroutines share.
func (m *Model) lockedAround(c *Container) bool {
	owner := m.holders.owner[c.Field]
	if owner == nil || owner.Exported() {
		return false
	}
	for field, whole := range m.holders.owner {
		if whole != owner && refersTo(field.Type(), owner) && hasMutex(whole.Type(), 0) {
			return true
		}
	}
	return false
}

// refersTo reports whether t is the named type, or a pointer to it.
func refersTo(t types.Type, name *types.TypeName) bool {
	if ptr, ok := types.Unalias(t).(*types.Pointer); ok {
		t = ptr.Elem()
	}
	named, ok := types.Unalias(t).(*types.Named)
	return ok && named.Origin().Obj() == name
}

func hasMutex(t types.Type, depth int) bool {
	s, ok := t.Underlying().(*types.Struct)
	if !ok || depth > 2 {
		return false
	}
	for f := range s.Fields() {
		switch qualified(f.Type()) {
		case "sync.Mutex", "sync.RWMutex":
			return true
		}
		if f.Embedded() && hasMutex(f.Type(), depth+1) {
			return true
		}
	}
	return false
}

// locks reports whether fn locks a mutex on every way to block b.
func locks(fn *ssa.Function, b *ssa.BasicBlock) bool {
	for _, other := range fn.Blocks {
		if !other.Dominates(b) {
			continue
		}
		for _, instr := range other.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok || call.Call.StaticCallee() == nil {
				continue // no call, or not to a mutex of the standard library
			}
			switch call.Call.StaticCallee().String() {
			case "(*sync.Mutex).Lock", "(*sync.RWMutex).Lock":
				return true
			}
		}
	}
	return false
}
