package hotescape

import (
	"go/ast"
	"go/constant"
	"go/types"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/passes/gcfacts"
	"github.com/heapvet/heapvet/passes/internal/edit"
	"github.com/heapvet/heapvet/passes/internal/hotsite"
	"github.com/heapvet/heapvet/passes/internal/typeid"
)

// sortBox looks for a struct that is boxed as a sort.Interface. Boxing in
// general is rarely worth an edit; here slices.SortFunc does the same with
// no interface at all, in a tenth of the time.
func sortBox(c *hotsite.Checker, cur inspector.Cursor) {
	const worthIt = 64 // bytes
	call := cur.Node().(*ast.CallExpr)
	fn := typeid.Callee(c.Info, call)
	if !typeid.IsFunc(fn, "sort", "Sort", "Stable", "Reverse") || len(call.Args) != 1 {
		return
	}
	arg := call.Args[0]
	t := c.Info.TypeOf(arg)
	size := c.Size(t)
	switch t.Underlying().(type) {
	case *types.Struct:
		if size < worthIt {
			return
		}
	case *types.Slice:
		// A slice header: small, but slices.SortFunc is as short.
	default:
		return
	}
	twin := "slices.SortFunc"
	if fn.Name() == "Stable" {
		twin = "slices.SortStableFunc"
	}
	finding := hotsite.Finding{
		Pos: arg.Pos(), End: arg.End(),
		Site:   c.GC.At(arg, gcfacts.Box),
		Bytes:  size,
		Advice: size < worthIt,
	}
	if conv := ordered(c, arg); conv != nil && fn.Name() == "Sort" && edit.Since(c.Pass, call, "go1.21") {
		twin = "slices.Sort"
		finding.Advice = false
		f := edit.New(c.Pass, call)
		f.Replace(call.Pos(), call.End(), f.Import("slices", call.Pos())+".Sort("+f.Text(conv.Args[0])+")")
		finding.Fixes = f.Suggest("Use slices.Sort")
	}
	finding.Text = c.Text(arg) + " is boxed for sort." + fn.Name() + ": use " + twin
	c.Report(cur, finding)
}

// ordered returns e if it converts a slice to one of package sort's types
// for natural order.
func ordered(c *hotsite.Checker, e ast.Expr) *ast.CallExpr {
	conv, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok || len(conv.Args) != 1 || !c.Info.Types[conv.Fun].IsType() {
		return nil
	}
	t := c.Info.TypeOf(conv)
	if typeid.IsNamed(t, "sort", "IntSlice") || typeid.IsNamed(t, "sort", "StringSlice") || typeid.IsNamed(t, "sort", "Float64Slice") {
		return conv
	}
	return nil
}

// constantInt returns the value of a constant integer expression.
func constantInt(c *hotsite.Checker, e ast.Expr) (int64, bool) {
	v := c.Info.Types[e].Value
	if v == nil {
		return 0, false
	}
	return constant.Int64Val(constant.ToInt(v))
}
