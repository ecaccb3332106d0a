package hotescape

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/passes/gcfacts"
	"github.com/heapvet/heapvet/passes/internal/hotsite"
	"github.com/heapvet/heapvet/passes/internal/typeid"
	"github.com/heapvet/heapvet/passes/internal/varuse"
)

// tooLarge looks for values of constant size that are too large for the
// stack, so that every request allocates, clears and collects them.
func tooLarge(c *hotsite.Checker, cur inspector.Cursor) {
	var kind gcfacts.Kind
	var what string
	var size int64
	node := cur.Node()
	switch n := node.(type) {
	case *ast.CallExpr:
		bytes, ok := makeSize(c, n)
		if !ok {
			return
		}
		kind, what, size = gcfacts.MakeSlice, c.Text(n), bytes
	case *ast.CompositeLit:
		if cur.ParentEdgeKind() != edge.UnaryExpr_X {
			return // a value, or a slice whose elements are written out
		}
		kind, what, size = gcfacts.PtrLit, "literal of "+typeString(c, c.Info.TypeOf(n)), c.Size(c.Info.TypeOf(n))
	case *ast.ValueSpec:
		if len(n.Names) != 1 || c.Uses().Local(n.Names[0]) == nil {
			return
		}
		v := c.Info.Defs[n.Names[0]]
		node = n.Names[0]
		kind, what, size = gcfacts.Moved, "variable "+quote(v), c.Size(v.Type())
	}
	if size <= maxStackImplicit || !local(c, cur) {
		return
	}
	site := c.GC.At(node, kind)
	if site.Verdict == gcfacts.Heap && site.Reason() != "too large for stack" {
		return
	}
	c.Report(cur, hotsite.Finding{
		Pos: node.Pos(), End: node.End(),
		Text:  fmt.Sprintf("%s is too large for the stack: take it from a pool, or start small", what),
		Site:  site,
		Bytes: size,
	})
}

// maxStackImplicit is gc's limit for values without a name, 64 KiB; named
// variables may have twice that.
const maxStackImplicit = 64 << 10

// local reports whether the value made at cur belongs to a variable of the
// function alone, so that it could be handed back to a pool: it is neither
// returned nor stored, as far as the function's own code shows.
func local(c *hotsite.Checker, cur inspector.Cursor) bool {
	var v *types.Var
	switch n := cur.Node().(type) {
	case *ast.ValueSpec:
		v, _ = c.Info.Defs[n.Names[0]].(*types.Var)
	default:
		for cur.ParentEdgeKind() == edge.UnaryExpr_X || cur.ParentEdgeKind() == edge.ParenExpr_X {
			cur = cur.Parent()
		}
		switch cur.ParentEdgeKind() {
		case edge.CallExpr_Args:
			return typeid.Builtin(c.Info, cur.Parent().Node().(*ast.CallExpr)) == ""
		case edge.AssignStmt_Rhs:
			stmt := cur.Parent().Node().(*ast.AssignStmt)
			if len(stmt.Lhs) == len(stmt.Rhs) {
				v = c.Uses().Local(stmt.Lhs[cur.ParentEdgeIndex()])
			}
		case edge.ValueSpec_Values:
			spec := cur.Parent().Node().(*ast.ValueSpec)
			v = c.Uses().Local(spec.Names[min(cur.ParentEdgeIndex(), len(spec.Names)-1)])
		}
	}
	return v != nil && !stored(c, v)
}

// stored reports whether the value of v is returned, sent, or put into
// something else.
func stored(c *hotsite.Checker, v *types.Var) bool { return storedAs(c, v, false) }

// storedAs is like stored; aliased tells that v is another name for the
// value already.
func storedAs(c *hotsite.Checker, v *types.Var, aliased bool) bool {
	if isParam(c, v) || isResult(c, v) {
		return true
	}
	for _, use := range c.Uses().Of(v) {
		u := c.Uses().Classify(use)
		if u.Role != varuse.Address && u.Expr != use {
			continue // an element or field
		}
		cur := u.Expr
		for {
			kind := cur.ParentEdgeKind()
			if kind != edge.ParenExpr_X && kind != edge.SliceExpr_X && kind != edge.UnaryExpr_X {
				break
			}
			if u, ok := cur.Parent().Node().(*ast.UnaryExpr); ok && u.Op != token.AND {
				break
			}
			cur = cur.Parent()
		}
		switch cur.ParentEdgeKind() {
		case edge.ReturnStmt_Results, edge.SendStmt_Value, edge.CompositeLit_Elts, edge.KeyValueExpr_Value:
			return true
		case edge.AssignStmt_Rhs:
			stmt := cur.Parent().Node().(*ast.AssignStmt)
			if len(stmt.Lhs) != len(stmt.Rhs) {
				return true
			}
			alias := c.Uses().Local(stmt.Lhs[cur.ParentEdgeIndex()])
			if alias != v && (alias == nil || aliased || storedAs(c, alias, true)) {
				return true // another name for it, which is followed no further
			}
		}
	}
	return false
}
