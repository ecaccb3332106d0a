package reqflow

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/internal/program"
)

// call lets an argument flow into a call.
func (e *engine) call(site ssa.CallInstruction, n node, m bits) {
	common := site.Common()
	if b, ok := common.Value.(*ssa.Builtin); ok {
		e.builtin(site, b.Name(), n, m)
		return
	}
	callees := e.prog.Callees(site)
	for _, callee := range callees {
		e.activate(callee)
		for i, arg := range program.Args(site) {
			if arg == n.obj && i < len(callee.Params) {
				e.emit(site.Parent(), m, n, node{obj: callee.Params[i]})
			}
		}
		if call, ok := site.(*ssa.Call); ok {
			e.resultsOf(call, callee)
		}
	}
	if len(callees) == 0 || e.leaves(common) {
		e.foreign(site, n, m)
	}
}

// leaves reports whether a dynamic call may reach code outside the program,
// of which nothing is known.
func (e *engine) leaves(common *ssa.CallCommon) bool {
	if !common.IsInvoke() {
		return false
	}
	named, ok := types.Unalias(common.Value.Type()).(*types.Named)
	return ok && !e.index.ownsPackage(named.Obj().Pkg())
}

// resultsOf lets what the summary of callee says flow to the call's results.
func (e *engine) resultsOf(call *ssa.Call, callee *ssa.Function) {
	args := program.Args(call)
	for i := range callee.Signature.Results().Len() {
		s := e.results[slot{callee, i}]
		for j, arg := range args {
			if j >= maxParams || s.bits&(1<<j) == 0 {
				continue // the result does not derive from this one
			}
			if st := e.states[node{obj: arg}]; st != nil && !e.guarded(arg, call.Block()) {
				e.result(call, i, st.bits, node{obj: arg})
			}
		}
		e.result(call, i, s.bits&origins, s.via)
	}
}

// result lets m flow to result i of call.
func (e *engine) result(call *ssa.Call, i int, m bits, via node) {
	if call.Call.Signature().Results().Len() > 1 {
		e.extract(call, i, m, via)
		return
	}
	e.add(node{obj: call}, m, via)
}

// foreign handles a call of a function whose body is not at hand: it
// passes on what its arguments carry, to its results and to what its other
// arguments point to.
func (e *engine) foreign(site ssa.CallInstruction, n node, m bits) {
	common := site.Common()
	callee := calleeOf(common)
	if callee != nil && stops(callee) {
		m = few
	}
	if keyOnly(callee) && common.Args[0] != n.obj {
		return // a lookup gives what is in the container, whatever the key
	}
	e.foreignResults(site, callee, n, m)
	if fills(callee) {
		e.put(site.Parent(), m, n, common.Args[0], whole, 0)
		return
	}
	for _, arg := range common.Args {
		if arg != n.obj && writable(arg) {
			e.add(node{obj: writableValue(arg)}, m, n)
		}
	}
}

// foreignResults lets an argument flow to the results of a call: as a fact
// says, or else to all of them.
func (e *engine) foreignResults(site ssa.CallInstruction, callee *types.Func, n node, m bits) {
	if callee != nil && e.facts != nil {
		if f := e.facts(callee.Origin()); f != nil {
			e.summary(site, f, n, m)
			return
		}
	}
	if call, ok := site.(*ssa.Call); ok {
		for i := range call.Call.Signature().Results().Len() {
			e.result(call, i, m, n)
		}
	}
}

// summary applies what a fact says about a function of another package.
func (e *engine) summary(site ssa.CallInstruction, f *flows, n node, m bits) {
	call, ok := site.(*ssa.Call)
	if !ok {
		return
	}
	args := program.Args(site)
	for i, params := range f.Results {
		for _, j := range params {
			if j < len(args) && args[j] == n.obj {
				e.result(call, i, m, n)
			}
		}
	}
}

// writable reports whether a callee may fill what arg points to: a local
// variable whose address is passed, or a buffer, hash or builder made by a
// dependency. Objects of the program itself are not filled by chance.
func writable(arg ssa.Value) bool {
	switch v := writableValue(arg).(type) {
	case *ssa.Alloc:
		return true
	case *ssa.Call:
		callee := v.Call.StaticCallee()
		return callee != nil && len(callee.Blocks) == 0 && isPointer(v.Type())
	}
	return false
}

func writableValue(arg ssa.Value) ssa.Value {
	switch v := arg.(type) {
	case *ssa.MakeInterface:
		return writableValue(v.X)
	case *ssa.ChangeInterface:
		return writableValue(v.X)
	case *ssa.FieldAddr:
		return writableValue(v.X)
	}
	return arg
}

func isPointer(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Pointer, *types.Interface:
		return true
	}
	return false
}

// calleeOf returns the declared function or interface method of a call.
func calleeOf(common *ssa.CallCommon) *types.Func {
	if common.IsInvoke() {
		return common.Method
	}
	if fn := common.StaticCallee(); fn != nil {
		obj, _ := fn.Object().(*types.Func)
		return obj
	}
	return nil
}

// builtin lets an argument flow through a builtin function.
func (e *engine) builtin(site ssa.CallInstruction, name string, n node, m bits) {
	args := site.Common().Args
	v, _ := site.(*ssa.Call)
	switch name {
	case "append", "String", "StringData", "Slice", "SliceData", "Add": // the others are those of unsafe
		if v != nil {
			e.add(node{obj: v}, m, n)
		}
	case "copy":
		if args[1] == n.obj {
			e.put(site.Parent(), m, n, args[0], whole, 0)
		}
	case "max":
		if v != nil {
			e.add(node{obj: v}, m, n)
		}
	case "min":
		for _, arg := range args {
			if _, ok := arg.(*ssa.Const); ok {
				return // at most a constant
			}
		}
		if v != nil {
			e.add(node{obj: v}, m, n)
		}
	}
}
