package resourceleak

import (
	_ "embed"
	"fmt"
	"sync"

	"golang.org/x/tools/go/analysis"

	"github.com/heapvet/heapvet/passes/internal/buildssa"
	"github.com/heapvet/heapvet/passes/internal/doc"
	"github.com/heapvet/heapvet/passes/internal/program"
	"github.com/heapvet/heapvet/passes/internal/report"
	"github.com/heapvet/heapvet/passes/internal/scope"
	"github.com/heapvet/heapvet/passes/reqflow"
)

//go:embed doc.go
var docSource string

// New returns the analyzer, which requires the analyzers that buildssa.New
// and reqflow.New made.
func New(ssa, flow *analysis.Analyzer, modules scope.Modules, opts report.Options) *analysis.Analyzer {
	var engines engines
	return &analysis.Analyzer{
		Name:      "resourceleak",
		Doc:       doc.Section(docSource, "resourceleak"),
		URL:       doc.URL("resourceleak"),
		Requires:  []*analysis.Analyzer{ssa, flow},
		FactTypes: []analysis.Fact{new(handles), new(analysed)},
		Run: func(pass *analysis.Pass) (any, error) {
			if !modules.Includes(pass) {
				return nil, nil
			}
			c := &checker{
				pass:     pass,
				ssa:      pass.ResultOf[ssa].(*buildssa.SSA),
				reporter: report.New(pass, opts),
			}
			prog := pass.ResultOf[flow].(*reqflow.Result).Program()
			if c.ssa == nil || prog == nil {
				return nil, nil // a driver gave no SSA for this package
			}
			return nil, engines.use(prog, c.run)
		},
	}
}

// engines keeps the engine of each program. Drivers show one program, or
// one per package in turn.
type engines struct {
	mu   sync.Mutex
	last *engine
}

// use calls run with the engine of prog while no other pass uses it.
func (e *engines) use(prog *program.Program, run func(*engine)) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.last == nil || e.last.prog != prog {
		t, err := load()
		if err != nil {
			return fmt.Errorf("loading the table of resources: %w", err)
		}
		e.last = newEngine(prog, t)
	}
	run(e.last)
	return nil
}

// A checker looks at one package.
type checker struct {
	pass     *analysis.Pass
	ssa      *buildssa.SSA
	engine   *engine
	reporter *report.Reporter
}

func (c *checker) run(e *engine) {
	c.engine = e
	e.facts = c.importer()
	for _, fn := range c.ssa.Funcs {
		if c.exempt(fn) {
			continue
		}
		for _, w := range e.of(fn) {
			c.judge(w)
		}
		c.loops(fn)
		c.finalizers(fn)
	}
	c.export()
	c.reporter.Flush()
}
