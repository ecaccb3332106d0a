package hotgrow

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/passes/gcfacts"
	"github.com/heapvet/heapvet/passes/internal/edit"
	"github.com/heapvet/heapvet/passes/internal/hotsite"
	"github.com/heapvet/heapvet/passes/internal/typeid"
)

// collected looks for the keys or values of a map that are collected from an
// iterator: it does not say how many there are.
func collected(c *hotsite.Checker, cur inspector.Cursor) {
	call := cur.Node().(*ast.CallExpr)
	fn := typeid.Callee(c.Info, call)
	if !typeid.IsFunc(fn, "slices", "Collect", "Sorted", "SortedFunc") || len(call.Args) == 0 {
		return
	}
	seq, ok := ast.Unparen(call.Args[0]).(*ast.CallExpr)
	if !ok || len(seq.Args) != 1 {
		return
	}
	of := typeid.Callee(c.Info, seq)
	if !typeid.IsFunc(of, "maps", "Keys", "Values") {
		return
	}
	then := ""
	allocs, bytes := int64(2), int64(304)
	if fn.Name() != "Collect" {
		then, allocs, bytes = " and sort it", 7, 416
	}
	c.Report(cur, hotsite.Finding{
		Pos: call.Pos(), End: call.Lparen,
		Text: "slices." + fn.Name() + " cannot know the length of maps." + of.Name() + ": append to a slice with capacity len(" +
			c.Text(seq.Args[0]) + ")" + then,
		Measured: allocs, // for nine short texts, compared with the slice alone
		Bytes:    bytes,
	})
}

// prepended looks for "append([]T{x}, xs...)", which allocates the small
// slice and then the large one.
func prepended(c *hotsite.Checker, cur inspector.Cursor) {
	call := cur.Node().(*ast.CallExpr)
	if typeid.Builtin(c.Info, call) != "append" || len(call.Args) != 2 || !call.Ellipsis.IsValid() {
		return
	}
	lit, ok := ast.Unparen(call.Args[0]).(*ast.CompositeLit)
	if !ok || len(lit.Elts) == 0 || lit.Type == nil || !types.Identical(c.Info.TypeOf(call.Args[1]), c.Info.TypeOf(lit)) {
		return
	}
	site := c.GC.At(lit, gcfacts.SliceLit)
	if grows := c.GC.At(call, gcfacts.Append); grows.Verdict != gcfacts.Heap && grows.Verdict != gcfacts.NoData {
		return // a small result may stay on the stack
	}
	c.Report(cur, hotsite.Finding{
		Pos: call.Pos(), End: call.Lparen,
		Text:  "append to " + c.Text(lit) + " allocates twice: use slices.Concat",
		Site:  site,
		Bytes: int64(len(lit.Elts)) * c.Size(elem(c.Info.TypeOf(lit))),
		Fixes: concatenatedSlices(c, call),
	})
}

func concatenatedSlices(c *hotsite.Checker, call *ast.CallExpr) []analysis.SuggestedFix {
	if !edit.Since(c.Pass, call, "go1.22") {
		return nil
	}
	f := edit.New(c.Pass, call)
	f.Replace(call.Fun.Pos(), call.Fun.End(), f.Import("slices", call.Pos())+".Concat")
	f.Replace(call.Ellipsis, call.Ellipsis+3, "")
	return f.Suggest("Use slices.Concat")
}
