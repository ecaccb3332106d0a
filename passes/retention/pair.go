package retention

import (
	"fmt"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/internal/callsite"
	"github.com/heapvet/heapvet/passes/internal/growth"
)

// opposites are the beginnings of the names of methods that take away again
// what methods whose names begin like this add to their receiver.
var opposites = map[string][]string{
	"Create":    {"Remove", "Delete", "Destroy"},
	"Add":       {"Remove", "Delete"},
	"Register":  {"Unregister", "Deregister"},
	"Subscribe": {"Unsubscribe"},
	"Attach":    {"Detach"},
}

// pair judges a call of a method of a dependency that makes something for
// its receiver to keep, while its type has another method that takes such a
// thing away again, which the program never calls.
func (c *checker) pair(call *ssa.Call) {
	fn := callsite.Func(&call.Call)
	if fn == nil || fn.Signature().Recv() == nil || fn.Signature().Results().Len() == 0 || len(c.model.Program.Callees(call)) > 0 {
		return // not a method, or one whose body shows what it does
	}
	remove := opposite(fn)
	if remove == nil || c.calls(remove) {
		return
	}
	recv := call.Call.Value
	if !call.Call.IsInvoke() {
		recv = call.Call.Args[0]
	}
	load, ok := recv.(*ssa.UnOp)
	if !ok {
		return // made here, or handed over by who may take care
	}
	life := growth.Long
	holder := ""
	switch addr := load.X.(type) {
	case *ssa.FieldAddr:
		life, holder = c.model.LifetimeOf(addr.X, fieldOf(addr)), name(addr)
	case *ssa.Global:
		holder = addr.Name()
	default:
		return
	}
	c.report(c.site(call, life), false, fmt.Sprintf("%q keeps what %s makes until %s takes it away, which nothing calls; defer that",
		holder, fn.Name(), remove.Name()))
}

// opposite returns the method of fn's receiver that takes away what fn
// returns, by its name and its parameter.
func opposite(fn *types.Func) *types.Func {
	made := fn.Signature().Results().At(0).Type()
	if _, ok := types.Unalias(made).(*types.Basic); ok {
		return nil // a number tells nothing
	}
	recv := fn.Signature().Recv().Type()
	for verb, others := range opposites {
		what, ok := strings.CutPrefix(fn.Name(), verb)
		if !ok {
			continue
		}
		for _, other := range others {
			for _, name := range [...]string{other + what, other + what + "s"} {
				obj, _, _ := types.LookupFieldOrMethod(recv, true, fn.Pkg(), name)
				if m, ok := obj.(*types.Func); ok && takes(m, made) {
					return m
				}
			}
		}
	}
	return nil
}

// takes reports whether m's first parameter is a t, or any number of them.
func takes(m *types.Func, t types.Type) bool {
	params := m.Signature().Params()
	if params.Len() == 0 {
		return false
	}
	first := params.At(0).Type()
	if list, ok := first.(*types.Slice); ok {
		first = list.Elem()
	}
	return types.Identical(first, t)
}

// calls reports whether the program calls fn, or a method of that name of
// what implements its receiver.
func (c *checker) calls(fn *types.Func) bool {
	return slices.ContainsFunc(c.model.Program.Funcs, func(caller *ssa.Function) bool {
		for _, b := range caller.Blocks {
			for _, instr := range b.Instrs {
				site, ok := instr.(ssa.CallInstruction)
				if !ok {
					continue
				}
				if callee := callsite.Func(site.Common()); callee != nil && callee.Name() == fn.Name() {
					return true
				}
			}
		}
		return false
	})
}
