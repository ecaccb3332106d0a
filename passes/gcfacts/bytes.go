package gcfacts

import (
	"go/ast"
	"go/types"
)

// maxByValue is the size up to which gc captures a variable by value, if
// nothing assigns to it after the capture.
const maxByValue = 128

// Bytes returns how many bytes the allocation at s asks for, before they
// are rounded up to a size class; -1 if types do not tell.
func (p *Package) Bytes(s Site) int64 {
	if !p.ready() {
		return -1
	}
	k := &p.class
	switch node := s.Node.(type) {
	case *ast.Ident:
		if s.Kind == Moved {
			return k.size(k.info.TypeOf(node))
		}
	case *ast.CaseClause:
		if v := k.info.Implicits[node]; v != nil {
			return k.size(v.Type())
		}
	case *ast.FuncLit:
		return p.closureBytes(node)
	}
	e, ok := s.Node.(ast.Expr)
	if !ok {
		return -1
	}
	t := k.info.TypeOf(e)
	switch s.Kind {
	case Moved, Box:
		return k.size(t)
	case NewCall:
		return k.size(pointee(t))
	case PtrLit:
		if elem := pointee(t); elem != nil {
			return k.size(elem) // the & is left out
		}
		return k.size(t)
	case SliceLit:
		return product(literalLen(k, e.(*ast.CompositeLit)), k.size(k.elem(e)))
	case MakeSlice:
		args := e.(*ast.CallExpr).Args
		if n, ok := k.constant(args[len(args)-1]); ok {
			return product(n, k.size(k.elem(e)))
		}
	case Variadic:
		return variadicBytes(k, e.(*ast.CallExpr))
	case MethodValue:
		if sel := k.info.Selections[e.(*ast.SelectorExpr)]; sel != nil {
			return sum(k.word(), k.size(receiver(sel)))
		}
	}
	return -1
}

// word returns the size of a pointer.
func (k *classifier) word() int64 { return k.size(types.Typ[types.UnsafePointer]) }

// receiver returns the type of what a method value keeps.
func receiver(sel *types.Selection) types.Type {
	if fn, ok := sel.Obj().(*types.Func); ok && fn.Signature().Recv() != nil {
		return fn.Signature().Recv().Type()
	}
	return sel.Recv()
}

// closureBytes returns the size of the function value of lit: the code's
// address and the captured variables.
func (p *Package) closureBytes(lit *ast.FuncLit) int64 {
	k := &p.class
	total := k.word()
	for _, v := range k.captured(lit) {
		size := k.size(v.Type())
		if size > maxByValue || p.movedVar(v) {
			size = k.word() // by reference
		}
		total = sum(total, size)
	}
	return total
}

// movedVar reports whether gc moved v to the heap.
func (p *Package) movedVar(v *types.Var) bool {
	s := p.res.moved[v]
	return s != nil && s.Verdict == Heap
}

// literalLen returns the length of a slice literal.
func literalLen(k *classifier, lit *ast.CompositeLit) int64 {
	var next, length int64
	for _, el := range lit.Elts {
		if kv, ok := el.(*ast.KeyValueExpr); ok {
			if n, ok := k.constant(kv.Key); ok {
				next = n
			}
		}
		next++
		length = max(length, next)
	}
	return length
}

func variadicBytes(k *classifier, call *ast.CallExpr) int64 {
	sig, ok := coreOf(k.info.TypeOf(call.Fun)).(*types.Signature)
	if !ok || len(call.Args) == 0 {
		return -1
	}
	n := int64(len(call.Args))
	if tuple, ok := k.info.TypeOf(call.Args[0]).(*types.Tuple); ok {
		n = int64(tuple.Len())
	}
	last := sig.Params().At(sig.Params().Len() - 1)
	s, ok := last.Type().Underlying().(*types.Slice)
	if !ok {
		return -1
	}
	return product(n-int64(sig.Params().Len()-1), k.size(s.Elem()))
}

func product(n, size int64) int64 {
	if n < 0 || size < 0 {
		return -1
	}
	return n * size
}

func sum(a, b int64) int64 {
	if a < 0 || b < 0 {
		return -1
	}
	return a + b
}
