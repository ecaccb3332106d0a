package goroutineleak

import (
	"fmt"
	"go/ast"

	"golang.org/x/tools/go/analysis"
)

// capacity offers to give the channel that call makes room for n values.
func (f *finding) capacity(call *ast.CallExpr, n int) {
	edit := analysis.TextEdit{Pos: call.Rparen, End: call.Rparen, NewText: fmt.Appendf(nil, ", %d", n)}
	if len(call.Args) > 1 {
		edit = analysis.TextEdit{Pos: call.Args[1].Pos(), End: call.Args[1].End(), NewText: fmt.Append(nil, n)}
	}
	f.Fixes = append(f.Fixes, analysis.SuggestedFix{
		Message:   fmt.Sprintf("Give the channel capacity %d", n),
		TextEdits: []analysis.TextEdit{edit},
	})
}
