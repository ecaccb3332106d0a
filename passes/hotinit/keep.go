package hotinit

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/passes/internal/hotsite"
	"github.com/heapvet/heapvet/passes/internal/typeid"
)

// stored reports whether the value made at cur is kept for later: in a
// field, an element or a package variable, or handed to a container.
func stored(c *hotsite.Checker, cur inspector.Cursor) bool {
	v, kept := target(c, cur)
	if v == nil {
		return kept
	}
	for _, use := range c.Uses().Of(v) {
		if _, kept := target(c, use); kept || handedOver(c, use) {
			return true
		}
	}
	return false
}

// target tells where the value at cur is put: in the local variable v, or
// in a place that lasts. A value that is used at once has neither.
func target(c *hotsite.Checker, cur inspector.Cursor) (v *types.Var, kept bool) {
	cur = wrapped(c, cur)
	var to ast.Expr
	switch cur.ParentEdgeKind() {
	case edge.AssignStmt_Rhs:
		assign := cur.Parent().Node().(*ast.AssignStmt)
		i := cur.ParentEdgeIndex()
		if len(assign.Rhs) != len(assign.Lhs) {
			i = 0 // of several results, the first is the value
		}
		to = assign.Lhs[i]
	case edge.ValueSpec_Values:
		to = cur.Parent().Node().(*ast.ValueSpec).Names[cur.ParentEdgeIndex()]
	default:
		return nil, false
	}
	if id, ok := to.(*ast.Ident); ok && id.Name == "_" {
		return nil, false
	}
	if v := c.Uses().Local(to); v != nil {
		return v, false
	}
	return nil, true
}

// wrapped goes from the expression at cur to what hands its value on as it
// is: parentheses, an assertion, a slice of it, and functions such as
// template.Must.
func wrapped(c *hotsite.Checker, cur inspector.Cursor) inspector.Cursor {
	for {
		switch cur.ParentEdgeKind() {
		case edge.ParenExpr_X, edge.TypeAssertExpr_X, edge.SliceExpr_X:
			cur = cur.Parent()
		case edge.CallExpr_Args:
			fn := typeid.Callee(c.Info, cur.Parent().Node().(*ast.CallExpr))
			if fn == nil || fn.Name() != "Must" {
				return cur
			}
			cur = cur.Parent()
		default:
			return cur
		}
	}
}

// handedOver reports whether the variable at use is an argument of a method
// that stores it in a container: sync.Map, sync.Pool, atomic.Pointer, or a
// cache of any kind.
func handedOver(c *hotsite.Checker, use inspector.Cursor) bool {
	if use.ParentEdgeKind() != edge.CallExpr_Args {
		return false
	}
	fn := typeid.Callee(c.Info, use.Parent().Node().(*ast.CallExpr))
	if fn == nil || fn.Signature().Recv() == nil {
		return false
	}
	switch fn.Name() {
	case "Store", "LoadOrStore", "Swap", "CompareAndSwap", "Put", "Set", "Add":
		return true
	}
	return false
}

// elementWritten reports whether the variable at cur is the base of an
// element or field that is assigned.
func elementWritten(cur inspector.Cursor) bool {
	switch cur.ParentEdgeKind() {
	case edge.IndexExpr_X, edge.SelectorExpr_X, edge.StarExpr_X:
		return elementAssigned(cur.Parent())
	}
	return false
}

func elementAssigned(cur inspector.Cursor) bool {
	return cur.ParentEdgeKind() == edge.AssignStmt_Lhs || cur.ParentEdgeKind() == edge.IncDecStmt_X
}
