package hotescape

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/passes/gcfacts"
	"github.com/heapvet/heapvet/passes/internal/hotsite"
	"github.com/heapvet/heapvet/passes/internal/typeid"
)

// rangeFunc looks for loops over functions whose body gc makes a closure on
// the heap, with the loop's state and the variables it uses: it does so
// where it cannot inline the iterator.
func rangeFunc(c *hotsite.Checker, cur inspector.Cursor) {
	loop := cur.Node().(*ast.RangeStmt)
	t := c.Info.TypeOf(loop.X)
	if t == nil {
		return
	}
	if _, ok := t.Underlying().(*types.Signature); !ok {
		return
	}
	site := c.GC.At(loop, gcfacts.RangeFunc)
	if site.Verdict == gcfacts.NoData {
		return // most iterators are inlined: only gc knows
	}
	moved := ""
	if n := movedBy(c, cur); n > 0 {
		moved = fmt.Sprintf(" and %d of its variables", n)
	}
	c.Report(cur, hotsite.Finding{
		Pos: loop.For, End: loop.X.End(),
		Text:   "range over function " + c.Text(loop.X) + " makes the loop's body and state" + moved + " escape: use a plain loop",
		Site:   site,
		Advice: !replaceable(c, loop.X),
	})
}

// replaceable reports whether the loop over the function x can be written
// without it: x is an iterator of the program's own or of the standard
// library's packages that have other ways to do the same.
func replaceable(c *hotsite.Checker, x ast.Expr) bool {
	call, ok := ast.Unparen(x).(*ast.CallExpr)
	if !ok {
		return false // a value: made elsewhere
	}
	fn := typeid.Callee(c.Info, call)
	if fn == nil || fn.Pkg() == nil {
		return false
	}
	switch path := fn.Pkg().Path(); path {
	case c.Pass.Pkg.Path(), "slices", "maps", "strings", "bytes":
		return true
	default:
		mod := c.Pass.Module
		return mod != nil && mod.Path != "" && (path == mod.Path || strings.HasPrefix(path, mod.Path+"/"))
	}
}

// movedBy counts the variables from outside of the loop that its body, as a
// closure, moves to the heap.
func movedBy(c *hotsite.Checker, loop inspector.Cursor) (n int) {
	body, ok := loop.FindNode(loop.Node().(*ast.RangeStmt).Body)
	if !ok {
		return 0
	}
	for _, v := range captures(c, body) {
		if site, _ := c.Moved(v); site.Verdict == gcfacts.Heap {
			n++
		}
	}
	return n
}
