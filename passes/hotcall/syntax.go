package hotcall

import (
	"go/ast"
	"go/constant"
	"go/types"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/passes/internal/hotsite"
	"github.com/heapvet/heapvet/passes/internal/typeid"
)

// constantInt returns the value of a constant integer, or -1.
func constantInt(c *hotsite.Checker, e ast.Expr) int64 {
	v := c.Info.Types[e].Value
	if v == nil {
		return -1
	}
	if n, ok := constant.Int64Val(constant.ToInt(v)); ok {
		return n
	}
	return -1
}

// constantText returns the value of a constant string.
func constantText(c *hotsite.Checker, e ast.Expr) (text string, ok bool) {
	v := c.Info.Types[e].Value
	if v == nil || v.Kind() != constant.String {
		return "", false
	}
	return constant.StringVal(v), true
}

// assignee returns the local variable that is declared with the value at
// cur, the first of several results, or nil.
func assignee(c *hotsite.Checker, cur inspector.Cursor) *types.Var {
	cur = hotsite.Outer(cur)
	switch cur.ParentEdgeKind() {
	case edge.AssignStmt_Rhs:
		stmt := cur.Parent().Node().(*ast.AssignStmt)
		i := cur.ParentEdgeIndex()
		if len(stmt.Lhs) != len(stmt.Rhs) {
			i = 0
		}
		if id, ok := stmt.Lhs[i].(*ast.Ident); ok && c.Info.Defs[id] != nil {
			return c.Uses().Local(id)
		}
	case edge.ValueSpec_Values:
		spec := cur.Parent().Node().(*ast.ValueSpec)
		i := cur.ParentEdgeIndex()
		if len(spec.Names) != len(spec.Values) {
			i = 0
		}
		return c.Uses().Local(spec.Names[i])
	}
	return nil
}

// callOf returns e if it is a call, and what it calls.
func callOf(c *hotsite.Checker, e ast.Expr) (*ast.CallExpr, *types.Func) {
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok {
		return nil, nil
	}
	return call, typeid.Callee(c.Info, call)
}

// receiver returns the operand x of a method call x.M(...), or nil.
func receiver(call *ast.CallExpr) ast.Expr {
	if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok {
		return sel.X
	}
	return nil
}

// isBlank reports whether e is the blank identifier.
func isBlank(e ast.Expr) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == "_"
}
