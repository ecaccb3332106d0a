package hotgrow

import (
	"fmt"
	"go/ast"
	"go/types"
	"strconv"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/passes/gcfacts"
	"github.com/heapvet/heapvet/passes/internal/hotsite"
	"github.com/heapvet/heapvet/passes/internal/typeid"
	"github.com/heapvet/heapvet/passes/internal/varuse"
)

// appended looks for appends to a slice that begins without capacity, in a
// loop that runs a known number of times and appends each time:
//
//	var out []T
//	for _, x := range xs {
//		out = append(out, f(x)) // here
//	}
//
// A loop that appends only sometimes may keep few: it is left alone.
func appended(c *hotsite.Checker, cur inspector.Cursor) {
	call := cur.Node().(*ast.CallExpr)
	if typeid.Builtin(c.Info, call) != "append" || len(call.Args) < 2 {
		return
	}
	s, ok := slotOf(c, call.Args[0])
	if !ok || !assignedTo(c, cur, s) {
		return
	}
	if call.Ellipsis.IsValid() {
		appendedSlices(c, cur, s)
		return
	}
	l, ok := loopAround(c, cur)
	if !ok {
		countedDown(c, cur, s)
		return
	}
	if !everyTime(c, cur, l) || !outside(c, s, l.cur) {
		return
	}
	start, ok := startOf(c, s)
	if !ok || !grownOnly(c, s, cur) {
		return
	}
	site := c.GC.At(call, gcfacts.Append)
	capacity := l.text
	if n := perIteration(c, s, l); n > 1 {
		capacity = strconv.Itoa(n) + "*" + capacity
	}
	c.Report(cur, hotsite.Finding{
		Pos: call.Pos(), End: call.Lparen,
		Text:   "slice " + strconv.Quote(s.name()) + " grows in a loop whose length is known: " + remedy(start, capacity),
		Site:   site,
		Sized:  true,
		Bytes:  max(l.most, 0) * c.Size(elem(c.Info.TypeOf(call))),
		Advice: start.kind == given || l.uncertain(c),
		Fixes:  presized(c, s, start, l, capacity),
	})
}

// appendedSlices looks for a loop over slices that appends each of them.
func appendedSlices(c *hotsite.Checker, cur inspector.Cursor, s slot) {
	call := cur.Node().(*ast.CallExpr)
	r, ok := enclosingLoop(cur).(*ast.RangeStmt)
	if !ok || r.Value == nil || !isSlice(c, r.X) {
		return
	}
	value := c.Uses().Local(call.Args[1])
	loopCur, ok := c.Root.FindNode(r)
	if !ok || value == nil || c.Uses().Local(r.Value) != value || !everyTime(c, cur, newLoop(loopCur)) || !outside(c, s, loopCur) {
		return
	}
	if start, ok := startOf(c, s); !ok || start.kind == given || !grownOnly(c, s, cur) {
		return
	}
	c.Report(cur, hotsite.Finding{
		Pos: call.Pos(), End: call.Lparen,
		Text:  "slice " + strconv.Quote(s.name()) + " grows by whole slices: use slices.Concat",
		Site:  c.GC.At(call, gcfacts.Append),
		Sized: true,
	})
}

func remedy(start beginning, capacity string) string {
	if start.kind == given {
		return fmt.Sprintf("call slices.Grow with %s before it", capacity)
	}
	return fmt.Sprintf("make it with capacity %s", capacity)
}

// assignedTo reports whether the value of the call at cur is assigned to s.
func assignedTo(c *hotsite.Checker, cur inspector.Cursor, s slot) bool {
	if cur.ParentEdgeKind() != edge.AssignStmt_Rhs {
		return false
	}
	stmt := cur.Parent().Node().(*ast.AssignStmt)
	if len(stmt.Lhs) != len(stmt.Rhs) {
		return false
	}
	to, ok := slotOf(c, stmt.Lhs[cur.ParentEdgeIndex()])
	return ok && to == s
}

