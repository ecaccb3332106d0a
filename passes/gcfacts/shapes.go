package gcfacts

import (
	"go/ast"
	"go/types"
)

// isGeneric reports whether decl has type parameters, its receiver's too.
func isGeneric(decl *ast.FuncDecl) bool {
	if decl.Type.TypeParams != nil {
		return true
	}
	if decl.Recv == nil || len(decl.Recv.List) == 0 {
		return false
	}
	t := ast.Unparen(decl.Recv.List[0].Type)
	if star, ok := t.(*ast.StarExpr); ok {
		t = ast.Unparen(star.X)
	}
	switch t.(type) {
	case *ast.IndexExpr, *ast.IndexListExpr:
		return true
	}
	return false
}

// Boxes reports whether converting a value of type t to an interface needs
// memory for the value, unless the value is known.
func Boxes(t types.Type) bool { return boxes(t) && !oneByte(t) }

// boxes reports whether converting a value of type t to an interface needs
// memory for the value.
func boxes(t types.Type) bool {
	if _, ok := types.Unalias(t).(*types.TypeParam); ok {
		return true
	}
	switch u := t.Underlying().(type) {
	case *types.Interface, *types.Pointer, *types.Map, *types.Chan, *types.Signature, *types.Tuple:
		return false
	case *types.Basic:
		return u.Kind() != types.UnsafePointer && u.Kind() != types.UntypedNil && u.Kind() != types.Invalid
	case *types.Struct:
		return u.NumFields() != 1 || boxes(u.Field(0).Type()) || types.IsInterface(u.Field(0).Type())
	case *types.Array:
		return u.Len() != 1 || boxes(u.Elem()) || types.IsInterface(u.Elem())
	}
	return true
}

// copies reports whether a conversion makes a new string or slice.
func copies(from, to types.Type) bool {
	if from == nil {
		return false
	}
	_, slice := coreOf(to).(*types.Slice)
	return isString(to) && !isString(from) || slice && isString(from)
}

// coreOf returns the underlying type of t; of a type parameter, the one
// underlying type that all types of its set share, if there is one.
func coreOf(t types.Type) types.Type {
	if t == nil {
		return nil
	}
	iface, ok := t.Underlying().(*types.Interface)
	if !ok {
		return t.Underlying()
	}
	var core types.Type
	for i := range iface.NumEmbeddeds() {
		union, ok := iface.EmbeddedType(i).(*types.Union)
		if !ok {
			core = iface.EmbeddedType(i).Underlying()
			continue
		}
		for j := range union.Len() {
			core = union.Term(j).Type().Underlying()
		}
	}
	if core == nil {
		return iface
	}
	return core
}

func isString(t types.Type) bool {
	if t == nil {
		return false
	}
	b, ok := coreOf(t).(*types.Basic)
	return ok && b.Info()&types.IsString != 0
}
