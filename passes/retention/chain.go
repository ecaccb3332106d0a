package retention

import (
	"fmt"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/internal/growth"
)

// chain judges a store of a function that calls the one it replaces.
func (c *checker) chain(store *ssa.Store) {
	if _, ok := store.Val.Type().Underlying().(*types.Signature); !ok || !wraps(store.Val, store.Addr) {
		return
	}
	life := growth.Unknown
	switch addr := store.Addr.(type) {
	case *ssa.Global:
		life = growth.Long
	case *ssa.FieldAddr:
		life = c.model.LifetimeOf(addr.X, fieldOf(addr))
	}
	s := c.site(store, life)
	if s.heat.Assumed {
		return // options and middleware are added a few times
	}
	c.report(s, false, fmt.Sprintf("function %q is wrapped in a new one on every request: the chain of calls, and what each link captures, only grows; "+
		"keep a list from which a request can remove its own", name(store.Addr)))
}

// wraps reports whether the function value v holds what the variable at
// addr holds: a literal that captures it, or a call that is given it.
func wraps(v, addr ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.ChangeType:
		return wraps(v.X, addr)
	case *ssa.Call:
		for _, arg := range v.Call.Args {
			if loads(arg, addr) {
				return true
			}
		}
	case *ssa.MakeClosure:
		for _, b := range v.Bindings {
			if loads(b, addr) {
				return true
			}
			cell, ok := b.(*ssa.Alloc)
			if !ok {
				continue // captured by value
			}
			for _, ref := range *cell.Referrers() {
				if in, ok := ref.(*ssa.Store); ok && in.Addr == cell && loads(in.Val, addr) {
					return true
				}
			}
		}
	}
	return false
}
