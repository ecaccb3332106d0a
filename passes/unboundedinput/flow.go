package unboundedinput

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/internal/typeid"
)

// refs returns the instructions that use v.
func refs(v ssa.Value) []ssa.Instruction {
	if r := v.Referrers(); r != nil {
		return *r
	}
	return nil
}

// storedIn returns what is assigned to the variable or field at addr.
func storedIn(addr ssa.Value) []ssa.Value {
	var vs []ssa.Value
	for _, ref := range refs(addr) {
		if store, ok := ref.(*ssa.Store); ok && store.Addr == addr && !isNil(store.Val) {
			vs = append(vs, store.Val)
		}
	}
	return vs
}

// stored returns what the program stores in field.
func (t *tracer) stored(field *types.Var) []ssa.Value {
	var vs []ssa.Value
	for _, store := range t.fields[field] {
		vs = append(vs, store.Val)
	}
	return vs
}

// fieldVar returns the field at addr, as declared.
func fieldVar(addr *ssa.FieldAddr) *types.Var {
	s, ok := typeid.Deref(addr.X.Type().Underlying()).Underlying().(*types.Struct)
	if !ok {
		return nil // a field common to the types of a type parameter
	}
	return s.Field(addr.Field).Origin()
}

// isReader reports whether t has a method Read, or is a function type that
// returns such.
func isReader(t types.Type) bool { return typeid.Method(t, "Read") != nil }

func isNil(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	return ok && c.IsNil()
}

// ordered reports whether op compares by size.
func ordered(op token.Token) bool {
	return op == token.LSS || op == token.LEQ || op == token.GTR || op == token.GEQ
}

// comparesAny reports whether fn compares anything by size.
func comparesAny(fn *ssa.Function) bool {
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			if op, ok := instr.(*ssa.BinOp); ok && ordered(op.Op) {
				return true
			}
		}
	}
	return false
}
