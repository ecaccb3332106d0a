package hotcode

import (
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// valuesOf returns the values that v may stand for, as far as one function
// shows: through conversions, branches, local variables and the elements
// of slices built for variadic parameters.
func valuesOf(v ssa.Value) []ssa.Value {
	var found []ssa.Value
	seen := make(map[ssa.Value]bool)
	var visit func(v ssa.Value)
	visit = func(v ssa.Value) {
		if v == nil || seen[v] {
			return
		}
		seen[v] = true
		switch v := v.(type) {
		case *ssa.ChangeType:
			visit(v.X)
		case *ssa.ChangeInterface:
			visit(v.X)
		case *ssa.Convert:
			visit(v.X)
		case *ssa.MakeInterface:
			if types.IsInterface(v.X.Type()) || isFunc(v.X.Type()) {
				visit(v.X)
			}
			found = append(found, v)
		case *ssa.Phi:
			for _, edge := range v.Edges {
				visit(edge)
			}
		case *ssa.UnOp:
			if alloc, ok := v.X.(*ssa.Alloc); ok {
				visitStores(alloc, visit)
			} else {
				found = append(found, v)
			}
		case *ssa.Slice:
			if alloc, ok := v.X.(*ssa.Alloc); ok {
				visitStores(alloc, visit)
			}
		default:
			found = append(found, v)
		}
	}
	visit(v)
	return found
}

// visitStores visits what is stored in a local variable or in the elements
// of a local array.
func visitStores(alloc *ssa.Alloc, visit func(ssa.Value)) {
	for _, ref := range *alloc.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Store:
			if ref.Addr == alloc {
				visit(ref.Val)
			}
		case *ssa.IndexAddr:
			for _, ref := range *ref.Referrers() {
				if store, ok := ref.(*ssa.Store); ok {
					visit(store.Val)
				}
			}
		}
	}
}

func isFunc(t types.Type) bool {
	_, ok := t.Underlying().(*types.Signature)
	return ok
}
