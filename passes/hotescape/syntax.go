package hotescape

import (
	"go/ast"
	"go/token"
	"go/types"
	"strconv"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/inspector"
)

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
