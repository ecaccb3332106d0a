package goroutineleak

import (
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/internal/callsite"
)

// spawnsOf returns the places that start goroutines which may run fn.
func (m *model) spawnsOf(fn *ssa.Function) []*spawn {
	return m.starters(fn, func(ssa.CallInstruction) bool { return true })
}

// surelyOf returns the places that start goroutines which run fn by calls
// that lead nowhere else.
func (m *model) surelyOf(fn *ssa.Function) []*spawn {
	return m.starters(fn, func(site ssa.CallInstruction) bool { return len(m.callees(site)) == 1 })
}

// starters follows the calls that by accepts from fn up to where goroutines
// are started.
func (m *model) starters(fn *ssa.Function, by func(ssa.CallInstruction) bool) []*spawn {
	var found []*spawn
	seen := make(map[*ssa.Function]bool)
	var visit func(fn *ssa.Function, depth int)
	visit = func(fn *ssa.Function, depth int) {
		if seen[fn] || depth > maxDepth {
			return
		}
		seen[fn] = true
		found = append(found, m.spawns[fn]...)
		for _, site := range m.callSites[fn] {
			if _, starts := site.(*ssa.Go); !starts && by(site) {
				visit(site.Parent(), depth+1)
			}
		}
	}
	visit(fn, 0)
	return found
}

// project returns the instructions of fn during which instr may run: instr
// itself, or calls that lead to it.
func (m *model) project(instr ssa.Instruction, fn *ssa.Function) []ssa.Instruction {
	if instr.Parent() == fn {
		return []ssa.Instruction{instr}
	}
	var found []ssa.Instruction
	seen := make(map[*ssa.Function]bool)
	var visit func(callee *ssa.Function, depth int)
	visit = func(callee *ssa.Function, depth int) {
		if seen[callee] || depth > maxDepth {
			return
		}
		seen[callee] = true
		for _, site := range m.callSites[callee] {
			if _, call := site.(*ssa.Call); !call {
				continue
			}
			if site.Parent() == fn {
				found = append(found, site)
			} else {
				visit(site.Parent(), depth+1)
			}
		}
	}
	visit(instr.Parent(), 0)
	return found
}

// repeats reports whether instr may run again for the same channel.
func (m *model) repeats(instr, birth ssa.Instruction) bool {
	b := instr.Block()
	if birth.Parent() != instr.Parent() {
		return m.loops(instr.Parent())[b] != nil
	}
	if birth.Block() == b {
		return false
	}
	stop := func(other *ssa.BasicBlock) bool { return other == birth.Block() }
	return callsite.Reachable(b, stop)[b]
}
