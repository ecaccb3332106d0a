package hotinit

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/passes/gcfacts"
	"github.com/heapvet/heapvet/passes/hotcode"
	"github.com/heapvet/heapvet/passes/internal/hotsite"
	"github.com/heapvet/heapvet/passes/internal/typeid"
)

// big is the number of bytes from which on a slice is worth a pool.
const big = 16 << 10

// tooLarge is gc's word for a slice of constant size that could stay on the
// stack if it was smaller: hotescape tells of those.
const tooLarge = gcfacts.TooLarge

// buffer looks for slices of a large constant size or capacity that every
// call makes anew.
func (k *checker) buffer(c *hotsite.Checker, cur inspector.Cursor) {
	call := cur.Node().(*ast.CallExpr)
	if typeid.Builtin(c.Info, call) != "make" {
		return
	}
	slice, ok := c.Info.TypeOf(call).Underlying().(*types.Slice)
	if !ok {
		return
	}
	n, ok := constantInt(c.Info, call.Args[len(call.Args)-1])
	size := n * c.Size(slice.Elem())
	site := c.GC.At(call, gcfacts.MakeSlice)
	if !ok || size < big || site.Reason() == tooLarge || stored(c, cur) || pooled(c, cur) || forStack(c, cur) {
		return
	}
	length, fixed := constantInt(c.Info, call.Args[1])
	text := fmt.Sprintf("%s on every call: keep buffers in a sync.Pool", c.Text(call))
	if len(call.Args) == 3 && fixed && length == 0 {
		text = fmt.Sprintf("%s on every call makes room for %d elements before there is one: start smaller, or keep slices in a sync.Pool", c.Text(call), n)
	}
	c.Report(cur, hotsite.Finding{
		Pos: call.Pos(), End: call.End(), Text: text, Site: site, Bytes: size,
		Advice: !typeid.IsBytes(slice) || outlives(c, cur) || c.Heat.At(call).Grade != hotcode.Hot,
	})
}

// forStack reports whether the slice made at cur is for the text of a stack,
// which is written when something has failed.
func forStack(c *hotsite.Checker, cur inspector.Cursor) bool {
	v, _ := target(c, cur)
	return v != nil && slices.ContainsFunc(c.Uses().Of(v), func(use inspector.Cursor) bool {
		return use.ParentEdgeKind() == edge.CallExpr_Args &&
			typeid.IsFunc(typeid.Callee(c.Info, use.Parent().Node().(*ast.CallExpr)), "runtime", "Stack")
	})
}

func constantInt(info *types.Info, e ast.Expr) (int64, bool) {
	v := info.Types[e].Value
	if v == nil {
		return 0, false
	}
	return constant.Int64Val(constant.ToInt(v))
}
