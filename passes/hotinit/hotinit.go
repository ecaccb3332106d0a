package hotinit

import (
	_ "embed"
	"go/ast"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"

	"github.com/heapvet/heapvet/passes/internal/doc"
	"github.com/heapvet/heapvet/passes/internal/hotsite"
	"github.com/heapvet/heapvet/passes/internal/known"
	"github.com/heapvet/heapvet/passes/internal/report"
)

//go:embed doc.go
var docSource string

// New returns the analyzer. heat and gc are the analyzers that hotcode.New
// and gcfacts.New made.
func New(heat, gc *analysis.Analyzer, opts report.Options) *analysis.Analyzer {
	return &analysis.Analyzer{
		Name:     "hotinit",
		Doc:      doc.Section(docSource, "hotinit"),
		URL:      doc.URL("hotinit"),
		Requires: []*analysis.Analyzer{inspect.Analyzer, heat, gc},
		Run: func(pass *analysis.Pass) (any, error) {
			table, err := known.Load()
			if err != nil {
				return nil, err
			}
			k := checker{table}
			hotsite.Run(pass, heat, gc, opts, []hotsite.Shape{
				{Name: "call", Nodes: []ast.Node{(*ast.CallExpr)(nil)}, Match: k.call},
				{Name: "literal", Nodes: []ast.Node{(*ast.CompositeLit)(nil)}, Match: k.literal},
			})
			return nil, nil
		},
	}
}
