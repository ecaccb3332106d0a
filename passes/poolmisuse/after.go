package poolmisuse

import (
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/internal/callsite"
)

// canonical returns the value that v is, under another type or read from a
// local variable that is set once.
func canonical(v ssa.Value) ssa.Value {
	for {
		switch x := v.(type) {
		case *ssa.MakeInterface:
			v = x.X
		case *ssa.ChangeType:
			v = x.X
		case *ssa.ChangeInterface:
			v = x.X
		case *ssa.TypeAssert:
			v = x.X
		case *ssa.Extract:
			assert, ok := x.Tuple.(*ssa.TypeAssert)
			if !ok || x.Index != 0 {
				return v
			}
			v = assert.X
		case *ssa.UnOp:
			alloc, ok := x.X.(*ssa.Alloc)
			if !ok {
				return v
			}
			store := onlyStore(alloc)
			if store == nil {
				return v
			}
			v = store.Val
		default:
			return v
		}
	}
}

// onlyStore returns the only assignment to a local variable, or nil.
func onlyStore(alloc *ssa.Alloc) *ssa.Store {
	var only *ssa.Store
	for _, ref := range refs(alloc) {
		switch ref := ref.(type) {
		case *ssa.Store:
			if only != nil || ref.Addr != alloc {
				return nil
			}
			only = ref
		case *ssa.UnOp, *ssa.DebugRef:
		case *ssa.MakeClosure:
			if assigns(ref, alloc) {
				return nil
			}
		default:
			return nil // its address goes elsewhere
		}
	}
	return only
}

// assigns reports whether the closure that m makes may assign to the
// variable at addr.
func assigns(m *ssa.MakeClosure, addr ssa.Value) bool {
	fn := m.Fn.(*ssa.Function)
	for i, b := range m.Bindings {
		if b != addr {
			continue
		}
		for _, ref := range refs(fn.FreeVars[i]) {
			if _, read := ref.(*ssa.UnOp); !read {
				return true
			}
		}
	}
	return false
}

// strictAliases returns the names that root has on every way: no name that
// may also mean another value.
func strictAliases(root ssa.Value) *names {
	n := &names{has: make(map[ssa.Value]bool), closure: make(map[*ssa.Function]bool), memory: make(map[ssa.Value]bool)}
	n.add(root)
	for i := 0; i < len(n.order); i++ {
		for _, ref := range refs(n.order[i]) {
			switch ref := ref.(type) {
			case *ssa.Phi, *ssa.MakeClosure, *ssa.Slice:
				// Another value may have this name.
			case *ssa.Store:
				if alloc, ok := ref.Addr.(*ssa.Alloc); ok && ref == onlyStore(alloc) {
					for _, load := range refs(alloc) {
						if load, ok := load.(*ssa.UnOp); ok {
							n.add(load)
						}
					}
				}
			default:
				n.follow(n.order[i], ref)
			}
		}
	}
	return n
}

// firstUse returns an instruction that uses the value of put, or its
// memory, and that control may reach from put before the value is replaced.
func firstUse(put *use, n *names) ssa.Instruction {
	root := canonical(put.value)
	var found ssa.Instruction
	scan := func(instrs []ssa.Instruction) (stop bool) {
		for _, instr := range instrs {
			if v, ok := instr.(ssa.Value); ok && v == root {
				return true // a new value under the old name
			}
			if found == nil && n.uses(instr) {
				found = instr
			}
			if found != nil {
				return true
			}
		}
		return false
	}
	seen := make(map[*ssa.BasicBlock]bool)
	var walk func(block *ssa.BasicBlock, from int)
	walk = func(block *ssa.BasicBlock, from int) {
		if scan(block.Instrs[from:]) {
			return
		}
		for _, next := range block.Succs {
			if !seen[next] {
				seen[next] = true
				walk(next, 0)
			}
		}
	}
	walk(put.call.Block(), indexOf(put.call)+1)
	return found
}

// uses reports whether instr does more with the value that n names, or its
// memory, than to name it.
func (n *names) uses(instr ssa.Instruction) bool {
	switch instr := instr.(type) {
	case *ssa.DebugRef, *ssa.Phi, *ssa.TypeAssert, *ssa.MakeInterface, *ssa.ChangeType, *ssa.ChangeInterface, *ssa.Slice, *ssa.BinOp, *ssa.Extract:
		return false // names, or a comparison
	case *ssa.MakeClosure:
		return false // when it runs is not known
	case *ssa.Return:
		if surelyFails(instr) {
			return false // beside an error, which tells not to touch it
		}
	case *ssa.Store:
		if isLocal(instr.Addr) {
			return false // x = nil, or another name
		}
	case *ssa.UnOp:
		if n.has[instr] {
			return false // reads the variable that holds the pointer
		}
	case *ssa.Call:
		if isBuiltin(instr.Common(), "len", "cap") {
			return false // of a header that was copied before
		}
		if callsite.Name(instr.Common()) == "runtime.KeepAlive" {
			return false
		}
	}
	for _, op := range instr.Operands(nil) {
		if *op != nil && (n.has[*op] || n.memory[*op]) {
			return true
		}
	}
	return false
}

// surelyFails reports whether ret returns an error that is not nil: it is
// made for this, or control comes here only if it is not.
func surelyFails(ret *ssa.Return) bool {
	if !failing(ret) {
		return false
	}
	err := callsite.Returned(ret, len(ret.Results)-1)
	if _, made := err.(*ssa.MakeInterface); made {
		return true
	}
	for block := ret.Block(); block.Idom() != nil; block = block.Idom() {
		branch, ok := block.Idom().Instrs[len(block.Idom().Instrs)-1].(*ssa.If)
		if !ok || len(block.Preds) != 1 {
			continue // no edge of a branch
		}
		cond, ok := branch.Cond.(*ssa.BinOp)
		if !ok || cond.X != err || !isNilConst(cond.Y) {
			continue // asks for something else
		}
		return cond.Op == token.NEQ && block.Idom().Succs[0] == block || cond.Op == token.EQL && block.Idom().Succs[1] == block
	}
	return false
}
