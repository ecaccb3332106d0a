package hotescape

import (
	"go/ast"
	"go/token"
	"go/types"
	"strconv"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/passes/internal/hotsite"
)

// addressed returns the local variable whose address e takes, with &v or
// with a slice of an array, or nil.
func addressed(c *hotsite.Checker, e ast.Expr) *types.Var {
	switch e := ast.Unparen(e).(type) {
	case *ast.UnaryExpr:
		if e.Op == token.AND {
			return c.Uses().Local(e.X)
		}
	case *ast.SliceExpr:
		if v := c.Uses().Local(e.X); v != nil {
			if _, ok := v.Type().Underlying().(*types.Array); ok {
				return v
			}
		}
	}
	return nil
}

// argument returns the call that the expression at cur is an argument of,
// and its place among the arguments; a nil call if it is none.
func argument(cur inspector.Cursor) (call *ast.CallExpr, index int) {
	for cur.ParentEdgeKind() == edge.ParenExpr_X {
		cur = cur.Parent()
	}
	if cur.ParentEdgeKind() != edge.CallExpr_Args {
		return nil, 0
	}
	return cur.Parent().Node().(*ast.CallExpr), cur.ParentEdgeIndex()
}

// loopAround returns the innermost loop of cur's function around cur.
func loopAround(cur inspector.Cursor) (loop inspector.Cursor, ok bool) {
	for up := range cur.Enclosing((*ast.ForStmt)(nil), (*ast.RangeStmt)(nil), (*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
		switch n := up.Node().(type) {
		case *ast.FuncDecl, *ast.FuncLit:
			if up != cur {
				return up, false
			}
		case *ast.ForStmt:
			if n.Init == nil || !within(cur.Node(), n.Init) {
				return up, true
			}
		case *ast.RangeStmt:
			if !within(cur.Node(), n.X) {
				return up, true
			}
		}
	}
	return cur, false
}

// within reports whether node n lies inside of outer.
func within(n, outer ast.Node) bool {
	return outer.Pos() <= n.Pos() && n.End() <= outer.End()
}

func quote(obj types.Object) string { return strconv.Quote(obj.Name()) }

// declaredAt is the related place of a finding about v.
func declaredAt(v *types.Var) []analysis.RelatedInformation {
	return []analysis.RelatedInformation{{Pos: v.Pos(), End: v.Pos() + token.Pos(len(v.Name())), Message: "declared here"}}
}
