package gctuning

import (
	_ "embed"
	"fmt"
	"go/ast"
	"go/constant"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/hotcode"
	"github.com/heapvet/heapvet/passes/internal/buildssa"
	"github.com/heapvet/heapvet/passes/internal/callsite"
	"github.com/heapvet/heapvet/passes/internal/doc"
	"github.com/heapvet/heapvet/passes/internal/report"
	"github.com/heapvet/heapvet/passes/internal/scope"
)

//go:embed doc.go
var docSource string

// New returns the analyzer, which requires the analyzers that buildssa.New
// and hotcode.New made.
func New(ssa, heat *analysis.Analyzer, modules scope.Modules, opts report.Options) *analysis.Analyzer {
	return &analysis.Analyzer{
		Name:      "gctuning",
		Doc:       doc.Section(docSource, "gctuning"),
		URL:       doc.URL("gctuning"),
		Requires:  []*analysis.Analyzer{ssa, heat},
		FactTypes: []analysis.Fact{new(program)},
		Run: func(pass *analysis.Pass) (any, error) {
			if !modules.Includes(pass) {
				return nil, nil
			}
			c := &checker{
				pass:     pass,
				ssa:      pass.ResultOf[ssa].(*buildssa.SSA),
				heat:     pass.ResultOf[heat].(*hotcode.Result),
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
	reporter *report.Reporter
	program  program
	periodic map[*ssa.Function]bool
}

func (c *checker) run() {
	if c.ssa == nil {
		return // a driver gave no SSA for this package
	}
	c.program = c.exportProgram()
	for _, fn := range c.ssa.Funcs {
		calls := tuningCalls(fn)
		if len(calls) == 0 || c.exempt(fn) {
			continue // debug, admin, test: tuning is what such code is for
		}
		if c.periodic == nil {
			c.periodic = periodic(c.ssa.Funcs)
		}
		loops := callsite.Loops(fn)
		for _, call := range calls {
			if c.switchedOff(call.Block()) {
				continue // nothing turns it on, but tests
			}
			c.call(fn, call, c.periodic[fn] || onTick(call.Block(), loops[call.Block()]))
		}
	}
	c.main()
	c.reporter.Flush()
}

// tuningCalls returns the calls in fn that tune or query the collector.
func tuningCalls(fn *ssa.Function) []ssa.CallInstruction {
	var found []ssa.CallInstruction
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			if call, ok := instr.(ssa.CallInstruction); ok && costs[callsite.Name(call.Common())] != "" {
				found = append(found, call)
			}
		}
	}
	return found
}

// A site is one call of a function that tunes or queries the collector.
type site struct {
	expr  *ast.CallExpr
	name  string // "debug.FreeOSMemory"
	heat  hotcode.Heat
	often string // one of the words below, or "" for code that runs rarely
}

// How often a call runs, in the words of the messages.
const (
	perRequest = "on every request"
	perScrape  = "on every scrape"
	timed      = "in a timed loop"
	inLoop     = "in a background loop"
)

// often says in words how often code of heat h runs; "" means rarely.
func often(h hotcode.Heat) string {
	if h.Grade < hotcode.Warm || h.Failure || h.Func == nil {
		return ""
	}
	switch h.Func.Root {
	case "timer":
		return "" // it may run once; periodic finds the ones that do not
	case "cron job":
		return timed
	case hotcode.Background:
		return inLoop
	case "metrics callback", "metrics collector":
		return perScrape
	}
	return perRequest
}

// call judges one call of fn. Ticks says that it runs on a timer.
func (c *checker) call(fn *ssa.Function, call ssa.CallInstruction, ticks bool) {
	name := callsite.Name(call.Common())
	expr := callsite.Expr(call)
	if expr == nil {
		return // not in the source
	}
	s := site{expr: expr, name: strings.TrimPrefix(name, "runtime/"), heat: c.heat.At(expr)}
	s.often = often(s.heat)
	switch {
	case ticks:
		s.often = timed
	case s.heat.Func != nil && s.heat.Func.Assumed && (name == setGCPercent || name == setMemoryLimit):
		s.often = "" // a library may export a way to set them
	}
	switch name {
	case setGCPercent:
		c.percent(s, call)
	case setMemoryLimit:
		if limit, ok := constArg(call, 0); ticks || ok && limit < 0 {
			return // follows the container's limit, or only asks
		}
		c.report(s, costs[name], false)
	case readMemStats:
		c.report(s, costs[name], ticks || s.heat.Grade < hotcode.Hot || c.observes(fn))
	case runtimeStack:
		if all, ok := callsite.Arg(call.Common(), 1).(*ssa.Const); ok && constant.BoolVal(all.Value) {
			if !c.dumps(fn) {
				c.report(s, costs[allStacks], false)
			}
			return
		}
		c.stack(s, fn, name)
	case stack, printStack:
		c.stack(s, fn, name)
	default:
		c.report(s, costs[name], false)
	}
}

// stack judges a call that formats the goroutine's own stack.
func (c *checker) stack(s site, fn *ssa.Function, name string) {
	if !recovers(fn) && s.often == perRequest {
		c.report(s, costs[name], true)
	}
}

// report tells what s costs where it runs often.
func (c *checker) report(s site, cost string, advice bool) {
	if s.often == "" {
		return // once in a while is fine
	}
	f := s.heat.Func
	if s.often != timed && f != nil {
		advice = advice || f.Assumed
		if len(f.Chain) > 0 {
			cost += " (" + report.Chain(f.Chain) + ")"
		}
	}
	c.reporter.Add(report.Finding{
		Pos: s.expr.Pos(), End: s.expr.End(), Advice: advice,
		Message: fmt.Sprintf("%s %s %s", s.name, s.often, cost),
	})
}

// percent judges a call of debug.SetGCPercent.
func (c *checker) percent(s site, call ssa.CallInstruction) {
	percent, known := constArg(call, 0)
	restored := call.Value() != nil && call.Value().Referrers() != nil && len(*call.Value().Referrers()) > 0
	switch {
	case s.often == timed && !known:
		// Follows a configuration, or tunes by what it measures.
	case s.often != "":
		c.report(s, costs[setGCPercent], false)
	case !known || restored || c.program.Limits:
		// Tuned by the user, for a moment only, or under a memory limit.
	case percent < 0:
		c.reporter.Add(report.Finding{
			Pos: s.expr.Pos(), End: s.expr.End(), Advice: !c.program.Serves,
			Message: "debug.SetGCPercent(-1) turns the collector off and nothing sets a memory limit: memory grows until the " +
				"process is killed; set GOMEMLIMIT or debug.SetMemoryLimit to about 90 % of the memory it may use",
		})
	case percent < 100:
		c.reporter.Add(report.Finding{
			Pos: s.expr.Pos(), End: s.expr.End(), Advice: true,
			Message: fmt.Sprintf("debug.SetGCPercent(%d) collects when the heap has grown by %d %% since the last collection, "+
				"it bounds nothing and costs CPU; set GOMEMLIMIT or debug.SetMemoryLimit instead", percent, percent),
		})
	}
}

// main advises a server's main package that sets no memory limit.
func (c *checker) main() {
	main := c.ssa.Pkg.Func("main")
	if c.pass.Pkg.Name() != "main" || main == nil || !c.program.Serves || c.program.Limits || c.exempt(main) {
		return
	}
	decl, ok := main.Syntax().(*ast.FuncDecl)
	if !ok {
		return // synthetic: a test binary's
	}
	c.reporter.Add(report.Finding{
		Pos: decl.Name.Pos(), End: decl.Name.End(), Advice: true,
		Message: "server main sets no memory limit: unless GOMEMLIMIT is set where it runs, the collector does not know how " +
			"much memory there is; call debug.SetMemoryLimit with about 90 % of it",
	})
}

// constArg returns the i-th argument of call if it is a constant integer.
func constArg(call ssa.CallInstruction, i int) (value int64, ok bool) {
	c, ok := callsite.Arg(call.Common(), i).(*ssa.Const)
	if !ok || c.Value == nil || c.Value.Kind() != constant.Int {
		return 0, false
	}
	return c.Int64(), true
}
