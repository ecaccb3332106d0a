package hotcall

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/passes/internal/hotsite"
	"github.com/heapvet/heapvet/passes/internal/typeid"
)

// A need is a set of what code wants of the parts of a text.
type need uint8

const (
	firstPart  need = 1 << iota
	secondPart      // or the place to put another there
	lastPart
	laterParts   // all after the first, to range over
	always       // whether there is a part at all: there is one
	severalParts // whether there is more than one
	exactlyTwo   // whether there are two, and not more
	number       // how many there are

	more need = 0 // anything else
)

// in reports whether nothing is needed but what set has.
func (n need) in(set need) bool { return n != more && n&^set == 0 }

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
		if used == more {
			return more
		}
		all |= used
	}
	return all
}

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
			return counting(c, hotsite.Outer(cur.Parent()))
		}
	case edge.SliceExpr_X:
		slice := cur.Parent().Node().(*ast.SliceExpr)
		if slice.Low != nil && constantInt(c, slice.Low) == 1 && slice.High == nil && rangedOver(hotsite.Outer(cur.Parent())) {
			return laterParts
		}
	case edge.IndexExpr_X:
		return indexed(c, cur.Parent(), v)
	}
	return more
}

// indexed tells which part the index expression at cur needs.
func indexed(c *hotsite.Checker, cur inspector.Cursor, v *types.Var) need {
	index := cur.Node().(*ast.IndexExpr).Index
	switch constantInt(c, index) {
	case 0:
		return firstPart
	case 1:
		return secondPart
	}
	sub, ok := ast.Unparen(index).(*ast.BinaryExpr)
	if !ok || v == nil || sub.Op != token.SUB || constantInt(c, sub.Y) != 1 || cur.ParentEdgeKind() == edge.AssignStmt_Lhs {
		return more
	}
	if l, ok := ast.Unparen(sub.X).(*ast.CallExpr); ok && typeid.Builtin(c.Info, l) == "len" && c.Uses().Local(l.Args[0]) == v {
		return lastPart
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

// counting tells what the number of parts at cur, len(parts), decides.
func counting(c *hotsite.Checker, cur inspector.Cursor) need {
	switch cur.ParentEdgeKind() {
	case edge.SwitchStmt_Tag:
		all := always
		for _, clause := range cur.Parent().Node().(*ast.SwitchStmt).Body.List {
			for _, e := range clause.(*ast.CaseClause).List {
				all |= compared(c, e, token.EQL)
			}
		}
		return all
	case edge.BinaryExpr_X:
		e := cur.Parent().Node().(*ast.BinaryExpr)
		return compared(c, e.Y, e.Op)
	case edge.BinaryExpr_Y:
		e := cur.Parent().Node().(*ast.BinaryExpr)
		return compared(c, e.X, mirrored(e.Op))
	}
	return number
}

// compared tells what the comparison of a number of parts with e decides.
func compared(c *hotsite.Checker, e ast.Expr, op token.Token) need {
	k := c.Info.Types[e].Value
	if k == nil {
		return number
	}
	switch op {
	case token.EQL, token.NEQ, token.LSS, token.LEQ, token.GTR, token.GEQ:
	default:
		return number
	}
	is := func(n int64) bool { return constant.Compare(constant.MakeInt64(n), op, k) }
	one, two, three := is(1), is(2), is(3)
	switch {
	case constantInt(c, e) > 3 || three != is(4):
		return number
	case two != three:
		return exactlyTwo
	case one != two:
		return severalParts
	}
	return always
}

// mirrored returns the operator that says of x and y what op says of y and x.
func mirrored(op token.Token) token.Token {
	switch op {
	case token.LSS:
		return token.GTR
	case token.LEQ:
		return token.GEQ
	case token.GTR:
		return token.LSS
	case token.GEQ:
		return token.LEQ
	}
	return op
}
