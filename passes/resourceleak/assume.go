package resourceleak

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/internal/callsite"
	"github.com/heapvet/heapvet/passes/internal/typeid"
)

// assume notes that control takes the way to target because cond is holds.
// It returns false if that cannot be.
func (w *walk) assume(cond ssa.Value, holds bool, st *state, target *ssa.BasicBlock) bool {
	switch st.meaning(cond) {
	case isTrue:
		return holds
	case isFalse:
		return !holds
	}
	switch cond := cond.(type) {
	case *ssa.UnOp:
		if cond.Op == token.NOT {
			return w.assume(cond.X, !holds, st, target)
		}
	case *ssa.BinOp:
		if cond.Op == token.EQL || cond.Op == token.NEQ {
			equal := holds == (cond.Op == token.EQL)
			if !equal && exhausted(cond) {
				return false
			}
			return w.assumeEqual(cond, equal, st, target)
		}
	case *ssa.Call:
		return w.assumeCall(cond, holds, st)
	case *ssa.Extract:
		if cond == w.ok {
			st.sure = st.sure || holds
			return holds // or nothing was acquired
		}
		if ok, known := asserted(cond); known && ok != holds {
			return false
		}
		if !holds && (w.drained(cond, st) || w.kind != nil && w.kind.ID == "puller" && pulls(cond.Tuple, w.value)) {
			st.done = true // it has come to its end
		}
	}
	return w.assumeFact(cond, holds, st)
}

// drained reports whether ok tells whether a channel of the resource is still
// open: watcher.Events is closed with the watcher.
func (w *walk) drained(ok *ssa.Extract, st *state) bool {
	recv, is := ok.Tuple.(*ssa.UnOp)
	if !is || recv.Op != token.ARROW || ok.Index != 1 {
		return false
	}
	if load, is := recv.X.(*ssa.UnOp); is {
		field, is := load.X.(*ssa.FieldAddr)
		return is && st.meaning(field.X) == resource
	}
	return w.ofResource(recv.X, st)
}

// assumeEqual notes that the operands of op are equal, or not.
func (w *walk) assumeEqual(op *ssa.BinOp, equal bool, st *state, target *ssa.BasicBlock) bool {
	x, y := op.X, op.Y
	if st.meaning(x) == isNil {
		x, y = y, x
	}
	if k, ok := y.(*ssa.Const); ok && k.IsNil() || st.meaning(y) == isNil {
		return w.assumeNil(op, x, equal, st, target)
	}
	if i, ok := y.(*ssa.Const); ok && equal && w.received(x, i, st) {
		st.done = true
		return true
	}
	mx, my := st.meaning(x), st.meaning(y)
	switch {
	case mx == failure || my == failure:
		return !equal // equal to some error: nothing was acquired
	case mx.holds() || my.holds():
		if equal {
			st.done = true // somebody else has the same
		}
		return true
	}
	return w.assumeFact(op, equal, st)
}

// received reports whether case i of the select statement whose choice is x
// receives from a channel that tells that the resource has ended.
func (w *walk) received(x ssa.Value, i *ssa.Const, st *state) bool {
	choice, ok := x.(*ssa.Extract)
	if !ok || choice.Index != 0 || i.Value == nil {
		return false
	}
	sel, ok := choice.Tuple.(*ssa.Select)
	if !ok || i.Int64() < 0 || i.Int64() >= int64(len(sel.States)) {
		return false
	}
	state := sel.States[i.Int64()]
	return state.Dir == types.RecvOnly && w.ofResource(state.Chan, st)
}

// assumeNil notes that x is nil, or not.
func (w *walk) assumeNil(op *ssa.BinOp, x ssa.Value, equal bool, st *state, target *ssa.BasicBlock) bool {
	switch st.meaning(x) {
	case resource:
		if equal {
			return false
		}
		st.sure = true
		return true
	case part, carrier, view, closer, isNotNil:
		return !equal
	case isNil:
		return equal
	case failure:
		if equal {
			st.sure = true
		}
		return equal
	case verdict:
		w.decide(equal, st)
		return true
	}
	m := isNotNil
	if equal {
		m = isNil
	}
	if typeid.IsError(x.Type()) && types.IsInterface(x.Type()) {
		st.refined[x] = refinement{m, target}
		if load, ok := x.(*ssa.UnOp); ok {
			if p, root := place(load.X); root != nil && st.memory[p] == other {
				st.store(p, m)
			}
		}
	}
	return w.assumeFact(op, equal, st)
}

// decide notes whether the call has succeeded that took over the resource
// depending on its error.
func (w *walk) decide(success bool, st *state) {
	to := st.split.failure
	m := isNotNil
	if success {
		to, m = st.split.success, isNil
	}
	st.settle(m)
	switch to {
	case nobody:
		st.done = true
	case inValue:
		st.set(st.result, carrier)
	}
	st.result = nil
}

// assumeCall notes that call, a condition, is holds.
func (w *walk) assumeCall(call *ssa.Call, holds bool, st *state) bool {
	fn := callsite.Func(&call.Call)
	if fn == nil {
		return true
	}
	for _, arg := range call.Call.Args {
		if holds && st.meaning(arg) == failure && (typeid.IsFunc(fn, "errors", "Is", "As") || fn.Name()[:min(2, len(fn.Name()))] == "Is") {
			return false // os.IsNotExist(err): nothing was acquired
		}
	}
	if w.kind != nil && w.kind.ID == "rows" && !holds && fn.Name() == "Next" && st.meaning(receiver(&call.Call)) == resource {
		st.done = true // read to the end, which closes them
	}
	return w.assumeFact(call, holds, st)
}

// assumeFact notes the outcome of a condition that is tested again.
func (w *walk) assumeFact(cond ssa.Value, holds bool, st *state) bool {
	key, k := conditionKey(cond)
	if key == "" || !w.repeated[key] {
		return true
	}
	if before, ok := st.facts[key]; ok {
		return before.holds == holds
	}
	k.holds = holds
	st.facts[key] = k
	return true
}

// repeatedConditions returns the conditions of fn that are tested more than
// once.
func repeatedConditions(fn *ssa.Function) map[string]bool {
	count := make(map[string]int)
	for _, block := range fn.Blocks {
		branch, ok := block.Instrs[len(block.Instrs)-1].(*ssa.If)
		if !ok {
			continue // goes on in one way
		}
		cond := branch.Cond
		if not, ok := cond.(*ssa.UnOp); ok && not.Op == token.NOT {
			cond = not.X
		}
		if key, _ := conditionKey(cond); key != "" {
			count[key]++
		}
	}
	repeated := make(map[string]bool)
	for key, n := range count {
		if n > 1 {
			repeated[key] = true
		}
	}
	return repeated
}
