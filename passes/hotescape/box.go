package hotescape

import (
	"go/ast"
	"go/constant"
	"go/types"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/passes/gcfacts"
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
	edit := "slices.SortFunc"
	if fn.Name() == "Stable" {
		edit = "slices.SortStableFunc"
	}
	c.Report(cur, hotsite.Finding{
		Pos: arg.Pos(), End: arg.End(),
		Text:   c.Text(arg) + " is boxed for sort." + fn.Name() + ": use " + edit,
		Site:   c.GC.At(arg, gcfacts.Box),
		Bytes:  size,
		Advice: size < worthIt,
	})
}

// constantInt returns the value of a constant integer expression.
func constantInt(c *hotsite.Checker, e ast.Expr) (int64, bool) {
	v := c.Info.Types[e].Value
	if v == nil {
		return 0, false
	}
	return constant.Int64Val(constant.ToInt(v))
}
