package hotconv

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/passes/gcfacts"
	"github.com/heapvet/heapvet/passes/internal/edit"
	"github.com/heapvet/heapvet/passes/internal/hotsite"
	"github.com/heapvet/heapvet/passes/internal/typeid"
)

// spreadSum looks for concatenations that are only spread into append, which
// can have the parts one by one:
//
//	b = append(b, (s + "\x00")...) // here
//
// Where b has no room, the parts might make it grow more than once. There is
// no fix: gc counts each append as an allocation.
func spreadSum(c *hotsite.Checker, cur inspector.Cursor) {
	sum := cur.Node().(*ast.BinaryExpr)
	if variable(c.Info, sum) == 0 || !isSpread(c, cur) {
		return
	}
	if call, _ := hotsite.Argument(cur); noRoom(c, call.Args[0]) {
		return
	}
	c.Report(cur, hotsite.Finding{
		Text:  c.Text(sum) + " is joined only to be appended: append its parts",
		Site:  c.GC.At(sum, gcfacts.Concat),
		Sized: true,
	})
}

// isSpread reports whether the text at cur is the last argument of append.
func isSpread(c *hotsite.Checker, cur inspector.Cursor) bool {
	call, i := hotsite.Argument(cur)
	return call != nil && i == 1 && call.Ellipsis.IsValid() && typeid.Builtin(c.Info, call) == "append"
}

// noRoom reports whether e is a slice that any append makes grow.
func noRoom(c *hotsite.Checker, e ast.Expr) bool {
	if c.Info.Types[e].IsNil() {
		return true
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.CompositeLit:
		return true
	case *ast.SliceExpr:
		return e.Slice3
	case *ast.CallExpr:
		if typeid.Builtin(c.Info, e) == "make" {
			return len(e.Args) < 3
		}
		return c.Info.Types[e.Fun].IsType()
	case *ast.Ident:
		v := c.Uses().Local(e)
		if v == nil || len(c.Uses().Of(v)) == 0 {
			return false
		}
		uses := c.Uses().Of(v)
		if id := uses[0].Node(); id != e && (len(uses) < 2 || uses[1].Node() != e) {
			return false // others may have made room
		}
		return startsWithoutRoom(c, v)
	}
	return false
}

// startsWithoutRoom reports whether v is declared without a value, or with
// one that has no room.
func startsWithoutRoom(c *hotsite.Checker, v *types.Var) bool {
	def, ok := c.Uses().Def(v)
	if !ok {
		return false
	}
	switch stmt := def.Parent().Node().(type) {
	case *ast.ValueSpec:
		return len(stmt.Values) == 0 || len(stmt.Values) == len(stmt.Names) && noRoom(c, stmt.Values[def.ParentEdgeIndex()])
	case *ast.AssignStmt:
		return len(stmt.Lhs) == len(stmt.Rhs) && noRoom(c, stmt.Rhs[def.ParentEdgeIndex()])
	}
	return false
}

// lengthOfSum looks for texts that are joined only to take the length:
// len(a + b).
func lengthOfSum(c *hotsite.Checker, cur inspector.Cursor) {
	call := cur.Node().(*ast.CallExpr)
	if typeid.Builtin(c.Info, call) != "len" {
		return
	}
	sum, ok := ast.Unparen(call.Args[0]).(*ast.BinaryExpr)
	if !ok || variable(c.Info, sum) == 0 {
		return
	}
	c.Report(cur, hotsite.Finding{
		Pos: sum.Pos(), End: sum.End(),
		Text:  c.Text(sum) + " is joined only for its length: add the lengths of its parts",
		Site:  c.GC.At(sum, gcfacts.Concat),
		Sized: true,
		Fixes: addLengths(c, cur, sum),
	})
}

func addLengths(c *hotsite.Checker, cur inspector.Cursor, sum *ast.BinaryExpr) []analysis.SuggestedFix {
	call := cur.Node().(*ast.CallExpr)
	f := edit.New(c.Pass, call)
	var lengths []string
	for _, part := range parts(c.Info, sum) {
		lengths = append(lengths, "len("+f.Text(part)+")")
	}
	text := strings.Join(lengths, " + ")
	if !whole(cur) {
		text = "(" + text + ")"
	}
	f.Replace(call.Pos(), call.End(), text)
	return f.Suggest("Add the lengths")
}

