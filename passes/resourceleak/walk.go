package resourceleak

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/internal/callsite"
)

// A walk follows one resource on all ways through a function.
type walk struct {
	*engine
	fn    *ssa.Function
	value ssa.Value // the resource
	err   ssa.Value // that says whether it was acquired; nil if that cannot fail
	ok    ssa.Value // instead of err, false if nothing was acquired
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
	if slices.ContainsFunc(w.releases, w.nextRound) {
		return // the first thing that the next round does
	}
	w.outcomes = append(w.outcomes, outcome{owner: caller, sure: true, used: st.used, fields: st.fields, passes: true})
}

// nextRound reports whether call releases what the round before has left in
// a variable of all rounds.
func (w *walk) nextRound(call ssa.CallInstruction) bool {
	v := receiver(call.Common())
	for v != nil {
		switch x := v.(type) {
		case *ssa.UnOp:
			v = x.X
		case *ssa.FieldAddr:
			v = x.X
		case *ssa.MakeInterface:
			v = x.X
		case *ssa.Phi:
			return x.Block().Dominates(w.site.Block())
		default:
			return false
		}
	}
	return false
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
