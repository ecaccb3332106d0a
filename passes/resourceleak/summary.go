package resourceleak

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/internal/program"
	"github.com/heapvet/heapvet/passes/internal/typeid"
)

// An engine knows what functions do with resources. Its answers are worked
// out when asked for, and kept.
type engine struct {
	prog  *program.Program
	table *table
	facts func(*types.Func) (f *handles, analysed bool) // about functions without a body

	params   map[param]paramFate
	bindings map[binding]bool
	walks    map[*ssa.Function][]*walk
	returns  map[*ssa.Function][]returned
}

func newEngine(prog *program.Program, t *table) *engine {
	return &engine{
		prog:     prog,
		table:    t,
		params:   make(map[param]paramFate),
		bindings: make(map[binding]bool),
		walks:    make(map[*ssa.Function][]*walk),
		returns:  make(map[*ssa.Function][]returned),
	}
}

// A param is a parameter, receiver first.
type param struct {
	fn *ssa.Function
	i  int
}

// A paramFate says who has the resource that a function got as a parameter
// when the function has succeeded and when it has failed.
type paramFate struct {
	success, failure owner
	result           int // of inValue
}

// callee returns what the functions that call may call do with their
// argument i, receiver first. It returns false if that is not known.
func (e *engine) callee(call ssa.CallInstruction, i int) (paramFate, bool) {
	fns := e.prog.Callees(call)
	if fn := call.Common().StaticCallee(); fn != nil {
		if len(fn.Blocks) == 0 {
			return e.imported(fn, i)
		}
		fns = []*ssa.Function{fn}
	}
	if len(fns) == 0 {
		return paramFate{}, false
	}
	var all paramFate
	for n, fn := range fns {
		f := paramFate{}
		if i < len(fn.Params) {
			f = e.param(fn, i)
		}
		switch {
		case n == 0:
			all = f
		case f != all:
			return paramFate{success: nobody, failure: nobody}, true // one or the other
		}
	}
	return all, true
}

// imported returns what is known about parameter i of a function of
// another package that was analysed before.
func (e *engine) imported(fn *ssa.Function, i int) (paramFate, bool) {
	obj, ok := fn.Object().(*types.Func)
	if !ok || e.facts == nil {
		return paramFate{}, false
	}
	f, analysed := e.facts(obj.Origin())
	if f != nil {
		for _, p := range f.Params {
			if p.Param == i {
				return paramFate{owner(p.Success), owner(p.Failure), p.Result}, true
			}
		}
	}
	return paramFate{}, analysed
}

// param returns what fn does with its parameter i.
func (e *engine) param(fn *ssa.Function, i int) paramFate {
	key := param{fn, i}
	if f, ok := e.params[key]; ok {
		return f
	}
	e.params[key] = paramFate{} // for recursion
	w := &walk{engine: e, fn: fn, value: fn.Params[i], part: partOf(fn.Params[i].Type())}
	st := newState()
	st.sure = true
	st.set(fn.Params[i], resource)
	w.start(st)
	f := w.paramFate()
	e.params[key] = f
	return f
}

// start walks from the function's beginning.
func (w *walk) start(st *state) {
	if len(w.fn.Blocks) > 0 {
		w.follow(w.fn.Blocks[0], 0, st)
	}
}

// paramFate sums up how the ways through a function end.
func (w *walk) paramFate() paramFate {
	if w.gaveUp {
		return paramFate{success: nobody, failure: nobody}
	}
	var success, failure []outcome
	for _, o := range w.outcomes {
		if o.passes {
			success = append(success, o)
		}
		if o.fails {
			failure = append(failure, o)
		}
	}
	if len(success)+len(failure) == 0 {
		success = []outcome{{owner: nobody}} // it never returns
	}
	var f paramFate
	f.success, f.result = common(success)
	f.failure, _ = common(failure)
	if len(failure) == 0 {
		f.failure = f.success
	}
	if len(success) == 0 {
		f.success = f.failure
	}
	return f
}

// common returns who has the resource in all outcomes: if they differ,
// nobody is to release it for certain.
func common(outcomes []outcome) (owner, int) {
	if len(outcomes) == 0 {
		return caller, 0
	}
	first := outcomes[0]
	for _, o := range outcomes[1:] {
		if o.owner != first.owner || o.owner == inValue && o.result != first.result {
			return nobody, 0
		}
	}
	return first.owner, first.result
}

// A returned says that a function returns something to release.
type returned struct {
	result int
	kind   *kind
	whole  bool // the resource itself, not an object that holds it
}

// results returns what fn returns that its caller has to release.
func (e *engine) results(fn *ssa.Function) []returned {
	if r, ok := e.returns[fn]; ok {
		return r
	}
	e.returns[fn] = nil // for recursion
	var found []returned
	for _, w := range e.of(fn) {
		if w.gaveUp || w.kind.ID == "cancel" || w.kind.ID == "process" {
			continue // not known, or a function that its caller sees
		}
		for _, o := range w.outcomes {
			if o.owner != inValue || !o.passes {
				continue
			}
			typ := fn.Signature.Results().At(o.result).Type()
			if !o.whole && releaseMethod(typ) == nil && !isFunc(typ) || isErrorType(typ) {
				continue // nobody could release it
			}
			r := returned{o.result, w.kind, o.whole}
			if !slices.ContainsFunc(found, func(other returned) bool { return other.result == r.result }) {
				found = append(found, r)
			}
		}
	}
	e.returns[fn] = found
	return found
}

// of returns the walks of what fn acquires.
func (e *engine) of(fn *ssa.Function) []*walk {
	if walks, ok := e.walks[fn]; ok {
		return walks
	}
	e.walks[fn] = nil // for recursion
	var walks []*walk
	for _, a := range e.acquisitions(fn) {
		w := &walk{engine: e, fn: fn, value: a.value, err: a.err, ok: a.ok, site: a.call, kind: a.kind, whole: a.whole, part: -1}
		if a.whole {
			w.part = partOf(a.value.Type())
		}
		if a.kind.ID == "process" {
			w.part = fieldIndex(a.value.Type(), "Process") // cmd.Process.Wait()
		}
		w.released = e.releasedLater(fn, a.call)
		st := newState()
		st.sure = a.err == nil && a.ok == nil && !returnsError(a.call.Call.Signature())
		st.set(a.value, resource)
		if a.err != nil {
			st.set(a.err, failure)
		}
		w.follow(a.call.Block(), indexOf(a.call)+1, st)
		walks = append(walks, w)
	}
	e.walks[fn] = walks
	return walks
}

// partOf returns the index of the field Body of a t, if that is what must be
// closed of it, or -1.
func partOf(t types.Type) int {
	s, ok := typeid.Deref(t).Underlying().(*types.Struct)
	if !ok || releaseMethod(t) != nil {
		return -1
	}
	if i := fieldIndex(t, "Body"); i >= 0 && releaseMethod(s.Field(i).Type()) != nil {
		return i
	}
	return -1
}

// fieldIndex returns the index of the named field of the struct that t is or
// points to, or -1.
func fieldIndex(t types.Type, name string) int {
	if s, ok := typeid.Deref(t).Underlying().(*types.Struct); ok {
		for i := range s.NumFields() {
			if s.Field(i).Name() == name {
				return i
			}
		}
	}
	return -1
}
