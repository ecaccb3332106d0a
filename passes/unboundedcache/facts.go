package unboundedcache

import (
	"fmt"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/internal/growth"
	"github.com/heapvet/heapvet/passes/internal/program"
	"github.com/heapvet/heapvet/passes/internal/report"
)

// grows is the fact about a function that adds to a container of its
// package, or of its receiver, which nothing there bounds.
type grows struct {
	Container string // as in messages: map "Cache"
	Key       int    // the parameter that is the key, receiver first
	Receiver  bool   // the container is part of the receiver
}

func (*grows) AFact() {}

func (f *grows) String() string { return fmt.Sprintf("grows(%s, %d)", f.Container, f.Key) }

// export writes the facts of a package that is analysed by itself.
func export(pass *analysis.Pass, m *growth.Model) {
	for _, a := range m.Adders() {
		pass.ExportObjectFact(a.Func, &grows{
			Container: fmt.Sprintf("%s %q", a.Container.Kind, pass.Pkg.Name()+"."+a.Container.Name),
			Key:       a.Param,
			Receiver:  a.Container.Global == nil,
		})
	}
}

// callers reports the calls by which requests make containers of imported
// packages grow: there the container's owner is known.
func callers(pass *analysis.Pass, m *growth.Model, r *report.Reporter) {
	told := make(map[string]bool)
	for _, fn := range m.Program.Funcs {
		if fn.Pkg == nil || fn.Pkg.Pkg != pass.Pkg {
			continue // another package's, whose own pass tells
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				call, ok := instr.(ssa.CallInstruction)
				if !ok {
					continue // not a call
				}
				text := callText(pass, m, call)
				if text != "" && !told[text] {
					told[text] = true
					r.Add(report.Finding{Pos: call.Pos(), Message: text})
				}
			}
		}
	}
}

// callText returns the message about a call, or "" if it is none of those.
func callText(pass *analysis.Pass, m *growth.Model, call ssa.CallInstruction) string {
	callee := call.Common().StaticCallee()
	if callee == nil || len(callee.Blocks) > 0 {
		return ""
	}
	obj, ok := callee.Object().(*types.Func)
	f := new(grows)
	if !ok || obj.Pkg() == pass.Pkg || !pass.ImportObjectFact(obj.Origin(), f) {
		return ""
	}
	args := program.Args(call)
	heat := m.Program.Heat(call.Parent())
	if f.Key >= len(args) || !m.Runs(call) || heat.Assumed {
		return ""
	}
	key := m.Flow.ValueAt(args[f.Key], call)
	if !key.Tainted() || key.Assumed || f.Receiver && !m.Kept(args[0]) {
		return ""
	}
	return fmt.Sprintf("%s only grows: %s adds an entry per request through %s, keyed by %s, and nothing removes one; use a cache with a limit",
		f.Container, heat.Name, obj.Name(), key.Source)
}
