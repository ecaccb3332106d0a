package hotescape

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
	return hotsite.NewAnalyzer("hotescape", docSource, heat, gc, opts, shapes)
}

var (
	calls    = []ast.Node{(*ast.CallExpr)(nil)}
	literals = []ast.Node{(*ast.FuncLit)(nil)}
	decls    = []ast.Node{(*ast.FuncDecl)(nil)}
	ranges   = []ast.Node{(*ast.RangeStmt)(nil)}
	concats  = []ast.Node{(*ast.BinaryExpr)(nil)}
	makers   = []ast.Node{(*ast.CallExpr)(nil), (*ast.CompositeLit)(nil), (*ast.ValueSpec)(nil)}
	elements = []ast.Node{(*ast.CompositeLit)(nil)}

	selectors = []ast.Node{(*ast.SelectorExpr)(nil)}
)

// shapes lists what the check looks for. Every one was found where an edit
// of real programs removed the allocation; what only escapes is no finding.
var shapes = []hotsite.Shape{
	{Name: "format buffer", Nodes: calls, Match: formatBuffer},
	{Name: "scratch", Nodes: calls, Match: scratch},
	{Name: "pool put", Nodes: calls, Match: poolPut},
	{Name: "reassigned capture", Nodes: literals, Match: reassignedCapture},
	{Name: "large capture", Nodes: literals, Match: largeCapture},
	{Name: "returned pointer", Nodes: decls, Match: returnedPointer},
	{Name: "sort box", Nodes: calls, Match: sortBox},
	{Name: "range func", Nodes: ranges, Match: rangeFunc},
	{Name: "loop concat", Nodes: concats, Match: loopConcat},
	{Name: "handler concat", Nodes: concats, Match: handlerConcat},
	{Name: "too large", Nodes: makers, Match: tooLarge},
	{Name: "options", Nodes: calls, Match: appendedClosure},
	{Name: "rare leak", Nodes: decls, Match: rareLeak},
	{Name: "replaced parameter", Nodes: decls, Match: replacedParam},
	{Name: "function map", Nodes: elements, Match: functionMap},
	{Name: "header value", Nodes: elements, Match: headerValue},
	{Name: "own field", Nodes: elements, Match: ownField},
	{Name: "element address", Nodes: ranges, Match: elementAddress},
	{Name: "bound method", Nodes: selectors, Match: boundMethod},
	{Name: "pointer element", Nodes: calls, Match: pointerElement},
}
