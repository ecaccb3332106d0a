package growth

import (
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// overwritten finds maps that own what they hold, as the program closes it
// when it takes it out, and of which an insert drops what is there without
// closing it.
func (m *Model) overwritten(c *Container) *Defect {
	t, ok := c.Type.Underlying().(*types.Map)
	if !ok || !closes(t.Elem()) {
		return nil
	}
	closed := m.closesElement(c)
	if closed == nil {
		return nil
	}
	for _, g := range c.Growths {
		u, ok := g.Instr.(*ssa.MapUpdate)
		if !ok || g.Depth > 0 || !m.Runs(u) || m.Program.Heat(u.Parent()).Assumed || constructor(u.Parent()) || fillsIn(g) {
			continue
		}
		if key := m.Flow.ValueAt(u.Key, u); !key.Tainted() || fresher(u.Key) != "" || ownKey(u) || m.looksUp(u, c) || handled(u.Value) {
			continue // never twice, looked at before, or somebody else's to close
		}
		if life := m.Lifetime(g); life == Long || life == LikelyLong {
			return &Defect{Kind: Overwritten, Container: c, At: u, Other: closed, Advice: true} // who uses it may close it
		}
	}
	return nil
}

// ownKey reports whether the key of an insert is state of the object that
// the map belongs to: a number that it counts.
func ownKey(u *ssa.MapUpdate) bool {
	key, ok := u.Key.(*ssa.UnOp)
	if !ok {
		return false
	}
	field, ok := key.X.(*ssa.FieldAddr)
	if !ok {
		return false
	}
	load, ok := u.Map.(*ssa.UnOp)
	if !ok {
		return false
	}
	kept, ok := load.X.(*ssa.FieldAddr)
	return ok && SameValue(field.X, kept.X)
}

// closes reports whether values of type t have a method that ends them.
func closes(t types.Type) bool {
	for _, name := range [...]string{"Close", "Stop", "Shutdown"} {
		obj, _, _ := types.LookupFieldOrMethod(t, true, nil, name)
		if fn, ok := obj.(*types.Func); ok && fn.Signature().Params().Len() <= 1 {
			return true
		}
	}
	return false
}

// closesElement returns a call that ends an element of c, or nil.
func (m *Model) closesElement(c *Container) ssa.Instruction {
	for _, fn := range m.functionsOf(c) {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				site, ok := instr.(ssa.CallInstruction)
				if ok && ending(site.Common()) && m.elementOf(receiver(site.Common())) == c {
					return instr
				}
			}
		}
	}
	return nil
}

// functionsOf returns the functions that remove from c.
func (m *Model) functionsOf(c *Container) []*ssa.Function {
	var fns []*ssa.Function
	for _, r := range c.Removals {
		fns = append(fns, r.Instr.Parent())
	}
	return fns
}

// ending reports whether a call is to a method that ends its receiver.
func ending(call *ssa.CallCommon) bool {
	name := ""
	if call.IsInvoke() {
		name = call.Method.Name()
	} else if callee := call.StaticCallee(); callee != nil && callee.Signature.Recv() != nil {
		name = callee.Name()
	}
	return name == "Close" || name == "Stop" || name == "Shutdown"
}

func receiver(call *ssa.CallCommon) ssa.Value {
	if call.IsInvoke() {
		return call.Value
	}
	return call.Args[0]
}

// looksUp reports whether the function of an insert, or one that it calls,
// looks at what c has before.
func (m *Model) looksUp(u *ssa.MapUpdate, c *Container) bool {
	for _, b := range u.Parent().Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Lookup:
				if m.keptIn(instr.X) == c {
					return true
				}
			case *ssa.Range:
				if m.keptIn(instr.X) == c {
					return true
				}
			case *ssa.Call:
				for _, callee := range m.Program.Callees(instr) {
					if m.touches(callee, c) {
						return true
					}
				}
			}
		}
	}
	return false
}

// touches reports whether fn looks up or removes elements of c.
func (m *Model) touches(fn *ssa.Function, c *Container) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Lookup:
				if m.keptIn(instr.X) == c {
					return true
				}
			case *ssa.Call:
				if isBuiltin(&instr.Call, "delete") && m.keptIn(instr.Call.Args[0]) == c {
					return true
				}
			}
		}
	}
	return false
}

// handled reports whether somebody else gets the value as well, who may end
// it.
func handled(v ssa.Value) bool {
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case *ssa.MapUpdate, *ssa.DebugRef, *ssa.FieldAddr, *ssa.BinOp:
		case ssa.CallInstruction:
			if ending(ref.Common()) || receiverOf(ref.Common()) != v {
				return true
			}
		default:
			return true
		}
	}
	return false
}

// receiverOf returns the receiver of a method call, else nil.
func receiverOf(call *ssa.CallCommon) ssa.Value {
	if call.IsInvoke() {
		return call.Value
	}
	if callee := call.StaticCallee(); callee != nil && callee.Signature.Recv() != nil && len(call.Args) > 0 {
		return call.Args[0]
	}
	return nil
}
