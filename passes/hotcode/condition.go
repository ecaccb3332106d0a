package hotcode

import (
	"go/constant"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// isZero reports whether v is nil, false, 0 or "".
func isZero(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	if !ok || c.Value == nil {
		return ok
	}
	switch c.Value.Kind() {
	case constant.Bool:
		return !constant.BoolVal(c.Value)
	case constant.String:
		return constant.StringVal(c.Value) == ""
	case constant.Int:
		return constant.Sign(c.Value) == 0
	}
	return false
}

// lastStore returns what the block of load, or a block that must run before
// it, stores last in the variable that load reads.
func lastStore(load *ssa.UnOp) ssa.Value {
	alloc, ok := load.X.(*ssa.Alloc)
	if !ok {
		return nil
	}
	var before ssa.Instruction = load
	for b := load.Block(); ; {
		var stored ssa.Value
		for _, instr := range b.Instrs {
			if instr == before {
				break
			}
			if store, ok := instr.(*ssa.Store); ok && store.Addr == alloc {
				stored = store.Val
			}
		}
		if stored != nil || len(b.Preds) != 1 || b.Preds[0] == load.Block() {
			return stored
		}
		b, before = b.Preds[0], nil
	}
}

// knownNonNil reports whether b runs only after a test found the error v
// not to be nil.
func knownNonNil(v ssa.Value, b *ssa.BasicBlock) bool {
	for _, cond := range conditions(b) {
		if tested := nonNilTest(cond); tested != nil && sameVar(tested, v) {
			return true
		}
	}
	return false
}

// onError reports whether b runs only after some error was found not to be nil.
func onError(b *ssa.BasicBlock) bool {
	for _, cond := range conditions(b) {
		if tested := nonNilTest(cond); tested != nil && types.Identical(tested.Type(), errorType) {
			return true
		}
	}
	return false
}

// afterPanic reports whether b runs only after recover has caught a panic.
func afterPanic(b *ssa.BasicBlock) bool {
	for _, cond := range conditions(b) {
		tested := nonNilTest(cond)
		if load, ok := tested.(*ssa.UnOp); ok && load.Op == token.MUL {
			tested = lastStore(load)
		}
		call, ok := tested.(*ssa.Call)
		if !ok {
			continue
		}
		if builtin, ok := call.Call.Value.(*ssa.Builtin); ok && builtin.Name() == "recover" {
			return true
		}
	}
	return false
}

// sameVar reports whether two values are one, or two loads of one variable.
func sameVar(x, y ssa.Value) bool {
	if x == y {
		return true
	}
	lx, ok1 := x.(*ssa.UnOp)
	ly, ok2 := y.(*ssa.UnOp)
	return ok1 && ok2 && lx.Op == token.MUL && ly.Op == token.MUL && lx.X == ly.X
}

// A condition is a test with its known outcome.
type condition struct {
	test    ssa.Value
	outcome bool
}

// conditions returns the tests that decided that b runs.
func conditions(b *ssa.BasicBlock) []condition {
	var conds []condition
	for d := b; d != nil; d = d.Idom() {
		if len(d.Preds) != 1 {
			continue
		}
		pred := d.Preds[0]
		test, ok := pred.Instrs[len(pred.Instrs)-1].(*ssa.If)
		if ok && pred.Succs[0] != pred.Succs[1] {
			conds = append(conds, condition{test.Cond, pred.Succs[0] == d})
		}
	}
	return conds
}

// nonNilTest returns the value that cond shows not to be nil, or nil.
func nonNilTest(cond condition) ssa.Value {
	switch test := cond.test.(type) {
	case *ssa.BinOp:
		if test.Op == token.NEQ && cond.outcome || test.Op == token.EQL && !cond.outcome {
			if isNil(test.Y) {
				return test.X
			}
			if isNil(test.X) {
				return test.Y
			}
		}
		if test.Op == token.EQL && cond.outcome && types.Identical(test.X.Type(), errorType) && !isNil(test.Y) && !isNil(test.X) {
			return test.X // equal to a sentinel
		}
	case *ssa.Call:
		fn := callee(&test.Call)
		if cond.outcome && fn != nil && fn.Pkg() != nil && fn.Pkg().Path() == "errors" && len(test.Call.Args) > 0 {
			return test.Call.Args[0] // errors.Is, errors.As
		}
	case *ssa.UnOp:
		if test.Op == token.NOT {
			return nonNilTest(condition{test.X, !cond.outcome})
		}
	}
	return nil
}

func isNil(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	return ok && c.Value == nil
}
