// Package typeid tells which declaration a piece of typed syntax means.
// Names alone say nothing: every question is answered by package and name.
package typeid

import (
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/types/typeutil"
)

// Callee returns the function or method that call names, the interface
// method of a dynamic call included, or nil for calls of function values,
// builtins and conversions.
func Callee(info *types.Info, call *ast.CallExpr) *types.Func {
	fn, _ := typeutil.Callee(info, call).(*types.Func)
	if fn == nil {
		return nil
	}
	return fn.Origin()
}

// Builtin returns the name of the builtin that call calls, or "".
func Builtin(info *types.Info, call *ast.CallExpr) string {
	if b, ok := typeutil.Callee(info, call).(*types.Builtin); ok {
		return b.Name()
	}
	return ""
}

// IsFunc reports whether fn is one of the named package-level functions of
// the package with import path pkg. No names mean any.
func IsFunc(fn *types.Func, pkg string, names ...string) bool {
	return fn != nil && fn.Pkg() != nil && fn.Pkg().Path() == pkg && fn.Signature().Recv() == nil &&
		(len(names) == 0 || slices.Contains(names, fn.Name()))
}

// IsMethod reports whether fn is one of the named methods of type pkg.typ
// or of a pointer to it. No names mean any.
func IsMethod(fn *types.Func, pkg, typ string, names ...string) bool {
	if fn == nil || fn.Signature().Recv() == nil {
		return false
	}
	return IsNamed(Deref(fn.Signature().Recv().Type()), pkg, typ) &&
		(len(names) == 0 || slices.Contains(names, fn.Name()))
}

// IsNamed reports whether t is the type pkg.name, seen through aliases.
func IsNamed(t types.Type, pkg, name string) bool {
	named, ok := types.Unalias(t).(*types.Named)
	if !ok {
		return false
	}
	obj := named.Obj()
	return obj.Name() == name && obj.Pkg() != nil && obj.Pkg().Path() == pkg
}

// Deref returns the element type of a pointer, and any other type as it is.
func Deref(t types.Type) types.Type {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		return p.Elem()
	}
	return t
}

// IsError reports whether values of type t are errors.
func IsError(t types.Type) bool {
	if t == nil {
		return false
	}
	errorType := types.Universe.Lookup("error").Type().Underlying().(*types.Interface)
	return types.Implements(t, errorType) || !types.IsInterface(t) && types.Implements(types.NewPointer(t), errorType)
}

// IsString reports whether the underlying type of t is string.
func IsString(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsString != 0
}

// IsBytes reports whether the underlying type of t is []byte.
func IsBytes(t types.Type) bool {
	s, ok := t.Underlying().(*types.Slice)
	if !ok {
		return false
	}
	b, ok := s.Elem().Underlying().(*types.Basic)
	return ok && b.Kind() == types.Byte
}

// Method returns the method of t or *t with the given name, or nil.
func Method(t types.Type, name string) *types.Func {
	obj, _, _ := types.LookupFieldOrMethod(t, true, nil, name)
	fn, _ := obj.(*types.Func)
	return fn
}

// Name returns how messages call fn: "fmt.Fprintf", "io.Reader.Read",
// "(*Server).serve" within package pkg.
func Name(fn *types.Func, pkg *types.Package) string {
	prefix := ""
	if fn.Pkg() != nil && fn.Pkg() != pkg {
		prefix = fn.Pkg().Name() + "."
	}
	recv := fn.Signature().Recv()
	if recv == nil {
		return prefix + fn.Name()
	}
	typ := types.TypeString(recv.Type(), func(p *types.Package) string {
		if p == pkg {
			return ""
		}
		return p.Name()
	})
	if _, ok := types.Unalias(recv.Type()).(*types.Pointer); ok {
		typ = "(" + typ + ")"
	}
	return typ + "." + fn.Name()
}
