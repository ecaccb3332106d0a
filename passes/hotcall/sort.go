package hotcall

import (
	"go/ast"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/passes/internal/edit"
	"github.com/heapvet/heapvet/passes/internal/hotsite"
	"github.com/heapvet/heapvet/passes/internal/typeid"
)

// sortSlice looks for sort.Slice, which makes a function that swaps by
// reflection.
func sortSlice(c *hotsite.Checker, cur inspector.Cursor) {
	call := cur.Node().(*ast.CallExpr)
	fn := typeid.Callee(c.Info, call)
	if !typeid.IsFunc(fn, "sort", "Slice", "SliceStable") || !edit.Since(c.Pass, call, "go1.21") {
		return
	}
	twin := "slices.SortFunc"
	if fn.Name() == "SliceStable" {
		twin = "slices.SortStableFunc"
	}
	c.Report(cur, hotsite.Finding{
		Pos: call.Pos(), End: call.Lparen,
		Text:     "sort." + fn.Name() + " makes a function that swaps by reflection: use " + twin,
		Measured: 2,
		Bytes:    56,
	})
}
