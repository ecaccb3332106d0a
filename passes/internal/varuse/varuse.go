// Package varuse tells what the code of a package does with its variables.
//
// gc explains one way of a variable to the heap, the first it finds. An edit
// is worth proposing only if it cures all of them, so checks ask here for
// every use of the variable and what may become of its address.
package varuse

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
)

// An Index finds the uses of variables.
type Index struct {
	info *types.Info
	uses map[types.Object][]inspector.Cursor
	defs map[types.Object]inspector.Cursor
	// dynamic holds the names of the interface methods that are called.
	dynamic map[string]bool
}

// New indexes the package whose syntax is below root.
func New(root inspector.Cursor, info *types.Info) *Index {
	x := &Index{
		info: info,
		uses: make(map[types.Object][]inspector.Cursor),
		defs: make(map[types.Object]inspector.Cursor),

		dynamic: make(map[string]bool),
	}
	for cur := range root.Preorder((*ast.Ident)(nil)) {
		id := cur.Node().(*ast.Ident)
		if obj := info.Uses[id]; obj != nil {
			x.uses[origin(obj)] = append(x.uses[origin(obj)], cur)
			if fn, ok := obj.(*types.Func); ok && fn.Signature().Recv() != nil && types.IsInterface(fn.Signature().Recv().Type()) {
				x.dynamic[fn.Name()] = true
			}
		} else if obj := info.Defs[id]; obj != nil {
			x.defs[obj] = cur
		}
	}
	return x
}

// origin folds instantiated fields and methods onto their declaration.
func origin(obj types.Object) types.Object {
	switch obj := obj.(type) {
	case *types.Var:
		return obj.Origin()
	case *types.Func:
		return obj.Origin()
	}
	return obj
}

// Of returns the identifiers that use obj, in source order, its
// declaration not included.
func (x *Index) Of(obj types.Object) []inspector.Cursor { return x.uses[origin(obj)] }

// Def returns the identifier that declares obj; ok is false if the package
// does not.
func (x *Index) Def(obj types.Object) (cur inspector.Cursor, ok bool) {
	cur, ok = x.defs[origin(obj)]
	return cur, ok
}

// Dynamic reports whether the package calls an interface method by the
// name of fn, so that fn, a method of an unexported name, may be its target.
func (x *Index) Dynamic(fn *types.Func) bool {
	return fn.Signature().Recv() != nil && x.dynamic[fn.Name()]
}

// Local returns the variable that the expression e names, if that is a
// local variable, a parameter or a result.
func (x *Index) Local(e ast.Expr) *types.Var {
	id, ok := ast.Unparen(e).(*ast.Ident)
	if !ok {
		return nil
	}
	v, ok := x.info.ObjectOf(id).(*types.Var)
	if !ok || v.IsField() || v.Parent() == nil || v.Pkg() == nil || v.Parent() == v.Pkg().Scope() {
		return nil
	}
	return v
}

// A Role is what one use does with a variable.
type Role uint8

const (
	Read    Role = iota // its value, or a field's or element's, is read
	Write               // it, or a field or element of it, is assigned
	Call                // a method is called with its address as receiver
	Address             // its address is taken: &v, or a slice of an array
)

// A Use is one use of a variable.
type Use struct {
	Cur  inspector.Cursor // the identifier
	Role Role
	// Expr is the expression that holds the role: the variable itself or a
	// path of fields and elements for Read and Write, the selector x.M for
	// Call, &x or x[:] for Address.
	Expr inspector.Cursor
	Func ast.Node // the innermost *ast.FuncDecl or *ast.FuncLit around it
}

// Classify tells what the use of a variable at cur, an *ast.Ident, does.
func (x *Index) Classify(cur inspector.Cursor) Use {
	u := Use{Cur: cur, Expr: cur, Func: Func(cur)}
	for {
		up := u.Expr.Parent()
		switch kind := u.Expr.ParentEdgeKind(); {
		case kind == edge.ParenExpr_X:
			u.Expr = up
		case kind == edge.SelectorExpr_X:
			if role, done := x.selected(up.Node().(*ast.SelectorExpr)); done {
				u.Role, u.Expr = role, up
				return u
			}
			u.Expr = up
		case kind == edge.IndexExpr_X && isArray(x.info.TypeOf(u.Expr.Node().(ast.Expr))):
			u.Expr = up
		case kind == edge.SliceExpr_X && isArray(x.info.TypeOf(u.Expr.Node().(ast.Expr))):
			u.Role, u.Expr = Address, up
			return u
		case kind == edge.UnaryExpr_X && up.Node().(*ast.UnaryExpr).Op == token.AND:
			u.Role, u.Expr = Address, up
			return u
		default:
			if assigned(u.Expr) {
				u.Role = Write
			}
			return u
		}
	}
}

// selected tells the role of x in x.sel; done is false for a field that is
// part of x itself, whose own use decides.
func (x *Index) selected(sel *ast.SelectorExpr) (role Role, done bool) {
	s, ok := x.info.Selections[sel]
	if !ok || s.Indirect() && s.Kind() == types.FieldVal {
		return Read, true // through a pointer: x itself is only read
	}
	if s.Kind() == types.FieldVal {
		return Read, false
	}
	recv := s.Obj().(*types.Func).Signature().Recv()
	_, wantsPtr := types.Unalias(recv.Type()).(*types.Pointer)
	if _, isPtr := s.Recv().Underlying().(*types.Pointer); wantsPtr && !isPtr {
		return Call, true
	}
	return Read, true
}

// assigned reports whether the expression at cur is the target of an
// assignment.
func assigned(cur inspector.Cursor) bool {
	switch cur.ParentEdgeKind() {
	case edge.AssignStmt_Lhs, edge.IncDecStmt_X, edge.RangeStmt_Key, edge.RangeStmt_Value:
		return true
	}
	return false
}

func isArray(t types.Type) bool {
	_, ok := t.Underlying().(*types.Array)
	return ok
}

// Func returns the innermost function around cur, an *ast.FuncDecl or
// *ast.FuncLit, or nil.
func Func(cur inspector.Cursor) ast.Node {
	for fn := range cur.Enclosing((*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
		if fn != cur {
			return fn.Node()
		}
	}
	return nil
}
