package resourceleak

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/internal/callsite"
	"github.com/heapvet/heapvet/passes/internal/typeid"
)

// exec notes what instr, which neither branches nor returns, does.
func (w *walk) exec(instr ssa.Instruction, st *state) {
	switch instr := instr.(type) {
	case *ssa.Store:
		w.store(instr, st)
	case *ssa.UnOp:
		if instr.Op == token.ARROW && w.ofResource(instr.X, st) {
			st.done = true // <-session.Done(): it has ended
		}
		st.set(instr, w.loaded(instr, st))
	case *ssa.MakeInterface:
		st.set(instr, st.meaning(instr.X))
	case *ssa.ChangeInterface:
		st.set(instr, st.meaning(instr.X))
	case *ssa.ChangeType:
		st.set(instr, st.meaning(instr.X))
	case *ssa.Convert:
		st.set(instr, st.meaning(instr.X))
	case *ssa.Slice:
		st.set(instr, st.meaning(instr.X))
	case *ssa.TypeAssert:
		st.set(instr, st.meaning(instr.X))
	case *ssa.Extract:
		if assert, ok := instr.Tuple.(*ssa.TypeAssert); ok && instr.Index == 0 {
			st.set(instr, st.meaning(assert.X))
		}
	case *ssa.Field:
		if st.meaning(instr.X) == carrier && mayHold(instr.Type()) {
			st.set(instr, carrier)
		}
	case *ssa.FieldAddr:
		m := st.meaning(instr.X)
		if m == resource {
			st.sure = true // a nil pointer would panic
		}
		if !embedded(instr) || !m.holds() {
			m = other
		}
		st.set(instr, m) // the promoted methods are those of the field
	case *ssa.MakeClosure:
		st.set(instr, w.closure(instr, st))
	case *ssa.MapUpdate:
		st.done = st.done || st.meaning(instr.Value).holds() || st.meaning(instr.Key).holds()
	case *ssa.Send:
		st.done = st.done || st.meaning(instr.X).holds()
	case *ssa.Select:
		for _, s := range instr.States {
			if s.Dir == types.SendOnly && st.meaning(s.Send).holds() {
				st.done = true // whoever waits for it would have to tell if nobody takes it
			}
		}
	case *ssa.Defer:
		w.deferred(instr, st)
	case *ssa.Go:
		w.started(instr, st)
	case *ssa.Call:
		w.call(instr, st)
	}
}

// loaded returns what the load instr reads.
func (w *walk) loaded(load *ssa.UnOp, st *state) meaning {
	if load.Op != token.MUL {
		return other
	}
	if w.cell != nil && load.X == w.cell {
		return resource
	}
	if p, root := place(load.X); root != nil {
		if m := st.memory[p]; m != other {
			return m
		}
		if _, whole := load.X.(*ssa.Alloc); whole && st.meaning(root) == carrier {
			return carrier // a copy of the object
		}
		return w.ofVariable(load, root, st)
	}
	field, ok := load.X.(*ssa.FieldAddr)
	if !ok {
		if m := st.meaning(load.X); m == carrier {
			return m // the object that a pointer points to
		}
		return other
	}
	switch st.meaning(field.X) {
	case resource:
		if field.Field == w.part {
			return part
		}
		if embedded(field) {
			return resource
		}
		if w.kind == nil && releaseMethod(load.Type()) != nil {
			return carrier // who releases what it is made of releases it
		}
	case carrier:
		if mayHold(load.Type()) {
			return carrier
		}
	}
	return other
}

// ofVariable returns what a field is that load reads from a local variable
// to which a whole struct was assigned.
func (w *walk) ofVariable(load *ssa.UnOp, root *ssa.Alloc, st *state) meaning {
	switch m := st.memory[root.Name()]; {
	case load.X == root:
		return other
	case m == carrier && mayHold(load.Type()):
		return carrier
	case m == resource && w.kind == nil && releaseMethod(load.Type()) != nil:
		return carrier // who releases what it is made of releases it
	}
	return other
}

// embedded reports whether addr is the address of an embedded field.
func embedded(addr *ssa.FieldAddr) bool {
	s, ok := typeid.Deref(addr.X.Type()).Underlying().(*types.Struct)
	return ok && s.Field(addr.Field).Embedded()
}

// ofResource reports whether v is a channel that a method of the resource
// returned.
func (w *walk) ofResource(v ssa.Value, st *state) bool {
	call, ok := v.(*ssa.Call)
	return ok && receiver(&call.Call) != nil && st.meaning(receiver(&call.Call)) == resource
}

