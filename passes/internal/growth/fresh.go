package growth

import (
	"go/constant"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// fresher says in plain words what makes a key another one each time that
// it is made, so that looking for it never finds an older entry; "" if it
// may come again.
func fresher(key ssa.Value) string {
	switch key := unbox(key).(type) {
	case *ssa.Alloc:
		if t := deref(key.Type()).Underlying(); key.Heap && !isEmpty(t) {
			return "a new pointer"
		}
	case *ssa.Call:
		if callee := key.Call.StaticCallee(); callee != nil && callee.String() == "fmt.Sprintf" && printsPointer(key.Call.Args) {
			return "the address of a new object"
		}
	}
	return ""
}

// isEmpty reports whether all objects of type t may have one address.
func isEmpty(t types.Type) bool {
	s, ok := t.(*types.Struct)
	return ok && s.NumFields() == 0
}

// printsPointer reports whether the arguments of fmt.Sprintf are a format
// with %p and an object that is made for it.
func printsPointer(args []ssa.Value) bool {
	format, ok := args[0].(*ssa.Const)
	if !ok || format.Value == nil || !strings.Contains(constant.StringVal(format.Value), "%p") {
		return false
	}
	list, ok := args[1].(*ssa.Slice)
	if !ok {
		return false
	}
	array, ok := list.X.(*ssa.Alloc)
	if !ok {
		return false
	}
	for _, ref := range *array.Referrers() {
		elem, ok := ref.(*ssa.IndexAddr)
		if !ok {
			continue
		}
		for _, ref := range *elem.Referrers() {
			if st, ok := ref.(*ssa.Store); ok && madeHere(unbox(st.Val)) {
				return true
			}
		}
	}
	return false
}

// madeHere reports whether v is a pointer to a new object, or the request.
func madeHere(v ssa.Value) bool {
	if alloc, ok := v.(*ssa.Alloc); ok {
		return alloc.Heap
	}
	return qualified(v.Type()) == "net/http.Request"
}
