package unboundedinput

import (
	_ "embed"
	"fmt"
	"go/ast"

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
	var maxBody int64
	var programs programs
	a := &analysis.Analyzer{
		Name:      "unboundedinput",
		Doc:       doc.Section(docSource, "unboundedinput"),
		URL:       doc.URL("unboundedinput"),
		Requires:  []*analysis.Analyzer{ssa, heat, flow},
		FactTypes: []analysis.Fact{new(summary), new(limitsBodies)},
	}
	a.Flags.Int64Var(&maxBody, "max-body", 0, "offer fixes that limit request bodies to this many `bytes`; 0 offers none")
	a.Run = func(pass *analysis.Pass) (any, error) {
		if !modules.Includes(pass) {
			return nil, nil
		}
		c := &checker{
			pass:     pass,
			ssa:      pass.ResultOf[ssa].(*buildssa.SSA),
			heat:     pass.ResultOf[heat].(*hotcode.Result),
			flow:     pass.ResultOf[flow].(*reqflow.Result),
			reporter: report.New(pass, opts),
			maxBody:  maxBody,
		}
		c.run(&programs)
		return nil, nil
	}
	return a
}

// A checker looks at one package.
type checker struct {
	pass     *analysis.Pass
	ssa      *buildssa.SSA
	heat     *hotcode.Result
	flow     *reqflow.Result
	reporter *report.Reporter
	maxBody  int64
	tracer   *tracer
	bounded  map[int]bool // lines with a directive that says the input is bounded
	file     *ast.File    // the file that bounded is about
}

func (c *checker) run(programs *programs) {
	if c.ssa == nil || c.flow.Program() == nil {
		return // a driver gave no SSA for this package
	}
	c.tracer = &tracer{
		index:    programs.index(c.flow.Program()),
		flow:     c.flow,
		known:    c.known,
		limiters: make(map[*ssa.Function]bool),
		steps:    maxSteps,
	}
	c.tracer.wide = c.limitsBodies()
	clear(c.tracer.limiters) // what was found before all wrappers were known
	for _, fn := range c.ssa.Funcs {
		for _, block := range fn.Blocks {
			for _, instr := range block.Instrs {
				c.instr(instr)
			}
		}
	}
	c.export()
	c.reporter.Flush()
}

// instr judges one instruction.
func (c *checker) instr(instr ssa.Instruction) {
	c.tracer.steps = maxSteps
	if call, ok := instr.(ssa.CallInstruction); ok {
		if s, ok := sinkOf(call); ok {
			c.read(s)
			return
		}
		c.readByCallee(call)
		c.split(call)
	}
	if store, ok := instr.(*ssa.Store); ok && setsBody(store) {
		c.replaced(store)
	}
	if size, what := sizeOf(instr); size != nil {
		c.size(instr, size, what)
	}
}

// size judges an allocation of a size that is not constant.
func (c *checker) size(instr ssa.Instruction, size ssa.Value, what string) {
	if _, ok := size.(*ssa.Const); ok || weightless(instr) {
		return
	}
	node := c.allocation(instr)
	if node == nil || !c.asks(node) && !c.offers(instr.Parent(), node) {
		return
	}
	by := sizer{c.tracer}.chosen(size, point{block: instr.Block()}, nil, 0)
	offered := c.offers(instr.Parent(), node)
	if by.none() || by.vague && !c.exported(node) && !offered {
		return // a program may decode its own files
	}
	advice := by.origin != request || by.assumed || c.assumed(node) || offered
	who := "the input"
	if by.origin == request {
		who = "the client"
	}
	c.report(node, advice, fmt.Sprintf("%s of a size that %s chooses (%s) and nothing limits from above: compare it with a maximum first",
		shortName(what), who, by.what), nil)
}

// allocation returns the call expression that instr is.
func (c *checker) allocation(instr ssa.Instruction) ast.Node {
	if call, ok := instr.(ssa.CallInstruction); ok {
		if expr := callsite.Expr(call); expr != nil {
			return expr
		}
		return nil
	}
	syntax := instr.Parent().Syntax()
	if syntax == nil {
		return nil
	}
	var found ast.Node
	ast.Inspect(syntax, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && (call.Pos() == instr.Pos() || call.Lparen == instr.Pos()) {
			found = call
		}
		return true
	})
	return found
}
