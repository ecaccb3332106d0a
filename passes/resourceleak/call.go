package resourceleak

import (
	"go/types"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/internal/callsite"
	"github.com/heapvet/heapvet/passes/internal/program"
	"github.com/heapvet/heapvet/passes/internal/typeid"
)

// releasing are the first words of the names of functions that release.
var releasing = []string{
	"abort", "cancel", "clean", "cleanup", "close", "commit", "destroy", "disconnect", "dispose", "drain", "end", "finish",
	"free", "graceful", "kill", "quit", "release", "rollback", "shutdown", "stop", "teardown", "tear", "terminate", "wait",
}

// releases reports whether a function of this name, such as CloseNow but
// not Closed, releases its receiver.
func releases(name string) bool {
	word := name
	for i, r := range name {
		if i > 0 && !unicode.IsLower(r) {
			word = name[:i]
			break
		}
	}
	return slices.Contains(releasing, strings.ToLower(word))
}

// call notes a call.
func (w *walk) call(call *ssa.Call, st *state) {
	common := &call.Call
	results := extracts(call)
	for _, r := range results {
		st.set(r, other)
	}
	if b, ok := common.Value.(*ssa.Builtin); ok {
		if b.Name() == "append" && (st.meaning(common.Args[0]).holds() || st.meaning(common.Args[1]).holds()) {
			st.done = true // in a list: too much to follow
		}
		return
	}
	if w.releasedBy(common, st) {
		st.done = true
		return
	}
	if w.onlyOnce(common, st) {
		return
	}
	args := program.Args(call)
	for i, arg := range args {
		m := st.meaning(arg)
		if alloc, ok := arg.(*ssa.Alloc); ok && m == other {
			m = st.memory[alloc.Name()] // the address of the variable that has it
			if m.holds() {
				st.done = true
			}
			continue
		}
		if !m.holds() {
			continue
		}
		if m == resource && isReceiver(common, i) {
			st.sure = true // a method of it is called
		}
		w.handed(call, i, m, results, st)
	}
}

// isReceiver reports whether argument i of common is the receiver.
func isReceiver(common *ssa.CallCommon, i int) bool {
	return i == 0 && (common.IsInvoke() || common.Signature().Recv() != nil)
}

// extracts returns the values of the results of call, by index; some are nil.
func extracts(call *ssa.Call) []ssa.Value {
	n := call.Call.Signature().Results().Len()
	if n == 1 {
		return []ssa.Value{call}
	}
	values := make([]ssa.Value, n)
	for _, ref := range *call.Referrers() {
		if e, ok := ref.(*ssa.Extract); ok {
			values[e.Index] = e
		}
	}
	return values
}

// releasedBy reports whether a call releases the resource: it is a method
// for that, or the function to be called.
func (w *walk) releasedBy(common *ssa.CallCommon, st *state) bool {
	if !common.IsInvoke() {
		if m := st.meaning(common.Value); m == resource || m == closer {
			return true // stop(), cancel(), cleanup()
		}
	}
	fn := callsite.Func(common)
	recv := receiver(common)
	if fn == nil || recv == nil || !releases(fn.Name()) {
		return false
	}
	m := st.meaning(recv)
	return m == resource || m == part || m == carrier
}

// onlyOnce reports whether common is (*sync.Once).Do of a function that
// keeps the resource: of several calls only one keeps it.
func (w *walk) onlyOnce(common *ssa.CallCommon, st *state) bool {
	if callsite.Name(common) != "(*sync.Once).Do" {
		return false
	}
	fn, ok := common.Args[1].(*ssa.MakeClosure)
	return ok && !w.closes(fn, st)
}

// handed notes that call gets a value that holds the resource as argument i.
func (w *walk) handed(call *ssa.Call, i int, m meaning, results []ssa.Value, st *state) {
	if m == closer {
		st.done = true
		return
	}
	s, ok := w.callee(call, i)
	if fn := callsite.Func(&call.Call); w.lent == nil && !isReceiver(&call.Call, i) && (fn == nil || !standard(fn.Pkg())) {
		w.lent = call
	}
	if !ok {
		w.unknown(call, i, m, results, st)
		return
	}
	if m == part || m == view {
		st.used = true
	}
	if m == view {
		if s.success == inValue && results[s.result] != nil {
			st.set(results[s.result], view)
		}
		return
	}
	w.takes(call, s, results, st)
}

