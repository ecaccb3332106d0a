package hotescape

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/passes/gcfacts"
	"github.com/heapvet/heapvet/passes/internal/hotsite"
	"github.com/heapvet/heapvet/passes/internal/typeid"
	"github.com/heapvet/heapvet/passes/internal/varuse"
)

// appendedClosure looks for closures that are appended to a local slice, as
// options are. append sends every appended value to the heap; an array of
// them, or the fields they set, would not.
func appendedClosure(c *hotsite.Checker, cur inspector.Cursor) {
	call := cur.Node().(*ast.CallExpr)
	if typeid.Builtin(c.Info, call) != "append" || len(call.Args) < 2 || call.Ellipsis.IsValid() {
		return
	}
	v := c.Uses().Local(call.Args[0])
	if v == nil || isParam(c, v) || isResult(c, v) {
		return
	}
	slice, ok := v.Type().Underlying().(*types.Slice)
	if !ok {
		return
	}
	if _, ok := slice.Elem().Underlying().(*types.Signature); !ok {
		return
	}
	for _, arg := range call.Args[1:] {
		site, ok := closureSite(c, cur, arg)
		if !ok || site.Verdict != gcfacts.Heap && site.Verdict != gcfacts.NoData {
			continue
		}
		goes := whereTo(c, v)
		if goes == nowhere {
			return
		}
		c.Report(cur, hotsite.Finding{
			Pos: call.Pos(), End: call.Lparen,
			Text:   "append to " + quote(v) + " makes every closure in it escape: fill an array by index, or set fields",
			Site:   site,
			Advice: goes != callee,
		})
		return // once for the call
	}
}

// closureSite returns the compiler's word on the closure that arg makes:
// a literal with captures, or a call of a function that returns one.
func closureSite(c *hotsite.Checker, call inspector.Cursor, arg ast.Expr) (site gcfacts.Site, ok bool) {
	switch arg := ast.Unparen(arg).(type) {
	case *ast.FuncLit:
		lit, found := call.FindNode(arg)
		return c.GC.At(arg, gcfacts.Closure), found && len(captures(c, lit)) > 0
	case *ast.CallExpr:
		return c.GC.At(arg, gcfacts.Inlined), true
	}
	return site, false
}

// A destination tells how far the slice of closures goes.
type destination uint8

const (
	nowhere destination = iota // it is kept: the closures must be on the heap
	unknown                    // to functions of other packages
	callee                     // to functions that are known not to keep it
)

// whereTo tells where the closures in the local slice v go.
func whereTo(c *hotsite.Checker, v *types.Var) destination {
	goes := callee
	for _, cur := range c.Uses().Of(v) {
		u := c.Uses().Classify(cur)
		if def, ok := c.Uses().Def(v); !ok || u.Func != varuse.Func(def) {
			return nowhere
		}
		if u.Role == varuse.Write || readsElement(cur) {
			continue
		}
		call, i := hotsite.Argument(cur)
		switch {
		case call == nil && cur.ParentEdgeKind() == edge.BinaryExpr_X:
			continue // compared with nil
		case call == nil:
			return nowhere
		case typeid.Builtin(c.Info, call) == "append" && i == 0, !c.Keeps(call, i):
			continue
		case typeid.Callee(c.Info, call) == nil || typeid.Callee(c.Info, call).Pkg() == c.Pass.Pkg:
			return nowhere
		}
		goes = unknown
	}
	return goes
}
