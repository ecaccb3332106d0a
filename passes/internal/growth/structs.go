package growth

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// A struct that is kept by value is changed by copying it out, changing the
// copy, and storing that back.

// copiedElements returns what a local struct variable is copied from, if it
// is stored back into some object or container.
func copiedElements(v *ssa.Alloc) []ssa.Value {
	if !isStruct(deref(v.Type())) {
		return nil
	}
	var from []ssa.Value
	back := false
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Store:
			if ref.Addr == v && isCopy(ref.Val) {
				from = append(from, ref.Val)
			}
		case *ssa.UnOp:
			back = back || keptBy(ref)
		}
	}
	if !back {
		return nil
	}
	return from
}

func isStruct(t types.Type) bool { _, ok := t.Underlying().(*types.Struct); return ok }

// isCopy reports whether v is read from a variable or a container.
func isCopy(v ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.Lookup:
		return true
	case *ssa.Extract:
		_, ok := v.Tuple.(*ssa.Lookup)
		return ok
	case *ssa.UnOp:
		_, local := v.X.(*ssa.Alloc)
		return v.Op == token.MUL && !local
	}
	return false
}

// keptBy reports whether a struct value is stored somewhere but in a local
// variable.
func keptBy(v ssa.Value) bool {
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case *ssa.MapUpdate:
			if ref.Value == v {
				return true
			}
		case *ssa.Store:
			if _, local := ref.Addr.(*ssa.Alloc); !local && ref.Val == v {
				return true
			}
		}
	}
	return false
}

// copiedFrom reports whether v is a local variable's value that was copied
// from what addr points to, and goes back there.
func copiedFrom(v, addr ssa.Value) bool {
	load, ok := v.(*ssa.UnOp)
	if !ok {
		return false
	}
	local, ok := load.X.(*ssa.Alloc)
	if !ok {
		return false
	}
	for _, from := range copiedElements(local) {
		if from, ok := from.(*ssa.UnOp); ok && SameValue(from.X, addr) {
			return true
		}
	}
	return false
}
