package poolmisuse

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/internal/callsite"
)

// names are the values under which one function knows a pooled value.
type names struct {
	has     map[ssa.Value]bool
	order   []ssa.Value
	closure map[*ssa.Function]bool // literals that capture the value
	memory  map[ssa.Value]bool     // slices of the pooled value's memory
}

// aliases follows v through assertions, conversions and local variables.
func aliases(v ssa.Value) *names {
	n := &names{has: make(map[ssa.Value]bool), closure: make(map[*ssa.Function]bool), memory: make(map[ssa.Value]bool)}
	n.add(v)
	for i := 0; i < len(n.order); i++ {
		refs := n.order[i].Referrers()
		if refs == nil {
			continue
		}
		for _, ref := range *refs {
			n.follow(n.order[i], ref)
		}
	}
	return n
}

func (n *names) add(v ssa.Value) {
	if !n.has[v] {
		n.has[v] = true
		n.order = append(n.order, v)
	}
}

// follow adds the names that ref, a use of v, gives the value.
func (n *names) follow(v ssa.Value, ref ssa.Instruction) {
	switch ref := ref.(type) {
	case *ssa.TypeAssert:
		if !ref.CommaOk {
			n.add(ref)
			return
		}
		for _, r := range *ref.Referrers() {
			if x, ok := r.(*ssa.Extract); ok && x.Index == 0 {
				n.add(x)
			}
		}
	case *ssa.MakeInterface:
		n.add(ref)
	case *ssa.ChangeType:
		n.add(ref)
	case *ssa.ChangeInterface:
		n.add(ref)
	case *ssa.Phi:
		n.add(ref)
	case *ssa.Slice:
		if isSlice(v.Type()) {
			n.add(ref) // the same array under another header
		}
	case *ssa.MakeClosure:
		n.captured(v, ref)
	case *ssa.Store:
		if alloc, ok := ref.Addr.(*ssa.Alloc); ok && ref.Val == v {
			n.loads(alloc)
		}
	}
}

// captured adds the name of v inside the closure that m makes.
func (n *names) captured(v ssa.Value, m *ssa.MakeClosure) {
	fn := m.Fn.(*ssa.Function)
	n.closure[fn] = true
	for i, b := range m.Bindings {
		if b == v {
			n.add(fn.FreeVars[i])
		}
	}
}

// loads adds what is read from the local variable at addr, an Alloc or the
// FreeVar of one.
func (n *names) loads(addr ssa.Value) {
	for _, ref := range *addr.Referrers() {
		switch ref := ref.(type) {
		case *ssa.UnOp:
			n.add(ref)
		case *ssa.MakeClosure:
			fn := ref.Fn.(*ssa.Function)
			n.closure[fn] = true
			for i, b := range ref.Bindings {
				if b == addr && fn.FreeVars[i].Referrers() != nil {
					n.loads(fn.FreeVars[i])
				}
			}
		}
	}
}

// findMemory fills n.memory with the slices of the pooled value's memory:
// what Bytes returns, and what *p holds where p is a pointer to a slice.
func (n *names) findMemory() {
	var todo []ssa.Value
	add := func(v ssa.Value) {
		if !n.memory[v] && !n.has[v] {
			n.memory[v] = true
			todo = append(todo, v)
		}
	}
	for _, v := range n.order {
		for _, ref := range refs(v) {
			switch ref := ref.(type) {
			case *ssa.UnOp:
				if isSlice(ref.Type()) {
					add(ref)
				}
			case *ssa.Call:
				switch callsite.Name(ref.Common()) {
				case "(*bytes.Buffer).Bytes", "(*bytes.Buffer).AvailableBuffer", "(*bytes.Buffer).Next":
					add(ref)
				}
			}
		}
	}
	for len(todo) > 0 {
		v := todo[0]
		todo = todo[1:]
		for _, ref := range refs(v) {
			switch ref := ref.(type) {
			case *ssa.Slice:
				add(ref)
			case *ssa.Call:
				if isBuiltin(ref.Common(), "append") && ref.Call.Args[0] == v {
					add(ref) // the same array, if it had room
				}
			}
		}
	}
	if n.detached() {
		clear(n.memory)
	}
}

// detached reports whether the pooled pointer to a slice is given other
// memory, so that the old memory may be kept.
func (n *names) detached() bool {
	for _, v := range n.order {
		for _, ref := range refs(v) {
			if store, ok := ref.(*ssa.Store); ok && store.Addr == v && !n.memory[store.Val] {
				return true
			}
		}
	}
	return false
}

// isBuiltin reports whether call calls one of the named builtins.
func isBuiltin(call *ssa.CallCommon, names ...string) bool {
	b, ok := call.Value.(*ssa.Builtin)
	return ok && slices.Contains(names, b.Name())
}

// refs returns the instructions that use v.
func refs(v ssa.Value) []ssa.Instruction {
	if r := v.Referrers(); r != nil {
		return *r
	}
	return nil
}

func isSlice(t types.Type) bool {
	_, ok := t.Underlying().(*types.Slice)
	return ok
}
