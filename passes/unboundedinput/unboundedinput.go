package unboundedinput

import (
	_ "embed"
	"fmt"
	"go/ast"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/hotcode"
	"github.com/heapvet/heapvet/passes/internal/buildssa"
	"github.com/heapvet/heapvet/passes/internal/callsite"
	"github.com/heapvet/heapvet/passes/internal/directive"
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

// read judges a call that keeps all that it reads.
func (c *checker) read(s sink) {
	expr := callsite.Expr(s.call)
	if expr == nil || !c.asks(expr) {
		return
	}
	src := c.source(s)
	if src.origin == unknown || src.bounded {
		return
	}
	advice := src.origin != request || src.assumed || c.assumed(expr) || strings.HasPrefix(s.name, "(*bufio.Reader)") ||
		s.name == "(*net/http.Request).ParseMultipartForm"
	msg := fmt.Sprintf("%s reads %s without a limit: whatever is sent is kept in memory; wrap it in http.MaxBytesReader or io.LimitReader",
		shortName(s.name), src.what)
	if src.packed != "" {
		msg = fmt.Sprintf("%s unpacks %s data of %s without a limit: a small input may become gigabytes; limit the unpacked data with io.LimitReader",
			shortName(s.name), src.packed, src.what)
	}
	c.report(expr, advice, msg, c.fix(s, expr, src))
}

// source tells about what s reads.
func (c *checker) source(s sink) stream {
	if format := unpacks[s.name]; format != "" {
		return c.unpacked(s, format)
	}
	if isRequest(s.reader.Type()) {
		return c.tracer.body(s.reader, s.call, nil, 0)
	}
	return c.tracer.reader(s.reader, s.call, nil, 0)
}

// unpacked tells about bytes that s unpacks at once.
func (c *checker) unpacked(s sink, format string) stream {
	for _, block := range s.call.Parent().Blocks {
		for _, instr := range block.Instrs {
			if call, ok := instr.(ssa.CallInstruction); ok && strings.HasSuffix(callsite.Name(call.Common()), ".DecodedLen") {
				return stream{} // asked before
			}
		}
	}
	flow := c.flow.Value(s.reader)
	src := stream{packed: format, assumed: flow.Assumed, what: "the input"}
	switch flow.Origin {
	case reqflow.Request:
		src.origin = request
	case reqflow.Upstream:
		src.origin = upstream
	}
	return src
}

// replaced judges an assignment to the Body of a request.
func (c *checker) replaced(store *ssa.Store) {
	node := c.assignment(store)
	if node == nil || !c.asks(node) {
		return
	}
	s := c.tracer.reader(store.Val, store, nil, 0)
	if s.packed == "" || s.bounded || s.origin != request {
		return
	}
	c.report(node, s.assumed || c.assumed(node), fmt.Sprintf(
		"the request's Body is replaced by a reader that unpacks %s without a limit: a small input may become gigabytes; wrap it in http.MaxBytesReader",
		s.packed), nil)
}

// assignment returns the syntax of a store.
func (c *checker) assignment(store *ssa.Store) ast.Node {
	syntax := store.Parent().Syntax()
	if syntax == nil {
		return nil
	}
	var found ast.Node
	ast.Inspect(syntax, func(n ast.Node) bool {
		if a, ok := n.(*ast.AssignStmt); ok && a.Pos() <= store.Pos() && store.Pos() < a.End() {
			found = a
		}
		return true
	})
	return found
}

// size judges an allocation of a size that is not constant.
func (c *checker) size(instr ssa.Instruction, size ssa.Value, what string) {
	if _, ok := size.(*ssa.Const); ok {
		return
	}
	node := c.allocation(instr)
	if node == nil || !c.asks(node) {
		return
	}
	by := sizer{c.tracer}.chosen(size, point{block: instr.Block()}, nil, 0)
	if by.none() {
		return
	}
	advice := by.origin != request || by.assumed || c.assumed(node)
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

// asks reports whether node runs often enough, and its success depends on
// what it reads, that a finding there is worth telling.
func (c *checker) asks(node ast.Node) bool {
	heat := c.heat.At(node)
	return heat.Grade >= hotcode.Warm && !heat.Failure && !c.isBounded(node)
}

// assumed reports whether node is not known to run for requests: it is hot
// only because a library exports it, or for a loop in the background.
func (c *checker) assumed(node ast.Node) bool {
	f := c.heat.At(node).Func
	return f != nil && (f.Assumed || f.Root == hotcode.Background)
}

// isBounded reports whether a directive on node's line, the line before or
// the function says that the input is bounded by other means.
func (c *checker) isBounded(node ast.Node) bool {
	for _, file := range c.pass.Files {
		if file.FileStart <= node.Pos() && node.Pos() < file.FileEnd && file != c.file {
			c.file, c.bounded = file, c.boundedLines(file)
		}
	}
	return c.bounded[c.pass.Fset.Position(node.Pos()).Line]
}

// boundedLines returns the lines of file that bounded directives cover.
func (c *checker) boundedLines(file *ast.File) map[int]bool {
	lines := make(map[int]bool)
	for d := range directive.All(file) {
		if d.Name == "bounded" && d.Args != "" {
			line := c.pass.Fset.Position(d.Pos).Line
			lines[line], lines[line+1] = true, true
		}
	}
	for _, decl := range file.Decls {
		fn, ok := decl.(*ast.FuncDecl)
		if !ok || !directive.Has(fn.Doc, "bounded") {
			continue
		}
		for line := c.pass.Fset.Position(fn.Pos()).Line; line <= c.pass.Fset.Position(fn.End()).Line; line++ {
			lines[line] = true
		}
	}
	return lines
}

// report records a finding at node with the way on which it is hot.
func (c *checker) report(node ast.Node, advice bool, msg string, fixes []analysis.SuggestedFix) {
	if f := c.heat.At(node).Func; f != nil && len(f.Chain) > 1 {
		msg += " (" + strings.Join(f.Chain, " -> ") + ")"
	}
	c.reporter.Add(report.Finding{Pos: node.Pos(), End: node.End(), Message: msg, Advice: advice, Fixes: fixes})
}

// known returns what is known about a function of another package.
func (c *checker) known(fn *types.Func) *summary {
	var s summary
	if fn.Pkg() == c.pass.Pkg || !c.pass.ImportObjectFact(fn.Origin(), &s) {
		return nil
	}
	return &s
}
