package hotconv

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
	return hotsite.NewAnalyzer("hotconv", docSource, heat, gc, opts, shapes)
}

var (
	calls   = []ast.Node{(*ast.CallExpr)(nil)}
	indexes = []ast.Node{(*ast.IndexExpr)(nil)}
	sums    = []ast.Node{(*ast.BinaryExpr)(nil)}
	assigns = []ast.Node{(*ast.AssignStmt)(nil)}
	texts   = []ast.Node{(*ast.BinaryExpr)(nil), (*ast.CallExpr)(nil)}
)

// shapes lists what the check looks for.
var shapes = []hotsite.Shape{
	{Name: "format", Nodes: calls, Match: format},
	{Name: "write", Nodes: calls, Match: write},
	{Name: "match", Nodes: calls, Match: match},
	{Name: "write text", Nodes: calls, Match: writeText},
	{Name: "bytes of text", Nodes: calls, Match: bytesOfText},
	{Name: "joined bytes", Nodes: calls, Match: joinedBytes},
	{Name: "range text", Nodes: calls, Match: rangeText},
	{Name: "twin package", Nodes: calls, Match: twinPackage},
	{Name: "reader", Nodes: calls, Match: reader},
	{Name: "round trip", Nodes: calls, Match: roundTrip},
	{Name: "appended text", Nodes: calls, Match: appendedText},
	{Name: "spread sum", Nodes: sums, Match: spreadSum},
	{Name: "length of sum", Nodes: calls, Match: lengthOfSum},
	{Name: "number texts", Nodes: sums, Match: numberTexts},
	{Name: "padded text", Nodes: assigns, Match: paddedText},
	{Name: "text back", Nodes: calls, Match: textBack},
	{Name: "early text", Nodes: texts, Match: earlyText},
	{Name: "map key", Nodes: indexes, Match: mapKey},
}
