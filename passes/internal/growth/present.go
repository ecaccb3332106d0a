package growth

import (
	"go/constant"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/internal/program"
)

// present reports whether r runs only after its key was found in c, there or
// by a function that was asked for it: then it removes what it is to.
func (m *Model) present(c *Container, r *Removal) bool {
	return r.Key != nil && m.foundIn(c, r.Key, r.Instr.Block(), 0)
}

// foundIn reports whether block runs only after key was found in c.
func (m *Model) foundIn(c *Container, key ssa.Value, block *ssa.BasicBlock, depth int) bool {
	for _, cond := range conditions(block) {
		if m.finds(c, key, cond, depth) {
			return true
		}
	}
	return false
}

// finds reports whether cond says that key was found in c.
func (m *Model) finds(c *Container, key ssa.Value, cond condition, depth int) bool {
	if l := foundBy(cond); l != nil {
		return SameValue(l.Index, key) && m.sameContainer(l.X, c)
	}
	v, want := cond.value, cond.holds
	if op, ok := v.(*ssa.BinOp); ok {
		if op.Op != token.EQL && op.Op != token.NEQ || !isZero(op.Y) {
			return false
		}
		v, want = op.X, cond.holds == (op.Op == token.NEQ)
	}
	i := 0
	if x, ok := v.(*ssa.Extract); ok {
		v, i = x.Tuple, x.Index
	}
	call, ok := v.(*ssa.Call)
	return ok && m.getterFinds(c, key, call, i, want, depth)
}

// getterFinds reports whether every function that call may call has found
// key in c if result i is not zero, or is zero, as want says.
func (m *Model) getterFinds(c *Container, key ssa.Value, call *ssa.Call, i int, want bool, depth int) bool {
	callees := m.Program.Callees(call)
	if len(callees) == 0 || depth >= maxCalls {
		return false
	}
	for _, callee := range callees {
		var p *ssa.Parameter
		for j, arg := range program.Args(call) {
			if j < len(callee.Params) && SameValue(arg, key) {
				p = callee.Params[j]
			}
		}
		if p == nil || !m.returnsFound(c, p, callee, i, want, depth+1) {
			return false
		}
	}
	return true
}

// returnsFound reports whether fn returns a result i that is not zero, or is
// zero, as want says, only where it has found the key p in c.
func (m *Model) returnsFound(c *Container, p *ssa.Parameter, fn *ssa.Function, i int, want bool, depth int) bool {
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || i >= len(ret.Results) {
			continue
		}
		result := ret.Results[i]
		zero, known := zeroness(result)
		if known && zero == want {
			continue // another outcome
		}
		if !m.foundIn(c, p, b, depth) && !m.finds(c, p, condition{result, want}, depth) {
			return false
		}
	}
	return true
}

// zeroness says whether v is the zero value, where that can be seen. The
// error variables of packages are set.
func zeroness(v ssa.Value) (zero, known bool) {
	switch v := v.(type) {
	case *ssa.Const:
		b, ok := v.Type().Underlying().(*types.Basic)
		if v.Value == nil {
			return true, true
		}
		if ok && b.Info()&types.IsBoolean != 0 {
			return !constant.BoolVal(v.Value), true
		}
	case *ssa.MakeInterface, *ssa.Alloc:
		return false, true
	case *ssa.UnOp:
		_, global := v.X.(*ssa.Global)
		return false, global && isErrorType(v.Type())
	case *ssa.Call:
		name := calleeName(&v.Call)
		return false, name == "errors.New" || name == "fmt.Errorf"
	}
	return false, false
}
