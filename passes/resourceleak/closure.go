package resourceleak

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/internal/program"
)

// closure returns what the function that m makes is: one that releases the
// resource, or one that only uses it.
func (w *walk) closure(m *ssa.MakeClosure, st *state) meaning {
	found := other
	for i, b := range m.Bindings {
		held := st.meaning(b)
		cell := false
		if alloc, ok := b.(*ssa.Alloc); ok && !held.holds() {
			held, cell = st.memory[alloc.Name()], true
		}
		if !held.holds() {
			continue
		}
		found = view
		if held == closer || w.releasesBinding(m.Fn.(*ssa.Function), i, cell) {
			return closer
		}
	}
	return found
}

// closes reports whether the function that m makes calls a function that
// releases the resource, whatever else it does with it.
func (w *walk) closes(m *ssa.MakeClosure, st *state) bool {
	fn := m.Fn.(*ssa.Function)
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if !ok {
				continue // not a call
			}
			if recv := receiver(call.Common()); recv != nil && w.boundTo(recv, m, st) && w.named(call.Common()) {
				return true
			}
		}
	}
	return false
}

// named reports whether the callee's name says that it releases.
func (w *walk) named(common *ssa.CallCommon) bool {
	if common.IsInvoke() {
		return releases(common.Method.Name())
	}
	fn := common.StaticCallee()
	return fn != nil && releases(fn.Name())
}

// boundTo reports whether v, a value in the function that m makes, is the
// resource as the function captures it.
func (w *walk) boundTo(v ssa.Value, m *ssa.MakeClosure, st *state) bool {
	if load, ok := v.(*ssa.UnOp); ok {
		v = load.X
	}
	for i, free := range m.Fn.(*ssa.Function).FreeVars {
		if free != v {
			continue
		}
		if alloc, ok := m.Bindings[i].(*ssa.Alloc); ok {
			return st.memory[alloc.Name()].holds()
		}
		return st.meaning(m.Bindings[i]).holds()
	}
	return false
}

// A binding is a variable that a function captures.
type binding struct {
	fn   *ssa.Function
	i    int
	cell bool // by its address
}

// releasesBinding reports whether fn releases, on some way, what it
// captures as its i-th free variable, or hands it to somebody else.
func (e *engine) releasesBinding(fn *ssa.Function, i int, cell bool) bool {
	if obj, ok := fn.Object().(*types.Func); ok && fn.Synthetic != "" && releases(obj.Name()) {
		return true // a method value, x.Close
	}
	b := binding{fn, i, cell}
	if releases, ok := e.bindings[b]; ok {
		return releases
	}
	e.bindings[b] = false // for recursion
	w := &walk{engine: e, fn: fn, part: -1}
	st := newState()
	st.sure = true
	if cell {
		w.cell = fn.FreeVars[i]
		w.part = partOf(fn.FreeVars[i].Type().Underlying().(*types.Pointer).Elem())
	} else {
		st.set(fn.FreeVars[i], resource)
		w.part = partOf(fn.FreeVars[i].Type())
	}
	w.start(st)
	found := len(w.sealed) > 0 || w.gaveUp
	for _, o := range w.outcomes {
		found = found || o.owner != caller
	}
	e.bindings[b] = found
	return found
}

// deferred notes a deferred call.
func (w *walk) deferred(d *ssa.Defer, st *state) {
	if w.releasedBy(&d.Call, st) {
		st.done = true
		return
	}
	for i, arg := range program.Args(d) {
		m := st.meaning(arg)
		if alloc, ok := arg.(*ssa.Alloc); ok && m == other {
			m = st.memory[alloc.Name()]
		}
		if m == closer || m.holds() && w.mayRelease(d, i) {
			st.done = true
		}
	}
}

// mayRelease reports whether the callee of call may release its argument i.
func (w *walk) mayRelease(call ssa.CallInstruction, i int) bool {
	if s, ok := w.callee(call, i); ok {
		return s.success != caller || s.failure != caller
	}
	common := call.Common()
	return !isReceiver(common, i) && canRelease(paramType(common, i))
}

// started notes the start of a goroutine: what it gets is its own.
func (w *walk) started(g *ssa.Go, st *state) {
	if st.meaning(g.Call.Value).holds() {
		st.done = true
	}
	for _, arg := range program.Args(g) {
		if st.meaning(arg).holds() {
			st.done = true
		}
		if alloc, ok := arg.(*ssa.Alloc); ok && st.memory[alloc.Name()].holds() {
			st.done = true
		}
	}
}

// releasedLater returns the variables of fn whose content some function
// literal releases that was made before site, most of them deferred.
func (e *engine) releasedLater(fn *ssa.Function, site *ssa.Call) map[*ssa.Alloc]bool {
	found := make(map[*ssa.Alloc]bool)
	for _, block := range fn.Blocks {
		if !block.Dominates(site.Block()) {
			continue
		}
		for _, instr := range block.Instrs {
			m, ok := instr.(*ssa.MakeClosure)
			if !ok || block == site.Block() && indexOf(m) > indexOf(site) {
				continue // not a function literal, or a later one
			}
			for i, b := range m.Bindings {
				if alloc, ok := b.(*ssa.Alloc); ok && e.releasesBinding(m.Fn.(*ssa.Function), i, true) {
					found[alloc] = true
				}
			}
		}
	}
	return found
}