// parts returns the operands of a concatenation, from left to right.
// Operands that are constant together are one.
func parts(info *types.Info, e ast.Expr) []ast.Expr {
	sum, ok := ast.Unparen(e).(*ast.BinaryExpr)
	if !ok || info.Types[e].Value != nil {
		return []ast.Expr{ast.Unparen(e)}
	}
	return append(parts(info, sum.X), parts(info, sum.Y)...)
}

// numberTexts looks for concatenations of several numbers, of which each is
// a text of its own before. Small ones, below 100, package strconv has.
//
//	strconv.Itoa(a) + "." + strconv.Itoa(b) // here
func numberTexts(c *hotsite.Checker, cur inspector.Cursor) {
	sum := cur.Node().(*ast.BinaryExpr)
	if variable(c.Info, sum) < 2 || !typeid.IsString(c.Info.TypeOf(sum)) || isSpread(c, cur) {
		return
	}
	if up, ok := hotsite.Outer(cur).Parent().Node().(*ast.BinaryExpr); ok && up.Op == token.ADD {
		return // told with the whole
	}
	var all, sure int64
	for _, part := range parts(c.Info, sum) {
		call, ok := part.(*ast.CallExpr)
		if !ok || !numberText(c, call) {
			continue
		}
		all++
		if !plainInt(c.Info, call.Args[0]) {
			sure++
		}
	}
	if all < 2 {
		return // for one the buffer is little gain
	}
	c.Report(cur, hotsite.Finding{
		Text: c.Text(sum) + " makes a text of each of " + strconv.FormatInt(all, 10) +
			" values to join them: use strconv.Append on one []byte",
		Measured: all,
		Advice:   sure < 2,
	})
}

// numberText reports whether call makes a text that package strconv does not
// have at hand.
func numberText(c *hotsite.Checker, call *ast.CallExpr) bool {
	fn := typeid.Callee(c.Info, call)
	switch {
	case typeid.IsFunc(fn, "strconv", "Itoa"):
		return !small(c.Info, call.Args[0])
	case typeid.IsFunc(fn, "strconv", "FormatInt", "FormatUint"):
		base := c.Info.Types[call.Args[1]].Value
		return base == nil || base.ExactString() != "10" || !small(c.Info, call.Args[0])
	}
	return typeid.IsFunc(fn, "strconv", "FormatFloat", "Quote", "QuoteToASCII")
}

// plainInt reports whether e is an int that says nothing of its size. One
// that is converted, from a byte or an int64, was chosen for larger values.
func plainInt(info *types.Info, e ast.Expr) bool {
	for {
		conv, ok := ast.Unparen(e).(*ast.CallExpr)
		if !ok || !info.Types[conv.Fun].IsType() {
			b, isBasic := info.TypeOf(e).Underlying().(*types.Basic)
			return isBasic && b.Kind() == types.Int
		}
		e = conv.Args[0]
	}
}

// small reports whether the integer e is known to be below 100: a constant,
// a remainder, a part of a date or time, or of the version of HTTP.
func small(info *types.Info, e ast.Expr) bool {
	const limit = 100
	if v := info.Types[e].Value; v != nil {
		n, ok := constant.Int64Val(constant.ToInt(v))
		return ok && n >= 0 && n < limit
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.BinaryExpr:
		if v := info.Types[e.Y].Value; v != nil && e.Op == token.REM {
			n, ok := constant.Int64Val(constant.ToInt(v))
			return ok && n <= limit
		}
	case *ast.SelectorExpr:
		v, ok := info.Uses[e.Sel].(*types.Var)
		return ok && v.IsField() && v.Pkg() != nil && v.Pkg().Path() == "net/http" && (v.Name() == "ProtoMajor" || v.Name() == "ProtoMinor")
	case *ast.CallExpr:
		if info.Types[e.Fun].IsType() {
			return small(info, e.Args[0])
		}
		return typeid.IsMethod(typeid.Callee(info, e), "time", "Time", "Month", "Day", "Hour", "Minute", "Second", "Weekday")
	}
	return false
}
