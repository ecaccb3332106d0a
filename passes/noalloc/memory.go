package noalloc

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/gcfacts"
	"github.com/heapvet/heapvet/passes/internal/callsite"
	"github.com/heapvet/heapvet/passes/internal/typeid"
)

// mayAllocate reports whether the function has instructions, outside of
// failures, for which a compiler could need the heap. One with none of these
// cannot allocate whatever gc says: where it is generic, and not compiled
// where it is declared, or where gc is not asked.
func (b *body) mayAllocate() bool {
	m := &memory{body: b, kept: make(map[ssa.Value]bool)}
	for _, part := range b.parts {
		for _, block := range part.Blocks {
			if !b.failures.Block(block) && slices.ContainsFunc(block.Instrs, m.needed) {
				return true
			}
		}
	}
	return false
}

// A memory tells what needs memory of the heap. It knows less than gc, and
// says so of what it does not know.
type memory struct {
	*body
	kept map[ssa.Value]bool // addresses that go nowhere, as far as has been seen
}

// maxStack is the size from which on gc puts values on the heap, or moves
// variables there.
const maxStack = 64 << 10

// needed reports whether a compiler could need the heap for instr.
func (m *memory) needed(instr ssa.Instruction) bool {
	if v, ok := instr.(ssa.Value); ok && m.large(v.Type()) {
		return true
	}
	switch instr := instr.(type) {
	case *ssa.Alloc:
		return m.large(typeid.Deref(instr.Type())) || instr.Heap && (inLoop(instr.Block()) || !m.stays(instr))
	case *ssa.MakeClosure:
		return !calledOnly(instr)
	case *ssa.MakeInterface:
		_, known := instr.X.(*ssa.Const)
		return !known && gcfacts.Boxes(instr.X.Type())
	case *ssa.MakeMap, *ssa.MakeChan, *ssa.MakeSlice, *ssa.MultiConvert:
		return true
	case *ssa.Convert:
		return typeid.IsString(instr.Type()) || typeid.IsString(instr.X.Type())
	case *ssa.BinOp:
		return instr.Op == token.ADD && typeid.IsString(instr.Type())
	case *ssa.Call:
		builtin, ok := instr.Call.Value.(*ssa.Builtin)
		return ok && builtin.Name() == "append" && m.gc.NoData() == "" // or else told anyway
	}
	return false
}

// inLoop reports whether block can run again. There gc asks which variables
// outside of the loop keep a value, of which SSA form says nothing.
func inLoop(block *ssa.BasicBlock) bool { return callsite.Reachable(block, nil)[block] }

// large reports whether values of type t may be too large for the stack.
func (m *memory) large(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Array, *types.Struct:
		return gcfacts.Size(m.pass.TypesSizes, t) > maxStack
	}
	return false
}

// stays reports whether v, an address or a slice of an array, is used only
// to read and write what is there, here and in the functions of the package
// that it is passed to. gc then keeps that on the stack.
func (m *memory) stays(v ssa.Value) bool {
	if m.kept[v] {
		return true
	}
	if v.Referrers() == nil {
		return false
	}
	m.kept[v] = true // a cycle of calls alone leads nowhere
	return !slices.ContainsFunc(*v.Referrers(), func(ref ssa.Instruction) bool { return !m.harmless(v, ref) })
}

// harmless reports whether the use of the address v by instr lets it go
// nowhere.
func (m *memory) harmless(v ssa.Value, instr ssa.Instruction) bool {
	switch instr := instr.(type) {
	case *ssa.DebugRef, *ssa.BinOp:
		return true
	case *ssa.UnOp:
		return instr.Op == token.MUL
	case *ssa.Store:
		return instr.Val != v
	case *ssa.FieldAddr, *ssa.IndexAddr, *ssa.Slice:
		return m.stays(instr.(ssa.Value))
	case *ssa.MakeClosure:
		fn := instr.Fn.(*ssa.Function)
		for i, bound := range instr.Bindings {
			if bound == v && !m.stays(fn.FreeVars[i]) {
				return false
			}
		}
		return calledOnly(instr)
	case *ssa.Call:
		return m.passed(v, instr)
	}
	return false
}

// passed reports whether call, to which the address v is passed, lets it go
// nowhere.
func (m *memory) passed(v ssa.Value, call *ssa.Call) bool {
	if builtin, ok := call.Call.Value.(*ssa.Builtin); ok {
		return builtin.Name() != "append" || call.Call.Args[0] != v || m.stays(call)
	}
	callee := call.Call.StaticCallee()
	if callee == nil || callee.Blocks == nil || callee.Pkg != m.fn.Pkg || len(callee.Params) != len(call.Call.Args) {
		return false
	}
	for i, arg := range call.Call.Args {
		if arg == v && !m.stays(callee.Params[i]) {
			return false
		}
	}
	return call.Call.Value != v
}

// calledOnly reports whether the closure is called where it is made, and
// goes nowhere else.
func calledOnly(closure *ssa.MakeClosure) bool {
	if closure.Referrers() == nil {
		return false
	}
	for _, ref := range *closure.Referrers() {
		switch ref := ref.(type) {
		case *ssa.DebugRef:
		case *ssa.Call, *ssa.Defer:
			common := ref.(ssa.CallInstruction).Common()
			if common.Value != closure || slices.Contains(common.Args, ssa.Value(closure)) {
				return false
			}
		default:
			return false
		}
	}
	return true
}
