package unboundedinput

import (
	"go/constant"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/internal/callsite"
	"github.com/heapvet/heapvet/passes/internal/program"
	"github.com/heapvet/heapvet/passes/internal/typeid"
)

// limitedAt reports whether every way to point at passes a comparison that
// limits v from above, or a call that checks it.
func (z sizer) limitedAt(v ssa.Value, at point) bool {
	if at.block == nil {
		return false
	}
	if at.to != nil {
		if branch, ok := lastIf(at.block); ok && at.block.Succs[0] != at.block.Succs[1] && caps(branch.Cond, at.block.Succs[0] == at.to, v) {
			return true
		}
	}
	for b := at.block; b != nil; b = b.Idom() {
		if z.checkedIn(v, b) {
			return true
		}
		d := b.Idom()
		if d == nil {
			break
		}
		branch, ok := lastIf(d)
		if !ok {
			continue
		}
		for i, succ := range d.Succs {
			if len(succ.Preds) == 1 && succ.Dominates(at.block) && caps(branch.Cond, i == 0, v) {
				return true
			}
		}
	}
	return false
}

func lastIf(b *ssa.BasicBlock) (*ssa.If, bool) {
	branch, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
	return branch, ok
}

// caps reports whether cond, being holds, limits v from above.
func caps(cond ssa.Value, holds bool, v ssa.Value) bool {
	op, ok := cond.(*ssa.BinOp)
	if !ok {
		return false
	}
	switch op.Op {
	case token.EQL:
		return holds && (contains(op.X, v) || contains(op.Y, v))
	case token.NEQ:
		return !holds && (contains(op.X, v) || contains(op.Y, v))
	case token.LSS, token.LEQ:
		return holds && contains(op.X, v) || !holds && contains(op.Y, v)
	case token.GTR, token.GEQ:
		return !holds && contains(op.X, v) || holds && contains(op.Y, v)
	}
	return false
}

// contains reports whether x is v, or v with something added or multiplied.
func contains(x, v ssa.Value) bool {
	x, v = strip(x), strip(v)
	if same(x, v, 0) {
		return true
	}
	if op, ok := x.(*ssa.BinOp); ok {
		switch op.Op {
		case token.ADD, token.MUL, token.SHL:
			return contains(op.X, v) || contains(op.Y, v)
		case token.SUB, token.QUO, token.SHR:
			return contains(op.X, v)
		}
	}
	return false
}

// strip removes conversions between numbers.
func strip(v ssa.Value) ssa.Value {
	for {
		switch x := v.(type) {
		case *ssa.Convert:
			v = x.X
		case *ssa.ChangeType:
			v = x.X
		default:
			return v
		}
	}
}

// same reports whether a and b are one value, or read from one place.
func same(a, b ssa.Value, depth int) bool {
	if a == b {
		return true
	}
	if depth > 5 {
		return false
	}
	switch a := a.(type) {
	case *ssa.UnOp:
		b, ok := b.(*ssa.UnOp)
		return ok && a.Op == token.MUL && b.Op == token.MUL && same(a.X, b.X, depth+1)
	case *ssa.FieldAddr:
		b, ok := b.(*ssa.FieldAddr)
		return ok && a.Field == b.Field && same(a.X, b.X, depth+1)
	case *ssa.Call:
		b, ok := b.(*ssa.Call) // m.GetSize() twice
		if !ok || len(a.Call.Args) != 1 || len(b.Call.Args) != 1 || callsite.Func(a.Common()) == nil {
			return false
		}
		return callsite.Func(a.Common()) == callsite.Func(b.Common()) && same(a.Call.Args[0], b.Call.Args[0], depth+1)
	}
	return false
}

// checkedIn reports whether block calls a function that compares v with a
// maximum and tells the outcome.
func (z sizer) checkedIn(v ssa.Value, block *ssa.BasicBlock) bool {
	for _, instr := range block.Instrs {
		call, ok := instr.(*ssa.Call)
		if !ok || !tells(call.Call.Signature()) {
			continue
		}
		for i, arg := range program.Args(call) {
			if small(arg.Type()) || !same(strip(arg), strip(v), 0) {
				continue
			}
			for _, callee := range z.prog.Callees(call) {
				if validates(callee, i) {
					return true
				}
			}
			if fn := callsite.Func(call.Common()); fn != nil {
				if known := z.known(fn); known != nil && known.validates(i) {
					return true
				}
			}
		}
	}
	return false
}

// tells reports whether a function of signature sig says yes or no, or
// returns an error.
func tells(sig *types.Signature) bool {
	n := sig.Results().Len()
	if n == 0 {
		return false
	}
	last := sig.Results().At(n - 1).Type()
	b, ok := last.Underlying().(*types.Basic)
	return typeid.IsError(last) || ok && b.Kind() == types.Bool
}

// validates reports whether fn compares its i-th parameter with anything
// but zero.
func validates(fn *ssa.Function, i int) bool {
	if i >= len(fn.Params) {
		return false
	}
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			op, ok := instr.(*ssa.BinOp)
			if !ok || !ordered(op.Op) {
				continue
			}
			if contains(op.X, fn.Params[i]) && !isZero(op.Y) || contains(op.Y, fn.Params[i]) && !isZero(op.X) {
				return true
			}
		}
	}
	return false
}

func isZero(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	if !ok || c.Value == nil {
		return false
	}
	switch c.Value.Kind() {
	case constant.Int, constant.Float:
		return constant.Sign(c.Value) == 0
	}
	return false // text is compared by size, too
}
