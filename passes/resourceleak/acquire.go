package resourceleak

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/internal/callsite"
)

// An acquisition is a call that hands out something to release.
type acquisition struct {
	call  *ssa.Call
	value ssa.Value
	err   ssa.Value // nil if the call cannot fail, or nobody looks
	ok    ssa.Value // in v, ok := f(): instead of err
	kind  *kind
	whole bool // the value is what the kind describes, not an object that holds it
}

// acquisitions returns the acquisitions of fn, in the order of its blocks.
func (e *engine) acquisitions(fn *ssa.Function) []acquisition {
	var found []acquisition
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok {
				continue // not a call whose results anybody gets
			}
			handed := e.handedOut(call)
			for _, r := range handed {
				if a, ok := acquired(call, r); ok {
					a.ok = e.okOf(call, a.value)
					found = append(found, a)
				}
			}
			if len(handed) == 0 {
				if a, ok := e.ownResource(call); ok {
					a.ok = e.okOf(call, a.value)
					found = append(found, a)
				}
			}
		}
	}
	return found
}

// acquired describes the acquisition of r by call. It returns false if the
// program drops the result at once.
func acquired(call *ssa.Call, r returned) (acquisition, bool) {
	a := acquisition{call: call, kind: r.kind, whole: r.whole}
	results := extracts(call)
	if r.result < 0 {
		a.value = receiver(&call.Call)
	} else if r.result < len(results) {
		a.value = results[r.result]
	}
	if a.value == nil || r.result < 0 && !fresh(a.value) {
		return a, false
	}
	if returnsError(call.Call.Signature()) {
		a.err = results[len(results)-1]
	}
	return a, true
}

// okOf returns ok in v, ok := f(), where f makes nothing if ok is false, for
// all we know; nil if call has no such result, or nobody looks.
func (e *engine) okOf(call *ssa.Call, v ssa.Value) ssa.Value {
	results := extracts(call)
	last := len(results) - 1
	if last < 1 || results[last] == nil || !types.Identical(results[last].Type(), types.Typ[types.Bool]) {
		return nil
	}
	i := slices.Index(results, v)
	for _, fn := range e.prog.Callees(call) {
		for _, block := range fn.Blocks {
			ret, ok := block.Instrs[len(block.Instrs)-1].(*ssa.Return)
			if ok && i >= 0 && constMeaningOf(ret.Results[last]) == isFalse && constMeaningOf(ret.Results[i]) != isNil {
				return nil // its false says something else
			}
		}
	}
	return results[last]
}

func constMeaningOf(v ssa.Value) meaning {
	if k, ok := v.(*ssa.Const); ok {
		return constMeaning(k)
	}
	return other
}

// fresh reports whether v was made in this function and is known by no
// other name: exec.Command(...), say.
func fresh(v ssa.Value) bool {
	call, ok := v.(*ssa.Call)
	if !ok {
		return false
	}
	for _, ref := range *call.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Store:
			if ref.Val == v {
				return false
			}
		case *ssa.MakeClosure, *ssa.MakeInterface, *ssa.Return, *ssa.Phi, *ssa.MapUpdate, *ssa.Send:
			return false
		case *ssa.Call:
			if receiver(&ref.Call) != v {
				return false
			}
		}
	}
	return true
}

// handedOut returns what call hands out.
func (e *engine) handedOut(call *ssa.Call) []returned {
	common := &call.Call
	if fn := common.StaticCallee(); fn != nil {
		obj, ok := fn.Object().(*types.Func)
		if len(fn.Blocks) > 0 {
			found := e.results(fn)
			if len(found) == 0 && ok {
				found = whole(e.table.funcs[symbol(obj.Origin())])
			}
			return found
		}
		if !ok {
			return nil
		}
		return e.byFunc(obj.Origin())
	}
	var found []returned
	callees := e.prog.Callees(call)
	for _, fn := range callees {
		for _, r := range e.results(fn) {
			if len(found) == 0 {
				found = append(found, r)
			}
		}
	}
	if len(found) > 0 {
		return found
	}
	if fn := callsite.Func(common); fn != nil {
		if standard(fn.Pkg()) || len(callees) == 0 {
			found = e.byFunc(fn)
		}
	}
	if len(found) == 0 && len(callees) == 0 {
		found = whole(e.table.dynamic(common.Signature()))
	}
	return found
}

// byFunc returns what a function whose body is not at hand hands out.
func (e *engine) byFunc(fn *types.Func) []returned {
	if e.facts != nil {
		f, analysed := e.facts(fn)
		if f != nil {
			var found []returned
			for _, r := range f.Results {
				if kind := e.table.kinds[r.Kind]; kind != nil {
					found = append(found, returned{r.Result, kind, r.Whole})
				}
			}
			return found
		}
		if analysed {
			return nil
		}
	}
	return whole(e.table.handouts(fn))
}

func whole(handouts []handout) []returned {
	var found []returned
	for _, h := range handouts {
		found = append(found, returned{h.result, h.kind, true})
	}
	return found
}
