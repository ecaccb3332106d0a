package unboundedinput

import (
	"go/ast"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/hotcode"
	"github.com/heapvet/heapvet/passes/internal/directive"
	"github.com/heapvet/heapvet/passes/internal/report"
)

// asks reports whether node runs often enough that a finding there is worth
// telling. The way to a failure counts: who sends input can choose it.
func (c *checker) asks(node ast.Node) bool {
	heat := c.heat.At(node)
	grade := heat.Grade
	if heat.Failure && heat.Func != nil {
		grade = heat.Func.Grade
	}
	return grade >= hotcode.Warm && !c.isBounded(node)
}

// assumed reports whether node is not known to run for requests: it is hot
// only because a library exports it, or for a loop in the background.
func (c *checker) assumed(node ast.Node) bool {
	f := c.heat.At(node).Func
	return f != nil && (f.Assumed || f.Root == hotcode.Background)
}

// exported reports whether node is hot only because a library exports it.
func (c *checker) exported(node ast.Node) bool {
	f := c.heat.At(node).Func
	return f != nil && f.Assumed
}

// offers reports whether node stands in an exported function of a library
// that the library itself does not call for requests.
func (c *checker) offers(fn *ssa.Function, node ast.Node) bool {
	if c.tracer.prog.Command || strings.Contains(c.pass.Pkg.Path()+"/", "internal/") || c.isBounded(node) {
		return false
	}
	obj, ok := fn.Object().(*types.Func)
	heat := c.heat.At(node)
	return ok && named(obj) && heat.Grade == hotcode.Cold && !heat.Failure
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
		msg += " (" + report.Chain(f.Chain) + ")"
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
