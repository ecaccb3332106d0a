package growth

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/hotcode"
)

// spread finds the types with long-lived objects: from package variables
// and receivers of request roots, along fields.
func (h *holders) spread() {
	var queue []*types.TypeName
	push := func(t *types.TypeName) {
		if t != nil && !h.long[t] {
			h.long[t] = true
			queue = append(queue, t)
		}
	}
	for _, t := range h.globals {
		push(t)
	}
	for _, fn := range h.model.Program.Funcs {
		if recv := fn.Signature.Recv(); recv != nil && isRoot(h.model.Program.Heat(fn)) {
			push(structOf(recv.Type()))
		}
	}
	for t := range h.stored {
		push(t)
	}
	for len(queue) > 0 {
		t := queue[0]
		queue = queue[1:]
		for _, u := range h.stores[t] {
			h.stored[u] = true
			push(u)
		}
		for _, u := range h.parts(t.Type().Underlying()) {
			push(u)
		}
	}
}

// parts returns the types of objects that a long-lived object of struct
// type t has: its fields, and what they refer to if it is made outside
// request code.
func (h *holders) parts(t types.Type) []*types.TypeName {
	s, ok := t.(*types.Struct)
	if !ok {
		return nil
	}
	var found []*types.TypeName
	for f := range s.Fields() {
		switch u := types.Unalias(f.Type()).(type) {
		case *types.Struct:
			found = append(found, h.parts(u)...)
			continue
		case *types.Named:
			if _, ok := u.Underlying().(*types.Struct); ok {
				found = append(found, u.Origin().Obj()) // embedded by value
				continue
			}
		}
		if part := structOf(f.Type()); part != nil && h.madeOutside(part) {
			found = append(found, part)
		}
		if iface, ok := f.Type().Underlying().(*types.Interface); ok {
			found = append(found, h.implementers(iface)...)
		}
	}
	return found
}

// implementers returns the types of the program that implement an interface
// and have objects made outside request code.
func (h *holders) implementers(iface *types.Interface) []*types.TypeName {
	if found, ok := h.impls[iface]; ok || iface.NumMethods() == 0 {
		return found
	}
	var found []*types.TypeName // a set: the order does not matter
	method := iface.Method(0)
	for t := range h.made {
		named := t.Type().(*types.Named)
		if named.TypeParams().Len() > 0 {
			continue // its instances are types of their own
		}
		ptr := types.NewPointer(named)
		if obj, _, _ := types.LookupFieldOrMethod(ptr, false, method.Pkg(), method.Name()); obj == nil {
			continue // cheaper than to compare all methods
		}
		if h.madeOutside(t) && types.Implements(ptr, iface) {
			found = append(found, t)
		}
	}
	h.impls[iface] = found
	return found
}

// madeOutside reports whether an object of type t is made by code that does
// not run per request.
func (h *holders) madeOutside(t *types.TypeName) bool {
	return slices.ContainsFunc(h.made[t], func(fn *ssa.Function) bool {
		return h.runsOutside(fn, make(map[*ssa.Function]bool))
	})
}

// runsOutside reports whether set-up code reaches fn: it is not hot, and so
// is nothing on some way of calls to it.
func (h *holders) runsOutside(fn *ssa.Function, seen map[*ssa.Function]bool) bool {
	if out, ok := h.outside[fn]; ok {
		return out
	}
	if seen[fn] || h.model.Program.Heat(fn).Grade == hotcode.Hot {
		return false
	}
	seen[fn] = true
	out := h.model.starts(fn)
	for _, site := range h.model.Program.Callers(fn) {
		caller := site.Parent()
		if heat := h.model.Program.Heat(caller); heat.Root != "" && len(heat.Chain) <= 1 && h.model.Program.HeatAt(site).Grade != hotcode.Cold {
			continue // per turn of a loop
		}
		out = out || h.runsOutside(caller, seen)
	}
	h.outside[fn] = out
	return out
}

// starts reports whether fn runs although nothing in the program calls it.
func (m *Model) starts(fn *ssa.Function) bool {
	if isInit(fn) || fn.Name() == "main" && fn.Pkg != nil && fn.Pkg.Pkg.Name() == "main" || m.holders.isValue(fn) {
		return true
	}
	return !m.hasMain && len(m.Program.Callers(fn)) == 0
}
