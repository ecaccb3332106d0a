package hotgrow

import (
	_ "embed"
	"go/ast"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"

	"github.com/heapvet/heapvet/passes/internal/doc"
	"github.com/heapvet/heapvet/passes/internal/hotsite"
	"github.com/heapvet/heapvet/passes/internal/report"
)

//go:embed doc.go
var docSource string

// New returns the analyzer. heat and gc are the analyzers that hotcode.New
// and gcfacts.New made.
func New(heat, gc *analysis.Analyzer, opts report.Options) *analysis.Analyzer {
	return &analysis.Analyzer{
		Name:     "hotgrow",
		Doc:      doc.Section(docSource, "hotgrow"),
		URL:      doc.URL("hotgrow"),
		Requires: []*analysis.Analyzer{inspect.Analyzer, heat, gc},
		Run: func(pass *analysis.Pass) (any, error) {
			hotsite.Run(pass, heat, gc, opts, shapes)
			return nil, nil
		},
	}
}

var (
	calls   = []ast.Node{(*ast.CallExpr)(nil)}
	assigns = []ast.Node{(*ast.AssignStmt)(nil)}
)

// shapes lists what the check looks for.
var shapes = []hotsite.Shape{
	{Name: "append", Nodes: calls, Match: appended},
	{Name: "map", Nodes: assigns, Match: mapped},
	{Name: "concatenation", Nodes: assigns, Match: concatenated},
	{Name: "buffer", Nodes: calls, Match: buffered},
	{Name: "collect", Nodes: calls, Match: collected},
	{Name: "prepend", Nodes: calls, Match: prepended},
	{Name: "map copy", Nodes: calls, Match: copied},
}
