package resourceleak

import (
	"go/constant"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// asserted tells the outcome of an assertion of a value whose type is seen,
// if ok is such an outcome.
func asserted(ok *ssa.Extract) (holds, known bool) {
	assert, is := ok.Tuple.(*ssa.TypeAssert)
	if !is || ok.Index != 1 {
		return false, false
	}
	box, is := assert.X.(*ssa.MakeInterface)
	if !is {
		return false, false
	}
	for f := assert.Parent(); f != nil; f = f.Parent() {
		if f.TypeParams().Len() > 0 {
			return false, false // depends on the instance
		}
	}
	t := box.X.Type()
	if iface, is := assert.AssertedType.Underlying().(*types.Interface); is {
		return types.Implements(t, iface), true
	}
	return types.Identical(t, assert.AssertedType), true
}

// exhausted reports whether a value that differs from the constant of op has
// been found to differ from all other constants of its type before: the way
// that passes a switch over all of them, or what an earlier one left over.
func exhausted(op *ssa.BinOp) bool {
	x, k := tested(op)
	if k == nil {
		return false
	}
	var reads known
	key, ok := exprKey(x, &reads, 0)
	if !ok {
		return false
	}
	differs := map[string]bool{k.Value.ExactString(): true}
	for b := op.Block(); b != nil; b = b.Idom() {
		d := b.Idom()
		if d == nil || len(b.Preds) != 1 {
			continue // other ways lead here
		}
		branch, ok := d.Instrs[len(d.Instrs)-1].(*ssa.If)
		if !ok {
			continue // goes on in one way
		}
		cond, ok := branch.Cond.(*ssa.BinOp)
		if !ok || (cond.Op == token.EQL) != (d.Succs[1] == b) {
			continue // not known to differ
		}
		if y, k := tested(cond); k != nil {
			if other, ok := exprKey(y, new(known), 0); ok && other == key {
				differs[k.Value.ExactString()] = true
			}
		}
	}
	return len(differs) > 1 && covers(differs, x.Type()) && !(reads.loads && overwritten(op.Parent(), key))
}

// tested returns what op compares with a constant, and the constant.
func tested(op *ssa.BinOp) (ssa.Value, *ssa.Const) {
	if op.Op != token.EQL && op.Op != token.NEQ {
		return nil, nil
	}
	if k, ok := op.Y.(*ssa.Const); ok && k.Value != nil {
		return op.X, k
	}
	if k, ok := op.X.(*ssa.Const); ok && k.Value != nil {
		return op.Y, k
	}
	return nil, nil
}

// covers reports whether values are those of all constants that are declared
// with type t, and no flags to be combined.
func covers(values map[string]bool, t types.Type) bool {
	named, ok := types.Unalias(t).(*types.Named)
	if !ok || named.Obj().Pkg() == nil {
		return false
	}
	some, flags := false, true // flags are but one bit each, and more than two
	most := int64(0)
	scope := named.Obj().Pkg().Scope()
	for _, name := range scope.Names() {
		c, ok := scope.Lookup(name).(*types.Const)
		if !ok || !types.Identical(c.Type(), t) {
			continue // something else
		}
		if !values[c.Val().ExactString()] {
			return false
		}
		v, exact := constant.Int64Val(constant.ToInt(c.Val()))
		some, flags, most = true, flags && exact && v&(v-1) == 0, max(most, v)
	}
	return some && (!flags || most <= 2)
}

// overwritten reports whether fn assigns to what it reads as key.
func overwritten(fn *ssa.Function, key string) bool {
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			if store, ok := instr.(*ssa.Store); ok {
				if addr, ok := exprKey(store.Addr, new(known), 0); ok && "*"+addr == key {
					return true
				}
			}
		}
	}
	return false
}
