package hotgrow

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/passes/internal/hotsite"
	"github.com/heapvet/heapvet/passes/internal/typeid"
	"github.com/heapvet/heapvet/passes/internal/varuse"
)

// A slot holds what grows: a local variable, or a field of one.
type slot struct {
	v     *types.Var
	field *types.Var // nil for the variable itself
}

// slotOf returns the slot that e names.
func slotOf(c *hotsite.Checker, e ast.Expr) (s slot, ok bool) {
	e = ast.Unparen(e)
	if sel, isSel := e.(*ast.SelectorExpr); isSel {
		choice, found := c.Info.Selections[sel]
		if !found || choice.Kind() != types.FieldVal {
			return s, false
		}
		s.field = choice.Obj().(*types.Var).Origin()
		e = sel.X
	}
	s.v = c.Uses().Local(e)
	return s, s.v != nil
}

func (s slot) name() string {
	if s.field != nil {
		return s.v.Name() + "." + s.field.Name()
	}
	return s.v.Name()
}

// A beginning is what a slot holds before it grows.
type beginning struct {
	kind kind
	at   inspector.Cursor // the declaration: *ast.ValueSpec or *ast.AssignStmt; zero for other kinds
	expr ast.Expr         // the value that is declared, or nil
}

type kind uint8

const (
	isNil   kind = iota // no value, and no memory
	isEmpty             // not nil, but without memory
	given               // made by the caller
)

// startOf tells what s holds at first; ok is false if it has capacity, or
// that is not known.
func startOf(c *hotsite.Checker, s slot) (b beginning, ok bool) {
	def, ok := c.Uses().Def(s.v)
	if !ok {
		return b, false
	}
	switch def.ParentEdgeKind() {
	case edge.Field_Names:
		if s.field != nil {
			return b, false
		}
		if isResult(def) {
			return beginning{kind: isNil}, true
		}
		_, variadic := def.Parent().Node().(*ast.Field).Type.(*ast.Ellipsis)
		return beginning{kind: given}, !variadic
	case edge.ValueSpec_Names:
		spec := def.Parent().Node().(*ast.ValueSpec)
		if len(spec.Values) == 0 {
			_, isPtr := s.v.Type().Underlying().(*types.Pointer)
			return beginning{kind: isNil, at: def.Parent()}, !isPtr
		}
		if len(spec.Values) != len(spec.Names) {
			return b, false
		}
		b = beginning{at: def.Parent(), expr: spec.Values[def.ParentEdgeIndex()]}
	case edge.AssignStmt_Lhs:
		stmt := def.Parent().Node().(*ast.AssignStmt)
		if len(stmt.Lhs) != len(stmt.Rhs) {
			return b, false
		}
		b = beginning{at: def.Parent(), expr: stmt.Rhs[def.ParentEdgeIndex()]}
	default:
		return b, false
	}
	if s.field != nil {
		return b, leavesOut(c, b.expr, s.field)
	}
	b.kind, ok = emptyValue(c, b.expr)
	return b, ok
}

func isResult(def inspector.Cursor) bool {
	fields := def.Parent().Parent()
	return fields.ParentEdgeKind() == edge.FuncType_Results
}

// emptyValue tells whether e is a slice, map or text without elements or
// capacity.
func emptyValue(c *hotsite.Checker, e ast.Expr) (k kind, ok bool) {
	switch e := ast.Unparen(e).(type) {
	case *ast.CompositeLit:
		return isEmpty, len(e.Elts) == 0
	case *ast.CallExpr:
		switch {
		case c.Info.Types[e.Fun].IsType():
			return isNil, len(e.Args) == 1 && c.Info.Types[e.Args[0]].IsNil()
		case typeid.Builtin(c.Info, e) != "make":
			return isNil, false
		case len(e.Args) == 1:
			return isEmpty, true
		}
		return isEmpty, constantInt(c, e.Args[len(e.Args)-1]) == 0
	}
	return isNil, false
}

