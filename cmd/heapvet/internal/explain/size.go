package explain

import (
	"go/ast"
	"go/constant"
	"go/types"

	"github.com/heapvet/heapvet/passes/gcfacts"
)

// size returns how many bytes the value of s takes, if that is fixed.
func (e *explainer) size(s *gcfacts.Site) (bytes int64, ok bool) {
	t, n := e.allocated(s)
	if t == nil || n < 0 || generic(t) {
		return 0, false
	}
	return e.pkg.TypesSizes.Sizeof(t) * n, true
}

// allocated returns what s allocates: n values of type t.
func (e *explainer) allocated(s *gcfacts.Site) (t types.Type, n int64) {
	info := e.pkg.TypesInfo
	switch node := s.Node.(type) {
	case *ast.Ident:
		if s.Kind == gcfacts.Moved {
			if obj := info.Defs[node]; obj != nil {
				return obj.Type(), 1
			}
			return nil, 0
		}
	case *ast.CompositeLit:
		return e.literal(s.Kind, node)
	case *ast.CallExpr:
		switch s.Kind {
		case gcfacts.NewCall:
			if p, ok := info.TypeOf(node).Underlying().(*types.Pointer); ok {
				return p.Elem(), 1
			}
		case gcfacts.MakeSlice:
			return e.made(node)
		}
	}
	if expr, ok := s.Node.(ast.Expr); ok && s.Kind == gcfacts.Box {
		if t := info.TypeOf(expr); t != nil {
			return t, 1
		}
	}
	return nil, 0
}

// literal returns what a composite literal allocates.
func (e *explainer) literal(kind gcfacts.Kind, lit *ast.CompositeLit) (types.Type, int64) {
	t := e.pkg.TypesInfo.TypeOf(lit)
	if t == nil {
		return nil, 0
	}
	switch u := t.Underlying().(type) {
	case *types.Pointer: // &T elided in a literal of pointers
		return u.Elem(), 1
	case *types.Slice:
		for _, elt := range lit.Elts {
			if _, ok := elt.(*ast.KeyValueExpr); ok {
				return nil, 0 // indices: the length takes more to know
			}
		}
		return u.Elem(), int64(len(lit.Elts))
	case *types.Map:
		return nil, 0
	}
	if kind == gcfacts.PtrLit {
		return t, 1
	}
	return nil, 0
}

// made returns what make allocates for a slice of constant size.
func (e *explainer) made(call *ast.CallExpr) (types.Type, int64) {
	if len(call.Args) < 2 {
		return nil, 0
	}
	slice, ok := e.pkg.TypesInfo.TypeOf(call).Underlying().(*types.Slice)
	value := e.pkg.TypesInfo.Types[call.Args[len(call.Args)-1]].Value
	if !ok || value == nil {
		return nil, 0
	}
	n, ok := constant.Int64Val(constant.ToInt(value))
	if !ok {
		return nil, 0
	}
	return slice.Elem(), n
}

// generic reports whether the size of t depends on a type parameter.
func generic(t types.Type) bool {
	switch t := t.(type) {
	case *types.TypeParam:
		return true
	case *types.Named:
		if t.TypeArgs().Len() > 0 {
			for arg := range t.TypeArgs().Types() {
				if generic(arg) {
					return true
				}
			}
		}
		return t.TypeParams().Len() > t.TypeArgs().Len()
	case *types.Alias:
		return generic(types.Unalias(t))
	case *types.Array:
		return generic(t.Elem())
	case *types.Struct:
		for f := range t.Fields() {
			if generic(f.Type()) {
				return true
			}
		}
	}
	return false
}
