package gctuning

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/internal/callsite"
)

// periodic returns the functions among funcs that run on a timer: called,
// directly or through others, from a loop that waits for time to pass, or
// handed to a timer that they set again.
func periodic(funcs []*ssa.Function) map[*ssa.Function]bool {
	found := make(map[*ssa.Function]bool)
	var add func(fn *ssa.Function)
	add = func(fn *ssa.Function) {
		if fn == nil || found[fn] || len(fn.Blocks) == 0 {
			return
		}
		found[fn] = true
		for _, block := range fn.Blocks {
			for _, instr := range block.Instrs {
				if call, ok := instr.(ssa.CallInstruction); ok {
					add(call.Common().StaticCallee())
				}
			}
		}
	}
	for _, fn := range funcs {
		for _, loop := range timedLoops(fn) {
			for _, instr := range loop.Instrs {
				if call, ok := instr.(ssa.CallInstruction); ok {
					add(call.Common().StaticCallee())
				}
			}
		}
		if f := rearmed(fn); f != nil {
			add(f)
		}
	}
	return found
}

// timedLoops returns the blocks of fn that lie in a loop that waits for
// time to pass.
func timedLoops(fn *ssa.Function) []*ssa.BasicBlock {
	if !waits(fn.Blocks) {
		return nil // cheap, and true of nearly every function
	}
	loops := callsite.Loops(fn)
	var blocks []*ssa.BasicBlock
	for _, block := range fn.Blocks {
		if onTick(block, loops[block]) {
			blocks = append(blocks, block)
		}
	}
	return blocks
}

// onTick reports whether block, which lies in loop, runs when time passes,
// and not in a case of a select that waits for something else.
func onTick(block *ssa.BasicBlock, loop []*ssa.BasicBlock) bool {
	if !waits(loop) {
		return false
	}
	for _, b := range loop {
		branch, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
		if ok && otherCase(branch.Cond) && b.Succs[0].Dominates(block) {
			return false
		}
	}
	return true
}

// otherCase reports whether cond tests for a case of a select that does
// not receive the time.
func otherCase(cond ssa.Value) bool {
	op, ok := cond.(*ssa.BinOp)
	if !ok || op.Op != token.EQL {
		return false
	}
	index, ok := op.X.(*ssa.Extract)
	if !ok || index.Index != 0 {
		return false
	}
	sel, ok := index.Tuple.(*ssa.Select)
	if !ok {
		return false
	}
	i, ok := op.Y.(*ssa.Const)
	return ok && i.Value != nil && !carriesTime(sel.States[i.Int64()].Chan.Type())
}

// waits reports whether one of blocks sleeps or receives the time.
func waits(blocks []*ssa.BasicBlock) bool {
	for _, block := range blocks {
		for _, instr := range block.Instrs {
			switch instr := instr.(type) {
			case *ssa.Call:
				if callsite.Name(instr.Common()) == "time.Sleep" {
					return true
				}
			case *ssa.UnOp:
				if carriesTime(instr.X.Type()) {
					return true
				}
			case *ssa.Select:
				for _, state := range instr.States {
					if carriesTime(state.Chan.Type()) {
						return true
					}
				}
			}
		}
	}
	return false
}

// carriesTime reports whether t is a channel of time.Time.
func carriesTime(t types.Type) bool {
	ch, ok := t.Underlying().(*types.Chan)
	if !ok {
		return false
	}
	named, ok := types.Unalias(ch.Elem()).(*types.Named)
	return ok && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == "time" && named.Obj().Name() == "Time"
}

// rearmed returns the function that fn hands to time.AfterFunc, if that
// function sets a timer again.
func rearmed(fn *ssa.Function) *ssa.Function {
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok || callsite.Name(call.Common()) != "time.AfterFunc" {
				continue
			}
			f := function(call.Call.Args[1])
			if f != nil && calls(f, func(name string) bool { return name == "time.AfterFunc" || name == "(*time.Timer).Reset" }) {
				return f
			}
		}
	}
	return nil
}

// function returns the function that the value v is, if that is plain.
func function(v ssa.Value) *ssa.Function {
	switch v := v.(type) {
	case *ssa.Function:
		return v
	case *ssa.MakeClosure:
		return v.Fn.(*ssa.Function)
	}
	return nil
}
