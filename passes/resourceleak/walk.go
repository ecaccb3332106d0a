package resourceleak

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/internal/callsite"
	"github.com/heapvet/heapvet/passes/internal/typeid"
)

// A walk follows one resource on all ways through a function.
type walk struct {
	*engine
	fn    *ssa.Function
	value ssa.Value // the resource
	err   ssa.Value // that says whether it was acquired; nil if that cannot fail
	site  *ssa.Call // that acquires it; nil for a parameter
	kind  *kind     // nil for a parameter
	whole bool      // what is followed is what kind describes, not an object that holds it
	part  int       // the field that is to be closed, or -1
	cell  ssa.Value // the captured variable that has the resource, if any

	released map[*ssa.Alloc]bool // variables whose content is released in the end

	repeated map[string]bool // conditions that are tested more than once
	seen     map[string]bool
	tasks    []task
	gaveUp   bool

	outcomes []outcome
	sealed   map[ssa.Instruction]bool // where it was released or handed over
	releases []ssa.CallInstruction    // of fn, that release it whatever the way
	lent     *ssa.Call                // a function that uses it, and may panic
}

// An outcome is how one way ends.
type outcome struct {
	ret    *ssa.Return // nil if the resource is acquired anew while it is held
	owner  owner
	result int  // of inValue: which result has it
	whole  bool // of inValue: the result is the resource itself, not an object that holds it
	fails  bool // the function returns an error, for all we know
	passes bool // it may return nil
	sure   bool
	used   bool
	fields bool
}

// A task is a block that is yet to be walked.
type task struct {
	block, pred *ssa.BasicBlock
	from        int // the first instruction
	state       *state
}

// maxTasks bounds a walk. What is more winding is not judged.
const maxTasks = 3000

// follow walks from the instruction at index from of block, at which the
// resource has just been acquired.
func (w *walk) follow(block *ssa.BasicBlock, from int, st *state) {
	w.seen = make(map[string]bool)
	w.sealed = make(map[ssa.Instruction]bool)
	if w.site != nil {
		w.releases = releaseCalls(w.fn, w.value)
	}
	w.repeated = repeatedConditions(w.fn)
	w.tasks = []task{{block: block, from: from, state: st}}
	for n := 0; len(w.tasks) > 0; n++ {
		if n > maxTasks {
			w.gaveUp = true
			return
		}
		t := w.tasks[len(w.tasks)-1]
		w.tasks = w.tasks[:len(w.tasks)-1]
		w.step(t)
	}
}

// step walks one block.
func (w *walk) step(t task) {
	if t.pred != nil {
		w.enter(t)
		key := t.state.key(t.block)
		if w.seen[key] {
			return
		}
		w.seen[key] = true
	}
	for _, instr := range t.block.Instrs[t.from:] {
		switch instr := instr.(type) {
		case *ssa.Phi:
			continue // done on entry
		case *ssa.Return:
			w.returns(instr, t.state)
			return
		case *ssa.Panic:
			return // the process ends, or somebody recovers
		case *ssa.If:
			for i, succ := range t.block.Succs {
				st := t.state.clone()
				if w.assume(instr.Cond, i == 0, st, succ) && !w.finished(st, instr) {
					w.tasks = append(w.tasks, task{block: succ, pred: t.block, state: st})
				}
			}
			return
		case *ssa.Jump:
			w.tasks = append(w.tasks, task{block: t.block.Succs[0], pred: t.block, state: t.state})
			return
		}
		if call, ok := instr.(*ssa.Call); ok && call == w.site {
			w.again(t.state)
			return
		}
		w.exec(instr, t.state)
		if w.finished(t.state, instr) {
			return
		}
	}
}

// finished reports whether the rest of the way is of no interest: the
// resource is released, and nobody asks how the function ends.
func (w *walk) finished(st *state, instr ssa.Instruction) bool {
	if st.done && !w.sealed[instr] {
		w.sealed[instr] = true
	}
	return st.done && w.kind != nil
}

// enter moves the state of t to the beginning of its block.
func (w *walk) enter(t task) {
	edge := slices.Index(t.block.Preds, t.pred)
	var phis []*ssa.Phi
	var meanings []meaning
	for _, instr := range t.block.Instrs {
		phi, ok := instr.(*ssa.Phi)
		if !ok {
			break
		}
		phis = append(phis, phi)
		meanings = append(meanings, t.state.meaning(phi.Edges[edge]))
	}
	t.state.enter(t.block, t.pred)
	for i, phi := range phis {
		t.state.set(phi, meanings[i])
	}
}

// again notes that the way comes to the acquisition once more. Unless some
// variable still names the first resource, nobody can release it any more.
func (w *walk) again(st *state) {
	if st.done || !st.sure || st.split != nil {
		return
	}
	for v, m := range st.values {
		if phi, ok := v.(*ssa.Phi); ok && m.holds() && w.live(phi) {
			return
		}
	}
	w.outcomes = append(w.outcomes, outcome{owner: caller, sure: true, used: st.used, fields: st.fields, passes: true})
}

// live reports whether phi is used after the acquisition, before it gets
// another value.
func (w *walk) live(phi *ssa.Phi) bool {
	after := callsite.Reachable(w.site.Block(), func(b *ssa.BasicBlock) bool { return b == phi.Block() })
	for _, ref := range *phi.Referrers() {
		if other, ok := ref.(*ssa.Phi); ok {
			for i, e := range other.Edges {
				if e == phi && (after[other.Block().Preds[i]] || other.Block().Preds[i] == w.site.Block()) && other.Block() != phi.Block() {
					return true
				}
			}
			continue
		}
		if after[ref.Block()] || ref.Block() == w.site.Block() && indexOf(ref) > indexOf(w.site) {
			return true
		}
	}
	return false
}

func indexOf(instr ssa.Instruction) int { return slices.Index(instr.Block().Instrs, instr) }

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
			return w.assumeEqual(cond, equal, st, target)
		}
	case *ssa.Call:
		return w.assumeCall(cond, holds, st)
	case *ssa.Extract:
		if w.kind != nil && w.kind.ID == "puller" && !holds && pulls(cond.Tuple, w.value) {
			st.done = true // it has come to its end
		}
	}
	return w.assumeFact(cond, holds, st)
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
		w.decide(x, equal, st)
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

// decide notes the outcome of the call that took over the resource
// depending on its error x.
func (w *walk) decide(x ssa.Value, success bool, st *state) {
	to := st.split.failure
	st.set(x, isNotNil)
	if success {
		to = st.split.success
		st.set(x, isNil)
	}
	switch to {
	case nobody:
		st.done = true
	case inValue:
		st.set(st.result, carrier)
	}
	st.split, st.result = nil, nil
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
