package hotcall

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/passes/internal/edit"
	"github.com/heapvet/heapvet/passes/internal/hotsite"
	"github.com/heapvet/heapvet/passes/internal/typeid"
)

// split looks for a slice of all parts of a text that is made for one of
// them, for their number, or to go through them once.
func split(c *hotsite.Checker, cur inspector.Cursor) {
	call := cur.Node().(*ast.CallExpr)
	fn := typeid.Callee(c.Info, call)
	if !typeid.IsFunc(fn, "strings", "Split", "SplitN", "Fields") && !typeid.IsFunc(fn, "bytes", "Split", "SplitN", "Fields") {
		return
	}
	name := typeid.Name(fn, nil)
	pkg := fn.Pkg().Name()
	finding := hotsite.Finding{Pos: call.Pos(), End: call.Lparen, Measured: 1, Bytes: 128}
	if rangedOver(cur) && fn.Name() != "SplitN" && edit.Since(c.Pass, call, "go1.24") {
		finding.Text = name + " makes a slice of all parts to range over: use " + pkg + "." + fn.Name() + "Seq"
		finding.Fixes = sequence(c, cur, fn)
		c.Report(cur, finding)
		return
	}
	if fn.Name() == "Fields" || !separates(c, call) {
		return
	}
	switch used := partsUsed(c, cur); used {
	case firstPart:
		if fn.Name() == "SplitN" && !limit(c, call, 2) {
			return
		}
		finding.Text = name + " makes a slice of all parts for the first: use " + pkg + ".Cut"
		finding.Fixes = cutFirst(c, cur, fn)
	case twoParts:
		if !limit(c, call, 2) {
			return
		}
		finding.Text = name + " makes a slice of two parts: use " + pkg + ".Cut"
		finding.Bytes = 32
	case lastPart:
		if fn.Name() != "Split" {
			return
		}
		finding.Text = name + " makes a slice of all parts for the last: use " + pkg + ".LastIndex"
	case number:
		if fn.Name() != "Split" {
			return
		}
		finding.Text = name + " makes a slice of all parts to count them: use " + pkg + ".Count"
		finding.Fixes = counted(c, cur, fn)
	default:
		return
	}
	c.Report(cur, finding)
}

// rangedOver reports whether the value at cur is only ranged over, without
// its indices.
func rangedOver(cur inspector.Cursor) bool {
	if cur.ParentEdgeKind() != edge.RangeStmt_X {
		return false
	}
	key, ok := cur.Parent().Node().(*ast.RangeStmt).Key.(*ast.Ident)
	return cur.Parent().Node().(*ast.RangeStmt).Key == nil || ok && key.Name == "_"
}

// separates reports whether the call splits at something that is not empty.
func separates(c *hotsite.Checker, call *ast.CallExpr) bool {
	sep := ast.Unparen(call.Args[1])
	if conv, ok := sep.(*ast.CallExpr); ok && len(conv.Args) == 1 && c.Info.Types[conv.Fun].IsType() {
		sep = conv.Args[0]
	}
	v := c.Info.Types[sep].Value
	return v != nil && v.ExactString() != `""`
}

// limit reports whether the number of parts that call asks for is n.
func limit(c *hotsite.Checker, call *ast.CallExpr, n int64) bool {
	return len(call.Args) == 3 && constantInt(c, call.Args[2]) == n
}

// A need is what code wants of the parts.
type need uint8

const (
	more need = iota
	firstPart
	twoParts // the first and the second, or whether there is one
	lastPart
	number
)

// partsUsed tells which parts of the slice made at cur are used.
func partsUsed(c *hotsite.Checker, cur inspector.Cursor) need {
	if used := partUsed(c, cur, nil); used != more {
		return used
	}
	v := assignee(c, cur)
	if v == nil {
		return more
	}
	all := more
	for _, use := range c.Uses().Of(v) {
		used := partUsed(c, use, v)
		switch {
		case used == more:
			return more
		case all == more || all == used:
			all = used
		case pair(all) && pair(used):
			all = twoParts
		default:
			return more
		}
	}
	return all
}

// pair reports whether a need is met by two parts and their number.
func pair(n need) bool { return n == firstPart || n == twoParts || n == number }