// outside reports whether s is declared outside of the loop at cur, but
// within the loop around that: its length then is that of one run.
func outside(c *hotsite.Checker, s slot, cur inspector.Cursor) bool {
	def, ok := c.Uses().Def(s.v)
	if !ok || varuse.Func(def) != varuse.Func(cur) || contains(cur.Node(), def.Node()) {
		return false
	}
	return enclosingLoop(cur) == enclosingLoop(def)
}

// enclosingLoop returns the innermost loop of cur's function around cur, but
// not cur itself, or nil.
func enclosingLoop(cur inspector.Cursor) ast.Node {
	for up := range cur.Enclosing((*ast.ForStmt)(nil), (*ast.RangeStmt)(nil), (*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
		switch n := up.Node().(type) {
		case *ast.FuncDecl, *ast.FuncLit:
			return nil
		default:
			if up != cur {
				return n
			}
		}
	}
	return nil
}

func contains(outer, n ast.Node) bool { return outer.Pos() <= n.Pos() && n.End() <= outer.End() }

// perIteration returns how many values each iteration of l appends to s.
func perIteration(c *hotsite.Checker, s slot, l loop) (n int) {
	for call := range l.cur.Preorder((*ast.CallExpr)(nil)) {
		e := call.Node().(*ast.CallExpr)
		if typeid.Builtin(c.Info, e) != "append" || e.Ellipsis.IsValid() {
			continue
		}
		if to, ok := slotOf(c, e.Args[0]); ok && to == s && inside(call, l.cur.Node()) && enclosingLoop(call) == l.cur.Node() && everyTime(c, call, l) {
			n += len(e.Args) - 1
		}
	}
	return n
}

// countedDown looks for appends in a loop that counts down what is left to
// read: its length can be estimated.
//
//	for n > 0 {
//		buf := next(n)
//		n -= len(buf)
//		out = append(out, buf) // here
//	}
func countedDown(c *hotsite.Checker, cur inspector.Cursor, s slot) {
	loop, ok := enclosingLoop(cur).(*ast.ForStmt)
	if !ok || loop.Init != nil || loop.Post != nil {
		return
	}
	cond, ok := loop.Cond.(*ast.BinaryExpr)
	if !ok || constantInt(c, cond.Y) != 0 {
		return
	}
	left := c.Uses().Local(cond.X)
	if left == nil || !lowered(c, left, loop) {
		return
	}
	loopCur, ok := c.Root.FindNode(loop)
	if !ok || !everyTime(c, cur, newLoop(loopCur)) || !outside(c, s, loopCur) {
		return
	}
	if start, ok := startOf(c, s); !ok || start.kind == given || !grownOnly(c, s, cur) {
		return
	}
	call := cur.Node().(*ast.CallExpr)
	c.Report(cur, hotsite.Finding{
		Pos: call.Pos(), End: call.Lparen,
		Text:   "slice " + strconv.Quote(s.name()) + " grows in a loop that counts " + left.Name() + " down: estimate its capacity from " + left.Name(),
		Site:   c.GC.At(call, gcfacts.Append),
		Sized:  true,
		Advice: true,
	})
}

func newLoop(cur inspector.Cursor) loop { return loop{cur: cur} }

// lowered reports whether the body of loop subtracts from v.
func lowered(c *hotsite.Checker, v *types.Var, loop *ast.ForStmt) bool {
	for _, use := range c.Uses().Of(v) {
		if !contains(loop.Body, use.Node()) || use.ParentEdgeKind() != edge.AssignStmt_Lhs {
			continue
		}
		if use.Parent().Node().(*ast.AssignStmt).Tok.String() == "-=" {
			return true
		}
	}
	return false
}

func isSlice(c *hotsite.Checker, e ast.Expr) bool {
	_, ok := c.Info.TypeOf(e).Underlying().(*types.Slice)
	return ok
}

// elem returns the type of the elements of a slice type.
func elem(t types.Type) types.Type {
	if s, ok := t.Underlying().(*types.Slice); ok {
		return s.Elem()
	}
	return nil
}
