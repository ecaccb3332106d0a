package goroutineleak

import (
	_ "embed"
	"fmt"
	"sync"

	"golang.org/x/tools/go/analysis"

	"github.com/heapvet/heapvet/passes/hotcode"
	"github.com/heapvet/heapvet/passes/internal/buildssa"
	"github.com/heapvet/heapvet/passes/internal/doc"
	"github.com/heapvet/heapvet/passes/internal/program"
	"github.com/heapvet/heapvet/passes/internal/report"
)

//go:embed doc.go
var docSource string

// New returns the analyzer, which requires the analyzers that buildssa.New
// and hotcode.New made. With a module, the model of all its packages is made
// at first use and shared.
func New(ssa, heat *analysis.Analyzer, module *hotcode.Module, opts report.Options) *analysis.Analyzer {
	var once sync.Once
	var shared *model
	return &analysis.Analyzer{
		Name:     "goroutineleak",
		Doc:      doc.Section(docSource, "goroutineleak"),
		URL:      doc.URL("goroutineleak"),
		Requires: []*analysis.Analyzer{ssa, heat},
		Run: func(pass *analysis.Pass) (any, error) {
			built, _ := pass.ResultOf[ssa].(*buildssa.SSA)
			if built == nil {
				return nil, nil // not a package that is analysed
			}
			var m *model
			if module.Result(pass.Pkg) != nil {
				once.Do(func() { shared = newModel(program.OfModule(module)) })
				m = shared
			} else {
				m = newModel(program.OfPackage(built, pass.ResultOf[heat].(*hotcode.Result)))
			}
			reporter := report.New(pass, opts)
			for _, f := range m.found[pass.Pkg] {
				reporter.Add(f.Finding)
			}
			reporter.Flush()
			return nil, nil
		},
	}
}

// A finding is one goroutine that is left behind.
type finding struct{ report.Finding }

// add records a finding at pos in the package of fn.
func (m *model) add(at place, t tier, format string, args ...any) *finding {
	if t == nobody || m.told[at.pos] || !at.pos.IsValid() {
		return &finding{}
	}
	m.told[at.pos] = true
	f := finding{report.Finding{Pos: at.pos, End: at.pos, Advice: t == askers, Message: fmt.Sprintf(format, args...)}}
	pkg := at.pkg
	m.found[pkg] = append(m.found[pkg], f)
	return &m.found[pkg][len(m.found[pkg])-1]
}
