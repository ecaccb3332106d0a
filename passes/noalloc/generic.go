package noalloc

import (
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/internal/typeid"
)

// mayAllocate reports whether the function has instructions, outside of
// failures, for which a compiler could need the heap. gc does not compile a
// generic function where it is declared; one with none of these cannot
// allocate whatever its instance.
func (b *body) mayAllocate() bool {
	for _, part := range b.parts {
		for _, block := range part.Blocks {
			if b.failures.Block(block) {
				continue
			}
			for _, instr := range block.Instrs {
				if needsMemory(instr) {
					return true
				}
			}
		}
	}
	return false
}

func needsMemory(instr ssa.Instruction) bool {
	switch instr := instr.(type) {
	case *ssa.Alloc:
		return instr.Heap
	case *ssa.MakeInterface, *ssa.MakeClosure, *ssa.MakeMap, *ssa.MakeChan, *ssa.MakeSlice, *ssa.MultiConvert:
		return true
	case *ssa.Convert:
		return typeid.IsString(instr.Type()) || typeid.IsString(instr.X.Type())
	case *ssa.BinOp:
		return instr.Op == token.ADD && typeid.IsString(instr.Type())
	case *ssa.Call:
		builtin, ok := instr.Call.Value.(*ssa.Builtin)
		return ok && builtin.Name() == "append"
	}
	return false
}
