package goroutineleak

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/hotcode"
)

// A tier says who wants to know.
type tier uint8

const (
	nobody   tier = iota // it happens once per process
	askers               // tier advice
	everyone             // tier default
)

// tierOf says who wants to know of a goroutine that is left behind when
// instr runs. Requests leave one after the other; a library's API may do so.
func (m *model) tierOf(instr ssa.Instruction) tier {
	if m.isTest(instr.Parent()) || inOnce(instr.Parent()) || m.inRuntime(instr.Parent()) {
		return nobody
	}
	heat := m.prog.HeatAt(instr)
	fn := m.prog.Heat(instr.Parent())
	grade := heat.Grade
	if heat.Failure || fn.OnFailure() {
		grade = max(grade, fn.Grade) // clients can make requests fail at will
		if fn.OnFailure() {
			grade = hotcode.Warm
		}
	}
	switch {
	case grade != hotcode.Cold && !fn.Assumed && fn.Root != hotcode.Background:
		return everyone
	case grade != hotcode.Cold:
		return askers
	case heat.Why == onceWhy || !m.library:
		return nobody
	case m.api()[instr.Parent()]:
		return askers
	}
	return nobody
}

// inOnce reports whether fn is, or is written in, a literal that a
// sync.Once of the package runs: once per process.
func inOnce(fn *ssa.Function) bool {
	for ; fn.Parent() != nil; fn = fn.Parent() {
		site, ok := handedOver(fn).(ssa.CallInstruction)
		if !ok || nameOf(site) != "(*sync.Once).Do" {
			continue
		}
		if _, global := site.Common().Args[0].(*ssa.Global); global {
			return true
		}
	}
	return false
}

// inRuntime reports whether fn belongs to the runtime, whose goroutines are
// there for the process.
func (m *model) inRuntime(fn *ssa.Function) bool {
	return fn.Pkg != nil && fn.Pkg.Pkg.Path() == "runtime"
}

// onceWhy is what package hotcode says of code that runs once per process.
const onceWhy = "initialises once"

// api returns the functions that importers of a library can make run.
func (m *model) api() map[*ssa.Function]bool {
	if m.exported == nil {
		m.exported = make(map[*ssa.Function]bool)
		for _, fn := range m.prog.Funcs {
			if obj, ok := fn.Object().(*types.Func); ok && obj.Exported() && !m.isTest(fn) {
				m.reachAPI(fn)
			}
		}
	}
	return m.exported
}

func (m *model) reachAPI(fn *ssa.Function) {
	if m.exported[fn] || m.isTest(fn) {
		return
	}
	m.exported[fn] = true
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if site, ok := instr.(ssa.CallInstruction); ok {
				for _, callee := range m.callees(site) {
					m.reachAPI(callee)
				}
			}
			if c, ok := instr.(*ssa.MakeClosure); ok {
				m.reachAPI(c.Fn.(*ssa.Function))
			}
		}
	}
}
