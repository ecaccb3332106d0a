package hotgrow

import (
	_ "embed"
	"go/ast"

	"golang.org/x/tools/go/analysis"

	"github.com/heapvet/heapvet/passes/internal/hotsite"
	"github.com/heapvet/heapvet/passes/internal/report"
)

//go:embed doc.go
var docSource string

// New returns the analyzer. heat and gc are the analyzers that hotcode.New
// and gcfacts.New made.
func New(heat, gc *analysis.Analyzer, opts report.Options) *analysis.Analyzer {
	return hotsite.NewAnalyzer("hotgrow", docSource, heat, gc, opts, shapes)
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
	{Name: "extended", Nodes: calls, Match: extended},
	{Name: "slab", Nodes: assigns, Match: slab},
	{Name: "overwritten", Nodes: calls, Match: overwritten},
	{Name: "map copy", Nodes: calls, Match: copied},
}
