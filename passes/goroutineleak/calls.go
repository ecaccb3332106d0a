package goroutineleak

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/internal/callsite"
	"github.com/heapvet/heapvet/passes/internal/program"
)

// callees returns the functions with bodies that site may call.
func (m *model) callees(site ssa.CallInstruction) []*ssa.Function {
	if static := site.Common().StaticCallee(); static != nil {
		if generic(static) {
			return nil // what its instances share is not known apart: its arguments may go anywhere
		}
		if fn := m.body(static); fn != nil {
			return []*ssa.Function{fn}
		}
		return nil
	}
	return m.prog.Callees(site)
}

// body returns fn if its body is part of the program, or the declaration
// that it is an instance of, or nil.
func (m *model) body(fn *ssa.Function) *ssa.Function {
	if m.prog.Has(fn) {
		return fn
	}
	if orig := fn.Origin(); orig != nil && m.prog.Has(orig) {
		return orig
	}
	return nil
}

// generic reports whether fn is generic, an instance, or a method or literal
// of one.
func generic(fn *ssa.Function) bool {
	for ; fn != nil; fn = fn.Parent() {
		if fn.Origin() != nil || fn.TypeParams().Len() > 0 || len(fn.TypeArgs()) > 0 {
			return true
		}
	}
	return false
}

// harmless are functions without bodies that keep none of the channels,
// contexts and so on that they are given.
var harmless = map[string]bool{
	"(*sync.WaitGroup).Add": true, "(*sync.WaitGroup).Done": true, "(*sync.WaitGroup).Wait": true, "(*sync.WaitGroup).Go": true,
	"(*sync.Cond).Wait": true, "(*sync.Cond).Signal": true, "(*sync.Cond).Broadcast": true,
	"sync.NewCond": true,
}

// callFlow notes how values flow into the functions that site may call, and
// out of them.
func (m *model) callFlow(site ssa.CallInstruction) {
	common := site.Common()
	if b, ok := common.Value.(*ssa.Builtin); ok {
		m.builtinFlow(site, b)
		return
	}
	callees := m.callees(site)
	args := program.Args(site)
	if common.IsInvoke() && len(callees) > 0 && m.relevant(common.Value.Type()) {
		args = args[1:]
		callees = nil // a context: its own methods are known
	}
	for _, callee := range callees {
		for i, p := range callee.Params {
			if i < len(args) {
				m.assign(p, args[i])
			}
		}
	}
	if len(callees) == 0 && !harmless[callsite.Name(common)] && !m.usesContext(common) {
		for _, arg := range args {
			if m.relevant(arg.Type()) && !isContext(arg.Type()) {
				m.node(arg).expose()
			}
		}
	}
	if v := site.Value(); v != nil && m.relevant(v.Type()) {
		m.result(v, v, 0)
	}
}

// builtinFlow notes how values flow through a builtin function.
func (m *model) builtinFlow(site ssa.CallInstruction, b *ssa.Builtin) {
	args := site.Common().Args
	switch b.Name() {
	case "append":
		m.assign(site.Value(), args[0])
		m.assign(site.Value(), args[1])
	case "copy":
		m.assign(args[0], args[1])
	}
}

// usesContext reports whether a call is one of package context, or of a
// context's method.
func (m *model) usesContext(c *ssa.CallCommon) bool {
	fn := callsite.Func(c)
	return fn != nil && fn.Pkg() != nil && fn.Pkg().Path() == "context"
}

// result notes where the i-th result of a call comes from.
func (m *model) result(v ssa.Value, call *ssa.Call, i int) {
	callees := m.callees(call)
	n := m.node(v)
	if m.knownResult(v, call, i) {
		return
	}
	for _, callee := range callees {
		unify(n, m.node(result{callee, i}))
	}
	if len(callees) == 0 {
		n.expose()
	}
}

// knownResult notes what functions of the standard library return; false if
// the callee is none of them.
func (m *model) knownResult(v ssa.Value, call *ssa.Call, i int) bool {
	n := m.node(v)
	name := callsite.Name(&call.Call)
	switch name {
	case "context.Background", "context.TODO", "sync.NewCond":
	case "(context.Context).Done":
		n.done = append(n.done, m.node(call.Call.Value))
	case "time.After", "time.Tick":
		n.expose()
		n.ticks = true
	case "context.WithValue", "context.WithoutCancel":
		src := ctxSource{}
		if name == "context.WithValue" {
			src.parent = m.node(call.Call.Args[0])
		}
		n.contexts = append(n.contexts, src)
	case "context.WithCancel", "context.WithCancelCause", "context.WithTimeout", "context.WithDeadline",
		"context.WithTimeoutCause", "context.WithDeadlineCause":
		if i != 0 {
			return true // the cancel function: its calls are what counts
		}
		src := ctxSource{parent: m.node(call.Call.Args[0]), timed: !strings.HasPrefix(name, "context.WithCancel")}
		for _, ref := range *call.Referrers() {
			if e, ok := ref.(*ssa.Extract); ok && e.Index == 1 {
				src.cancel = m.node(e)
			}
		}
		n.contexts = append(n.contexts, src)
	default:
		return false
	}
	return true
}

// isContext reports whether t is context.Context.
func isContext(t types.Type) bool {
	named, ok := types.Unalias(t).(*types.Named)
	return ok && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == "context" && named.Obj().Name() == "Context"
}

// internalPath reports whether importers of other modules are kept from the
// package at path.
func internalPath(path string) bool {
	return slices.Contains(strings.Split(path, "/"), "internal")
}

// exposeParams notes which functions code that is not at hand may call, with
// channels of its own.
func (m *model) exposeParams() {
	for _, fn := range m.prog.Funcs {
		if !m.calledFromOutside(fn) {
			continue
		}
		for _, p := range fn.Params {
			if m.relevant(p.Type()) {
				m.node(p).expose()
			}
		}
		for i, v := range results(fn) {
			if m.library && m.relevant(v) && !isContext(v) {
				m.node(result{fn, i}).expose()
			}
		}
	}
}

func results(fn *ssa.Function) []types.Type {
	all := make([]types.Type, fn.Signature.Results().Len())
	for i := range all {
		all[i] = fn.Signature.Results().At(i).Type()
	}
	return all
}

// calledFromOutside reports whether fn may be called by code that is not
// part of the program.
func (m *model) calledFromOutside(fn *ssa.Function) bool {
	if obj, ok := fn.Object().(*types.Func); ok && obj.Exported() {
		if m.library && public(obj) || obj.Signature().Recv() != nil && m.boxed[recvName(obj)] {
			return true
		}
	}
	return fn.Parent() == nil && len(m.prog.Callers(fn)) == 0 && fn.Synthetic == "" && !m.staticallyCalled[fn]
}

// recvName returns the type that fn is a method of.
func recvName(fn *types.Func) *types.TypeName {
	t := fn.Signature().Recv().Type()
	if ptr, ok := types.Unalias(t).(*types.Pointer); ok {
		t = ptr.Elem()
	}
	if named, ok := types.Unalias(t).(*types.Named); ok {
		return named.Origin().Obj()
	}
	return nil
}
