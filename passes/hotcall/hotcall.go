package hotcall

import (
	_ "embed"
	"go/ast"

	"golang.org/x/tools/go/analysis"

	"github.com/heapvet/heapvet/passes/hotcode"
	"github.com/heapvet/heapvet/passes/internal/hotsite"
	"github.com/heapvet/heapvet/passes/internal/report"
	"github.com/heapvet/heapvet/passes/internal/scope"
)

//go:embed doc.go
var docSource string

// New returns the analyzer. heat and gc are the analyzers that hotcode.New
// and gcfacts.New made. With a module, the source of functions of other
// packages is at hand; without, facts tell of some.
func New(heat, gc *analysis.Analyzer, module *hotcode.Module, modules scope.Modules, opts report.Options) *analysis.Analyzer {
	a := hotsite.NewAnalyzer("hotcall", docSource, heat, gc, opts, shapes)
	if module != nil {
		return a
	}
	a.FactTypes = []analysis.Fact{new(guard)}
	a.Run = func(pass *analysis.Pass) (any, error) {
		if !modules.Includes(pass) {
			return nil, nil
		}
		c := hotsite.New(pass, heat, gc, opts)
		export(c)
		c.Apply(shapes)
		return nil, nil
	}
	return a
}

var (
	calls   = []ast.Node{(*ast.CallExpr)(nil)}
	indexes = []ast.Node{(*ast.IndexExpr)(nil)}
	binary  = []ast.Node{(*ast.BinaryExpr)(nil)}
)

// shapes lists what the check looks for.
var shapes = []hotsite.Shape{
	{Name: "repeated", Nodes: calls, Match: repeated},
	{Name: "split", Nodes: calls, Match: split},
	{Name: "found", Nodes: binary, Match: found},
	{Name: "fold", Nodes: binary, Match: foldCompared},
	{Name: "fold call", Nodes: calls, Match: foldCalled},
	{Name: "fold kept", Nodes: calls, Match: foldKept},
	{Name: "header key", Nodes: calls, Match: headerKey},
	{Name: "read all", Nodes: calls, Match: readAll},
	{Name: "scanner", Nodes: calls, Match: scanner},
	{Name: "decoder", Nodes: calls, Match: decoder},
	{Name: "marshal", Nodes: calls, Match: marshal},
	{Name: "copied value", Nodes: calls, Match: copiedValue},
	{Name: "sort", Nodes: calls, Match: sortSlice},
	{Name: "errors.As", Nodes: calls, Match: errorsAs},
	{Name: "hash", Nodes: calls, Match: hashed},
	{Name: "converted back", Nodes: calls, Match: convertedBack},
	{Name: "binary", Nodes: calls, Match: binaryIO},
	{Name: "log", Nodes: calls, Match: logged},
	{Name: "log field", Nodes: calls, Match: logField},
	{Name: "eager", Nodes: calls, Match: eager},
	{Name: "incoming", Nodes: calls, Match: incoming},
	{Name: "context", Nodes: calls, Match: contextValue},
	{Name: "request", Nodes: calls, Match: requestCopied},
	{Name: "disabled", Nodes: calls, Match: disabled},
	{Name: "text key", Nodes: indexes, Match: textKey},
	{Name: "reflected", Nodes: calls, Match: reflected},
	{Name: "timer", Nodes: calls, Match: timer},
	{Name: "made to call", Nodes: calls, Match: madeToCall},
	{Name: "atomic", Nodes: calls, Match: atomicValue},
}
