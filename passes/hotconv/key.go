package hotconv

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/passes/gcfacts"
	"github.com/heapvet/heapvet/passes/internal/hotsite"
)

// mapKey looks for concatenations that are made to look something up in a
// map of this package: a struct of the parts is a key, too.
func mapKey(c *hotsite.Checker, cur inspector.Cursor) {
	index := cur.Node().(*ast.IndexExpr)
	t := c.Info.TypeOf(index.X)
	if t == nil || cur.ParentEdgeKind() == edge.AssignStmt_Lhs {
		return
	}
	if _, isMap := t.Underlying().(*types.Map); !isMap || !ownMap(c, index.X) {
		return
	}
	key, ok := ast.Unparen(index.Index).(*ast.BinaryExpr)
	if !ok || variable(c.Info, key) < 2 {
		return
	}
	c.Report(cur, hotsite.Finding{
		Pos: key.Pos(), End: key.End(),
		Text:   "key " + c.Text(key) + " is a text made for a look-up: use a struct of its parts",
		Site:   c.GC.At(key, gcfacts.Concat),
		Sized:  true,
		Advice: true,
	})
}

// ownMap reports whether e names a map whose type this package may change.
func ownMap(c *hotsite.Checker, e ast.Expr) bool {
	var id *ast.Ident
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		id = e
	case *ast.SelectorExpr:
		id = e.Sel
	default:
		return false
	}
	v, ok := c.Info.Uses[id].(*types.Var)
	return ok && v.Pkg() == c.Pass.Pkg
}

// variable counts the operands of a concatenation that are not constant.
func variable(info *types.Info, e ast.Expr) int {
	if info.Types[e].Value != nil {
		return 0
	}
	if sum, ok := ast.Unparen(e).(*ast.BinaryExpr); ok {
		return variable(info, sum.X) + variable(info, sum.Y)
	}
	return 1
}