// partUsed tells which parts the use of a slice at cur needs; v is its
// variable, if it has one.
func partUsed(c *hotsite.Checker, cur inspector.Cursor, v *types.Var) need {
	cur = hotsite.Outer(cur)
	if lastIndex(c, cur, v) {
		return lastPart
	}
	switch cur.ParentEdgeKind() {
	case edge.CallExpr_Args:
		if typeid.Builtin(c.Info, cur.Parent().Node().(*ast.CallExpr)) == "len" {
			return number
		}
	case edge.IndexExpr_X:
		index := cur.Parent().Node().(*ast.IndexExpr).Index
		if cur.Parent().ParentEdgeKind() == edge.AssignStmt_Lhs {
			return more
		}
		switch constantInt(c, index) {
		case 0:
			return firstPart
		case 1:
			return twoParts
		}
		if sub, ok := ast.Unparen(index).(*ast.BinaryExpr); ok && v != nil && sub.Op == token.SUB && constantInt(c, sub.Y) == 1 {
			if l, ok := ast.Unparen(sub.X).(*ast.CallExpr); ok && typeid.Builtin(c.Info, l) == "len" && c.Uses().Local(l.Args[0]) == v {
				return lastPart
			}
		}
	}
	return more
}

// lastIndex reports whether the use of v at cur is the len(v) in v[len(v)-1].
func lastIndex(c *hotsite.Checker, cur inspector.Cursor, v *types.Var) bool {
	if v == nil || cur.ParentEdgeKind() != edge.CallExpr_Args {
		return false
	}
	sub := cur.Parent().Parent()
	if sub.ParentEdgeKind() != edge.IndexExpr_Index {
		return false
	}
	return c.Uses().Local(sub.Parent().Node().(*ast.IndexExpr).X) == v
}

// sequence ranges over an iterator instead of a slice.
func sequence(c *hotsite.Checker, cur inspector.Cursor, fn *types.Func) []analysis.SuggestedFix {
	call, loop := cur.Node().(*ast.CallExpr), cur.Parent().Node().(*ast.RangeStmt)
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok || fn.Pkg().Name() == "bytes" {
		return nil // its body may write to the bytes
	}
	f := edit.New(c.Pass, call)
	f.Replace(sel.Sel.Pos(), sel.Sel.End(), fn.Name()+"Seq")
	if loop.Value != nil {
		f.Replace(loop.Key.Pos(), loop.Value.Pos(), "")
	}
	return f.Suggest("Range over " + fn.Pkg().Name() + "." + fn.Name() + "Seq")
}

// cutFirst takes the first part with Cut, where it is assigned.
func cutFirst(c *hotsite.Checker, cur inspector.Cursor, fn *types.Func) []analysis.SuggestedFix {
	call := cur.Node().(*ast.CallExpr)
	index := hotsite.Outer(cur).Parent()
	if index.ParentEdgeKind() != edge.AssignStmt_Rhs {
		return nil
	}
	stmt := index.Parent().Node().(*ast.AssignStmt)
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok || len(stmt.Lhs) != 1 || len(stmt.Rhs) != 1 || stmt.Tok != token.DEFINE && stmt.Tok != token.ASSIGN || fn.Pkg().Name() != "strings" {
		return nil
	}
	f := edit.New(c.Pass, call)
	f.Insert(stmt.Lhs[0].End(), ", _, _")
	f.Replace(stmt.Rhs[0].Pos(), stmt.Rhs[0].End(), f.Text(sel.X)+".Cut("+f.Text(call.Args[0])+", "+f.Text(call.Args[1])+")")
	return f.Suggest("Use strings.Cut")
}

// counted counts separators instead of parts.
func counted(c *hotsite.Checker, cur inspector.Cursor, fn *types.Func) []analysis.SuggestedFix {
	call := cur.Node().(*ast.CallExpr)
	length := hotsite.Outer(cur).Parent()
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if l, isCall := length.Node().(*ast.CallExpr); !ok || !isCall || typeid.Builtin(c.Info, l) != "len" {
		return nil
	}
	f := edit.New(c.Pass, call)
	text := f.Text(sel.X) + ".Count(" + f.Text(call.Args[0]) + ", " + f.Text(call.Args[1]) + ") + 1"
	if _, ok := length.Parent().Node().(ast.Expr); ok {
		text = "(" + text + ")"
	}
	f.Replace(length.Node().Pos(), length.Node().End(), text)
	return f.Suggest("Use " + fn.Pkg().Name() + ".Count")
}
