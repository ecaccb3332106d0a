package retention

import (
	"fmt"
	"go/constant"
	"go/token"
	"go/types"
	"time"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/internal/callsite"
	"github.com/heapvet/heapvet/passes/internal/growth"
	"github.com/heapvet/heapvet/passes/internal/typeid"
)

// Delays of time.AfterFunc: what is kept for less than the one is as good
// as freed, for more than the other it piles up under load.
const (
	shortDelay = time.Minute
	longDelay  = 5 * time.Minute
)

// afterFunc judges calls of time.AfterFunc and context.AfterFunc whose
// result, which alone can take the function back, is dropped.
func (c *checker) afterFunc(call *ssa.Call) {
	callee := callsite.Name(&call.Call)
	if callee != "time.AfterFunc" && callee != "context.AfterFunc" || len(*call.Referrers()) > 0 {
		return
	}
	if callee == "context.AfterFunc" {
		c.contextFunc(call)
		return
	}
	pinned := pinnedBy(call.Call.Args[1])
	if pinned == "" {
		return // the timer and a few words
	}
	delay, known := constDuration(call.Call.Args[0])
	if known && delay < shortDelay {
		return
	}
	after := "until it fires"
	if known {
		after = fmt.Sprintf("for %v", delay)
	}
	c.report(c.site(call, growth.Long), !known || delay < longDelay,
		fmt.Sprintf("time.AfterFunc keeps %s in memory %s, and nothing can stop it; capture only what it needs, or keep the timer and stop it", pinned, after))
}

// contextFunc judges context.AfterFunc(ctx, f) with a dropped stop function.
func (c *checker) contextFunc(call *ssa.Call) {
	load, ok := call.Call.Args[0].(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return // a context of the request ends with it
	}
	life := growth.Unknown
	switch addr := load.X.(type) {
	case *ssa.Global:
		life = growth.Long
	case *ssa.FieldAddr:
		life = c.model.LifetimeOf(addr.X, fieldOf(addr))
	}
	c.report(c.site(call, life), false,
		fmt.Sprintf("context.AfterFunc adds a function to %q on every request, which stays as long as that context; call the stop function that it returns", name(load.X)))
}

// constDuration returns the value of a time.Duration that the source gives:
// a constant, or a package variable's initial value.
func constDuration(v ssa.Value) (d time.Duration, known bool) {
	if load, ok := v.(*ssa.UnOp); ok && load.Op == token.MUL {
		if global, ok := load.X.(*ssa.Global); ok {
			v = initial(global)
		}
	}
	k, ok := v.(*ssa.Const)
	if !ok || k.Value == nil || k.Value.Kind() != constant.Int {
		return 0, false
	}
	return time.Duration(k.Int64()), true
}

// initial returns what the package's initialisation stores in a variable,
// or nil.
func initial(global *ssa.Global) ssa.Value {
	for _, block := range global.Pkg.Func("init").Blocks {
		for _, instr := range block.Instrs {
			if store, ok := instr.(*ssa.Store); ok && store.Addr == global {
				return store.Val
			}
		}
	}
	return nil
}

// pinnedBy returns what big or per-request value a function value captures,
// in words, or "".
func pinnedBy(f ssa.Value) string {
	closure, ok := f.(*ssa.MakeClosure)
	if !ok {
		return ""
	}
	for _, b := range closure.Bindings {
		t := b.Type()
		if cell, ok := b.(*ssa.Alloc); ok {
			t = typeid.Deref(cell.Type()) // captured by reference
		}
		if what := requestType(t); what != "" && what != "a context" {
			return what
		}
		if what := requestType(t); what != "" && ofRequest(b, make(map[ssa.Value]bool)) {
			return what
		}
		if isBuffer(t) {
			return "a buffer"
		}
	}
	return ""
}

// isBuffer reports whether values of type t are bytes that were read.
func isBuffer(t types.Type) bool {
	return typeid.IsBytes(t) || typeid.IsNamed(typeid.Deref(t), "bytes", "Buffer")
}
