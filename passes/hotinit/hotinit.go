package hotinit

import (
	_ "embed"
	"go/ast"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"

	"github.com/heapvet/heapvet/passes/hotcode"
	"github.com/heapvet/heapvet/passes/internal/doc"
	"github.com/heapvet/heapvet/passes/internal/hotsite"
	"github.com/heapvet/heapvet/passes/internal/known"
	"github.com/heapvet/heapvet/passes/internal/report"
	"github.com/heapvet/heapvet/passes/internal/scope"
)

//go:embed doc.go
var docSource string

// New returns the analyzer. heat and gc are the analyzers that hotcode.New
// and gcfacts.New made. With a module, heat reaches what builds something
// across packages; without, facts about it do.
func New(heat, gc *analysis.Analyzer, module *hotcode.Module, modules scope.Modules, opts report.Options) *analysis.Analyzer {
	a := &analysis.Analyzer{
		Name:     "hotinit",
		Doc:      doc.Section(docSource, "hotinit"),
		URL:      doc.URL("hotinit"),
		Requires: []*analysis.Analyzer{inspect.Analyzer, heat, gc},
		Run: func(pass *analysis.Pass) (any, error) {
			if !modules.Includes(pass) {
				return nil, nil
			}
			table, err := known.Load()
			if err != nil {
				return nil, err
			}
			k := &checker{table: table, names: make(map[string]bool)}
			calls := []ast.Node{(*ast.CallExpr)(nil)}
			literals := []ast.Node{(*ast.CompositeLit)(nil)}
			shapes := []hotsite.Shape{
				{Name: "call", Nodes: calls, Match: k.call},
				{Name: "buffer", Nodes: calls, Match: k.buffer},
				{Name: "reparsed", Nodes: calls, Match: k.reparsed},
				{Name: "embedded", Nodes: calls, Match: k.embedded},
				{Name: "literal", Nodes: literals, Match: k.literal},
				{Name: "table", Nodes: literals, Match: k.constantTable},
				{Name: "text", Nodes: []ast.Node{(*ast.BinaryExpr)(nil), (*ast.CallExpr)(nil)}, Match: k.fixedText},
			}
			c := hotsite.New(pass, heat, gc, opts)
			if module == nil {
				k.export(c)
				shapes = append(shapes, hotsite.Shape{Name: "wrapper", Nodes: calls, Match: k.wrapper})
			}
			c.Apply(shapes)
			return nil, nil
		},
	}
	if module == nil {
		a.FactTypes = []analysis.Fact{new(builds)}
	}
	return a
}
