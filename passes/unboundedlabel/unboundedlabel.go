package unboundedlabel

import (
	_ "embed"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/hotcode"
	"github.com/heapvet/heapvet/passes/internal/buildssa"
	"github.com/heapvet/heapvet/passes/internal/callsite"
	"github.com/heapvet/heapvet/passes/internal/doc"
	"github.com/heapvet/heapvet/passes/internal/report"
	"github.com/heapvet/heapvet/passes/internal/scope"
	"github.com/heapvet/heapvet/passes/reqflow"
)

//go:embed doc.go
var docSource string

// New returns the analyzer, which requires the analyzers that buildssa.New,
// hotcode.New and reqflow.New made.
func New(ssa, heat, flow *analysis.Analyzer, modules scope.Modules, opts report.Options) *analysis.Analyzer {
	return &analysis.Analyzer{
		Name:      "unboundedlabel",
		Doc:       doc.Section(docSource, "unboundedlabel"),
		URL:       doc.URL("unboundedlabel"),
		Requires:  []*analysis.Analyzer{ssa, heat, flow},
		FactTypes: []analysis.Fact{new(labels)},
		Run: func(pass *analysis.Pass) (any, error) {
			if !modules.Includes(pass) {
				return nil, nil
			}
			c := &checker{
				pass:     pass,
				ssa:      pass.ResultOf[ssa].(*buildssa.SSA),
				heat:     pass.ResultOf[heat].(*hotcode.Result),
				flow:     pass.ResultOf[flow].(*reqflow.Result),
				reporter: report.New(pass, opts),
			}
			c.run()
			return nil, nil
		},
	}
}

// A checker looks at one package.
type checker struct {
	pass     *analysis.Pass
	ssa      *buildssa.SSA
	heat     *hotcode.Result
	flow     *reqflow.Result
	reporter *report.Reporter
	pruned   pruned
}

func (c *checker) run() {
	if c.ssa == nil || c.heat == nil || c.flow == nil {
		return // a driver gave no SSA for this package
	}
	var calls []ssa.CallInstruction
	for _, fn := range c.ssa.Funcs {
		for _, block := range fn.Blocks {
			for _, instr := range block.Instrs {
				if call, ok := instr.(ssa.CallInstruction); ok && callsite.Func(call.Common()) != nil {
					calls = append(calls, call)
				}
			}
		}
	}
	c.pruned = prunedVars(calls)
	for _, call := range calls {
		c.labels(call)
		c.creation(call)
	}
	c.reporter.Flush()
}

// heatOf returns the heat of fn. Whether a place in it is on the way to a
// failure makes no difference: what only failing requests add stays as well.
func (c *checker) heatOf(fn *ssa.Function) *hotcode.Func {
	if node := fn.Syntax(); node != nil {
		return c.heat.Func(node)
	}
	return &hotcode.Func{}
}

// via tells how code got hot, for the end of a message.
func via(f *hotcode.Func) string {
	if len(f.Chain) < 2 {
		return ""
	}
	return " (" + report.Chain(f.Chain) + ")"
}
