package growth

import (
	"strings"

	"golang.org/x/tools/go/ssa"
)

// Containers that are never changed but replaced, by a copy with one more
// element, are kept in an atomic.Value or atomic.Pointer.

// atomicMethod returns the name of the method of atomic.Value or
// atomic.Pointer that is called, or "".
func atomicMethod(call *ssa.CallCommon) string {
	name := calleeName(call)
	if name, ok := strings.CutPrefix(name, "(*sync/atomic.Value)."); ok {
		return name
	}
	if _, name, ok := strings.Cut(name, "(*sync/atomic.Pointer[T])."); ok {
		return name
	}
	return ""
}

// publishes returns the value that a call puts into an atomic variable, or
// nil.
func publishes(call *ssa.CallCommon) ssa.Value {
	switch atomicMethod(call) {
	case "Store", "Swap":
		return call.Args[1]
	case "CompareAndSwap":
		return call.Args[2]
	}
	return nil
}

// published follows a container that is handed to a call to the atomic
// variable that keeps it.
func (w *walk) published(call *ssa.Call, v ssa.Value, depth, steps int) {
	if publishes(&call.Call) == v {
		w.value(call.Call.Args[0], depth, steps)
	}
}

// publish handles the calls that replace the container of an atomic
// variable. A copy of the old one is the same with more or less in it.
func (m *Model) publish(site ssa.CallInstruction, v ssa.Value) {
	variable := site.Common().Args[0]
	sites := m.tracer.sites(variable)
	if len(sites) == 0 || isInit(site.Parent()) || fresh(variable) {
		return
	}
	self := func(v ssa.Value) bool {
		switch v.(type) {
		case *ssa.UnOp, *ssa.TypeAssert, *ssa.Extract:
			return m.tracer.loaded(v, 0) && m.sameSite(v, sites)
		}
		return false
	}
	for _, v := range contents(v) {
		switch m.change(v, self) {
		case appended:
			m.grow(site, variable, nil, v, 0)
		case cut:
			m.remove(site, variable, nil, Reslice, 0)
		case replaced:
			m.remove(site, variable, nil, Reassign, 0)
		}
	}
}

// loaded reports whether v comes out of an atomic variable.
func (t *tracer) loaded(v ssa.Value, depth int) bool {
	switch v := v.(type) {
	case *ssa.UnOp:
		return depth < 4 && t.loaded(v.X, depth+1)
	case *ssa.TypeAssert:
		return depth < 4 && t.loaded(v.X, depth+1)
	case *ssa.Extract:
		return depth < 4 && t.loaded(v.Tuple, depth+1)
	case *ssa.Call:
		name := atomicMethod(&v.Call)
		return name == "Load" || name == "Swap"
	}
	return false
}

// contents returns the containers that an interface or a pointer to a new
// variable holds.
func contents(v ssa.Value) []ssa.Value {
	switch v := v.(type) {
	case *ssa.MakeInterface:
		return contents(v.X)
	case *ssa.Alloc:
		var all []ssa.Value
		for _, ref := range *v.Referrers() {
			if st, ok := ref.(*ssa.Store); ok && st.Addr == v {
				all = append(all, st.Val)
			}
		}
		return all
	}
	return []ssa.Value{v}
}

// cell returns the local variable that addr points to, also if a closure
// captures it; or nil.
func (t *tracer) cell(addr ssa.Value) *ssa.Alloc {
	switch addr := addr.(type) {
	case *ssa.Alloc:
		return addr
	case *ssa.FreeVar:
		for i, fv := range addr.Parent().FreeVars {
			if fv != addr {
				continue
			}
			for _, c := range t.closures[addr.Parent()] {
				return t.cell(c.Bindings[i])
			}
		}
	}
	return nil
}

// stores returns what assigns to a local variable, in closures too.
func (t *tracer) stores(cell *ssa.Alloc) []*ssa.Store {
	var all []*ssa.Store
	var visit func(addr ssa.Value)
	visit = func(addr ssa.Value) {
		for _, ref := range *addr.Referrers() {
			switch ref := ref.(type) {
			case *ssa.Store:
				if ref.Addr == addr {
					all = append(all, ref)
				}
			case *ssa.MakeClosure:
				for i, b := range ref.Bindings {
					if b == addr {
						visit(ref.Fn.(*ssa.Function).FreeVars[i])
					}
				}
			}
		}
	}
	visit(cell)
	return all
}