// leavesOut reports whether e makes a new struct whose field f is zero.
func leavesOut(c *hotsite.Checker, e ast.Expr, f *types.Var) bool {
	e = ast.Unparen(e)
	if addr, ok := e.(*ast.UnaryExpr); ok && addr.Op == token.AND {
		e = ast.Unparen(addr.X)
	}
	switch e := e.(type) {
	case *ast.CallExpr:
		return typeid.Builtin(c.Info, e) == "new"
	case *ast.CompositeLit:
		for _, elt := range e.Elts {
			kv, ok := elt.(*ast.KeyValueExpr)
			if !ok {
				return false
			}
			if key, ok := kv.Key.(*ast.Ident); ok && c.Info.Uses[key] == types.Object(f) {
				return false
			}
		}
		return true
	}
	return false
}

// grownOnly reports whether all that is ever assigned to s are appends to
// itself, of which the one at cur is the first that a loop runs each time.
func grownOnly(c *hotsite.Checker, s slot, cur inspector.Cursor) bool {
	def, ok := c.Uses().Def(s.v)
	if !ok {
		return false
	}
	for _, use := range c.Uses().Of(s.v) {
		at, ok := s.at(c, use)
		if !ok {
			continue
		}
		if u := c.Uses().Classify(at); u.Role == varuse.Address && !slicedOnly(u) {
			return false // others may give it capacity
		}
		if !assigned(at) {
			continue
		}
		call := appendTo(c, s, at)
		if call == nil {
			return false
		}
		if call.Pos() < cur.Node().Pos() && enclosingLoop(at) != enclosingLoop(def) && !inBranch(at) {
			return false // an earlier one stands for all
		}
	}
	return true
}

// slicedOnly reports whether u slices an array, which it does not grow.
func slicedOnly(u varuse.Use) bool {
	_, ok := u.Expr.Node().(*ast.SliceExpr)
	return ok
}

// appendTo returns the call of append to s whose result is assigned to the
// expression at cur, which names s, or nil.
func appendTo(c *hotsite.Checker, s slot, at inspector.Cursor) *ast.CallExpr {
	stmt, ok := at.Parent().Node().(*ast.AssignStmt)
	if !ok || len(stmt.Lhs) != len(stmt.Rhs) {
		return nil
	}
	call, ok := ast.Unparen(stmt.Rhs[at.ParentEdgeIndex()]).(*ast.CallExpr)
	if !ok || typeid.Builtin(c.Info, call) != "append" {
		return nil
	}
	if to, ok := slotOf(c, call.Args[0]); !ok || to != s {
		return nil
	}
	return call
}

// inBranch reports whether the statement of the assignment to cur stands in
// a branch of its loop.
func inBranch(cur inspector.Cursor) bool {
	block := cur.Parent().Parent()
	switch block.Parent().Node().(type) {
	case *ast.ForStmt, *ast.RangeStmt:
		return false
	}
	return true
}

// at returns the expression that names s at a use of its variable; ok is
// false if the use is about something else.
func (s slot) at(c *hotsite.Checker, use inspector.Cursor) (at inspector.Cursor, ok bool) {
	if s.field == nil {
		return use, true
	}
	if use.ParentEdgeKind() != edge.SelectorExpr_X {
		return use, use.ParentEdgeKind() == edge.AssignStmt_Lhs
	}
	sel := use.Parent().Node().(*ast.SelectorExpr)
	v, isVar := c.Info.Uses[sel.Sel].(*types.Var)
	return use.Parent(), isVar && v.Origin() == s.field
}

// assigned reports whether the expression at cur is assigned.
func assigned(cur inspector.Cursor) bool {
	switch cur.ParentEdgeKind() {
	case edge.AssignStmt_Lhs, edge.RangeStmt_Key, edge.RangeStmt_Value, edge.IncDecStmt_X:
		return true
	}
	return false
}