// mayHold reports whether a value of type t can give access to a resource.
func mayHold(t types.Type) bool {
	if typeid.IsError(t) && types.IsInterface(t) {
		return false
	}
	switch u := t.Underlying().(type) {
	case *types.Pointer, *types.Interface, *types.Signature, *types.Slice, *types.Map, *types.Chan:
		return !typeid.IsBytes(t)
	case *types.Struct:
		for f := range u.Fields() {
			if mayHold(f.Type()) {
				return true
			}
		}
	case *types.Array:
		return mayHold(u.Elem())
	}
	return false
}

// store notes an assignment.
func (w *walk) store(instr *ssa.Store, st *state) {
	m := st.meaning(instr.Val)
	p, root := place(instr.Addr)
	if root == nil {
		if m.holds() && !w.staysLocal(instr.Addr, st) {
			st.done = true
		}
		return
	}
	st.store(p, m)
	if !m.holds() {
		return
	}
	if instr.Addr != root || isStruct(instr.Val.Type()) && m == carrier {
		st.fields = st.fields || m == resource && namedStruct(root)
		if st.meaning(root) == other {
			st.set(root, holder(m))
		}
	}
	if w.released[root] {
		st.done = true // a function that releases what the variable holds runs in the end
	}
}

// holder returns what an object is that a value of meaning m is put into.
func holder(m meaning) meaning {
	if m == view {
		return view
	}
	return carrier
}

func namedStruct(v *ssa.Alloc) bool {
	_, ok := types.Unalias(typeid.Deref(v.Type())).(*types.Named)
	return ok
}

// staysLocal reports whether what is stored at addr, which is no local
// variable, goes no further than the resource itself: it is put into the
// resource, or into an object that holds it or does not care for it.
func (w *walk) staysLocal(addr ssa.Value, st *state) bool {
	field, ok := addr.(*ssa.FieldAddr)
	if !ok {
		return false
	}
	m := st.meaning(field.X)
	return m == resource || m == carrier || typeid.IsNamed(typeid.Deref(field.X.Type()), "os/exec", "Cmd")
}

// returns notes how the way ends.
func (w *walk) returns(ret *ssa.Return, st *state) {
	o := outcome{ret: ret, owner: caller, sure: st.sure, used: st.used, fields: st.fields, passes: true}
	if returnsError(w.fn.Signature) {
		err := ret.Results[len(ret.Results)-1]
		o.fails, o.passes = w.errors(err, st)
	}
	if st.done || st.split != nil {
		o.owner = nobody
		w.outcomes = append(w.outcomes, o)
		return
	}
	best := other
	for i, v := range ret.Results {
		m := st.meaning(v)
		if m.holds() && (best == other || m == closer || m == resource && best != closer) {
			best = m
			o.owner, o.result, o.whole = inValue, i, m == resource
		}
	}
	w.outcomes = append(w.outcomes, o)
}

// errors tells whether the error result v may be not nil, and nil.
func (w *walk) errors(v ssa.Value, st *state) (fails, passes bool) {
	switch st.meaning(v) {
	case isNil:
		return false, true
	case isNotNil:
		return true, false
	case failure:
		return !st.sure, true
	}
	switch v := v.(type) {
	case *ssa.MakeInterface:
		return true, false
	case *ssa.UnOp:
		if g, ok := v.X.(*ssa.Global); ok && v.Op == token.MUL && g.Name() != "" {
			return true, false // ErrNotFound and the like
		}
	case *ssa.Call:
		if fn := callsite.Func(&v.Call); fn != nil && (typeid.IsFunc(fn, "errors", "New") || typeid.IsFunc(fn, "fmt", "Errorf")) {
			return true, false
		}
		for _, arg := range v.Call.Args {
			if isErrorType(arg.Type()) && st.meaning(arg) == isNotNil {
				return true, false // wraps an error
			}
		}
	}
	return true, true
}

// receiver returns the value that call calls a method of, or nil.
func receiver(call *ssa.CallCommon) ssa.Value {
	if call.IsInvoke() {
		return call.Value
	}
	if call.Signature().Recv() != nil && len(call.Args) > 0 {
		return call.Args[0]
	}
	return nil
}

// pulls reports whether tuple is the result of the function next that
// belongs to stop: both are results of one call of iter.Pull.
func pulls(tuple, stop ssa.Value) bool {
	call, ok := tuple.(*ssa.Call)
	if !ok {
		return false
	}
	next, ok := call.Call.Value.(*ssa.Extract)
	made, ok2 := stop.(*ssa.Extract)
	return ok && ok2 && next.Tuple == made.Tuple
}
