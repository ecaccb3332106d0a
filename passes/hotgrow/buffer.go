package hotgrow

import (
	"go/ast"
	"go/types"
	"strconv"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/passes/internal/edit"
	"github.com/heapvet/heapvet/passes/internal/hotsite"
	"github.com/heapvet/heapvet/passes/internal/typeid"
	"github.com/heapvet/heapvet/passes/internal/varuse"
)

// buffered looks for a local strings.Builder or bytes.Buffer that a loop
// fills, and that is never told how much it will hold:
//
//	var b strings.Builder
//	for _, r := range s {
//		b.WriteRune(r) // here: as long as s, or nearly
//	}
func buffered(c *hotsite.Checker, cur inspector.Cursor) {
	call := cur.Node().(*ast.CallExpr)
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return
	}
	v := c.Uses().Local(sel.X)
	if v == nil || !isBuffer(v.Type()) || !isWrite(sel.Sel.Name) {
		return
	}
	def, ok := c.Uses().Def(v)
	if !ok || !zeroValue(c, def) || !firstWrite(c, v, cur) {
		return
	}
	loop := enclosingLoop(cur)
	if loop == nil {
		return
	}
	loopCur, ok := c.Root.FindNode(loop)
	if !ok || !outside(c, slot{v: v}, loopCur) {
		return
	}
	text, ok := characters(c, loop)
	if ok && sel.Sel.Name != "WriteByte" && sel.Sel.Name != "WriteRune" {
		return
	}
	finding := hotsite.Finding{
		Pos: call.Pos(), End: call.Lparen,
		Text:     "buffer " + strconv.Quote(v.Name()) + " grows in a loop over a text whose length is known: call its Grow with " + text + " before it",
		Measured: 3, // for 64 bytes, with one that stays
		Bytes:    56,
	}
	if ok {
		finding.Fixes = grown(c, v, loopCur, text)
		c.Report(cur, finding)
		return
	}
	l, ok := loopAround(c, cur)
	if !ok || !everyTime(c, cur, l) {
		return
	}
	finding.Text = "buffer " + strconv.Quote(v.Name()) + " grows in a loop whose length is known: estimate its size from " + l.text + " and call its Grow"
	finding.Advice = true
	c.Report(cur, finding)
}

// characters returns how to write the length of the text whose bytes or
// characters loop ranges over.
func characters(c *hotsite.Checker, loop ast.Node) (length string, ok bool) {
	r, ok := loop.(*ast.RangeStmt)
	if !ok || !pure(c, r.X) {
		return "", false
	}
	t := c.Info.TypeOf(r.X)
	return "len(" + types.ExprString(r.X) + ")", typeid.IsString(t) || typeid.IsBytes(t)
}

// isBuffer reports whether t is strings.Builder or bytes.Buffer.
func isBuffer(t types.Type) bool {
	return typeid.IsNamed(t, "strings", "Builder") || typeid.IsNamed(t, "bytes", "Buffer")
}

func isWrite(method string) bool {
	switch method {
	case "WriteByte", "WriteRune", "WriteString", "Write":
		return true
	}
	return false
}

// zeroValue reports whether the variable declared at def begins as its
// type's zero value.
func zeroValue(c *hotsite.Checker, def inspector.Cursor) bool {
	switch stmt := def.Parent().Node().(type) {
	case *ast.ValueSpec:
		return len(stmt.Values) == 0
	case *ast.AssignStmt:
		if len(stmt.Lhs) != len(stmt.Rhs) || def.ParentEdgeKind() != edge.AssignStmt_Lhs {
			return false
		}
		lit, ok := stmt.Rhs[def.ParentEdgeIndex()].(*ast.CompositeLit)
		return ok && len(lit.Elts) == 0
	}
	return false
}

// firstWrite reports whether the call at cur is the first in a loop that
// writes to the buffer v, and v has no other use than its methods, Grow and
// Reset not among them.
func firstWrite(c *hotsite.Checker, v *types.Var, cur inspector.Cursor) bool {
	for _, use := range c.Uses().Of(v) {
		u := c.Uses().Classify(use)
		sel, ok := u.Expr.Node().(*ast.SelectorExpr)
		if !ok || u.Role != varuse.Call {
			return false // others may write to it, too
		}
		switch name := sel.Sel.Name; {
		case name == "Grow", name == "Reset", name == "Truncate":
			return false
		case isWrite(name) && u.Expr.Node().Pos() < cur.Node().Pos() && enclosingLoop(u.Expr) != nil:
			return false
		}
	}
	return true
}

// grown calls Grow on the buffer v before the loop at cur.
func grown(c *hotsite.Checker, v *types.Var, cur inspector.Cursor, length string) []analysis.SuggestedFix {
	if cur.ParentEdgeKind() != edge.BlockStmt_List {
		return nil // a label's, or a case
	}
	f := edit.New(c.Pass, cur.Node())
	f.Insert(cur.Node().Pos(), v.Name()+".Grow("+length+")\n")
	return f.Suggest("Grow it once")
}