// takes notes that call does with the resource what s says.
func (w *walk) takes(call *ssa.Call, s paramFate, results []ssa.Value, st *state) {
	var value ssa.Value
	if s.success == inValue || s.failure == inValue {
		value = results[s.result]
	}
	if s.success != s.failure && returnsError(call.Call.Signature()) {
		if err := results[len(results)-1]; err != nil {
			st.settle(other) // of a call before, whose error nobody looks at
			st.split, st.result = &split{s.success, s.failure}, value
			st.set(err, verdict)
			if value == nil && s.success == inValue {
				st.split.success = caller // the result is dropped
			}
			return
		}
	}
	switch {
	case s.success == nobody || s.success != s.failure:
		st.done = true
	case s.success == inValue && value != nil:
		st.set(value, carrier)
	}
}

// unknown notes that a function whose body is not at hand gets the resource.
func (w *walk) unknown(call *ssa.Call, i int, m meaning, results []ssa.Value, st *state) {
	common := &call.Call
	fn := callsite.Func(common)
	if m == part || m == view {
		st.used = true
	}
	if isReceiver(common, i) && m != view {
		return // a method that does not release it
	}
	to, listed := w.table.fates[symbol(fn0(fn))]
	switch {
	case listed && to == gone:
		st.done = true
	case listed && to == wrapped:
		w.give(results, carrier, st)
	case listed:
		// Its result is independent.
	case fn == nil || !standard(fn.Pkg()):
		if m != view && canRelease(paramType(common, i)) && !w.releasedAfter(call) {
			st.done = true
			return
		}
		w.give(results, holder(m), st)
	case m == carrier && !isReceiver(common, i) && !variadic(common, i):
		st.done = true // part of a request, a configuration: the callee may well close it
	default:
		w.give(results, view, st)
	}
}

// fn0 keeps a nil *types.Func from becoming a non-nil types.Object.
func fn0(fn *types.Func) types.Object {
	if fn == nil {
		return nil
	}
	return fn
}

// give notes that those results that can hold the resource do.
func (w *walk) give(results []ssa.Value, m meaning, st *state) {
	for _, r := range results {
		if r != nil && mayHold(r.Type()) {
			st.set(r, m)
		}
	}
}

// variadic reports whether argument i of common is the slice of the
// arguments that the source spells out.
func variadic(common *ssa.CallCommon, i int) bool {
	return common.Signature().Variadic() && i == len(common.Args)-1
}

// paramType returns the type of the parameter that gets argument i,
// receiver first.
func paramType(common *ssa.CallCommon, i int) types.Type {
	sig := common.Signature()
	if common.IsInvoke() || sig.Recv() != nil {
		i--
	}
	if i < 0 || i >= sig.Params().Len() {
		return types.Typ[types.Invalid]
	}
	return sig.Params().At(i).Type()
}

// canRelease reports whether who has a value of type t can release what it
// is: it has a method for that, or may assert one.
func canRelease(t types.Type) bool {
	if isFunc(t) {
		return true
	}
	if slice, ok := t.Underlying().(*types.Slice); ok {
		t = slice.Elem()
	}
	if i, ok := t.Underlying().(*types.Interface); ok && i.Empty() {
		return true
	}
	return releaseMethod(t) != nil || typeid.IsNamed(typeid.Deref(t), "net/http", "Response") || isStruct(t)
}

func isFunc(t types.Type) bool {
	_, ok := t.Underlying().(*types.Signature)
	return ok
}

func isStruct(t types.Type) bool {
	_, ok := typeid.Deref(t).Underlying().(*types.Struct)
	return ok
}

// releaseMethod returns the method by which values of type t are released,
// or nil.
func releaseMethod(t types.Type) *types.Func {
	for _, t := range []types.Type{t, types.NewPointer(t)} {
		set := types.NewMethodSet(t)
		for i := range set.Len() {
			if fn, ok := set.At(i).Obj().(*types.Func); ok && fn.Exported() && releases(fn.Name()) {
				return fn
			}
		}
		if types.IsInterface(t) {
			break
		}
	}
	return nil
}
