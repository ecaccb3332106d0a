package hotinit

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/passes/internal/hotsite"
	"github.com/heapvet/heapvet/passes/internal/typeid"
)

// pooled reports whether the writer or reader made at cur is kept for later
// use: it is made for a pool, because one was empty, or is reset.
func pooled(c *hotsite.Checker, cur inspector.Cursor) bool {
	return forPool(c, cur) || poolWasEmpty(c, cur) || madeIfNil(c, cur) || reused(c, cur)
}

// forPool reports whether cur is in a function that is the New of a pool,
// sync.Pool or another type of that form.
func forPool(c *hotsite.Checker, cur inspector.Cursor) bool {
	for fn := range cur.Enclosing((*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
		if decl, ok := fn.Node().(*ast.FuncDecl); ok {
			obj := c.Declared(decl)
			if obj == nil {
				return false
			}
			for _, use := range c.Uses().Of(obj) {
				if use.ParentEdgeKind() == edge.SelectorExpr_Sel {
					use = use.Parent()
				}
				if isNew(use) {
					return true
				}
			}
			continue
		}
		if isNew(fn) {
			return true
		}
	}
	return false
}

// isNew reports whether the function at cur becomes a field named New.
func isNew(cur inspector.Cursor) bool {
	switch cur.ParentEdgeKind() {
	case edge.KeyValueExpr_Value:
		key, ok := cur.Parent().Node().(*ast.KeyValueExpr).Key.(*ast.Ident)
		return ok && key.Name == "New"
	case edge.AssignStmt_Rhs:
		assign := cur.Parent().Node().(*ast.AssignStmt)
		sel, ok := assign.Lhs[cur.ParentEdgeIndex()].(*ast.SelectorExpr)
		return ok && sel.Sel.Name == "New"
	}
	return false
}

// poolWasEmpty reports whether the function around cur also takes values
// out of a pool, or cur stands in a select statement, whose channels
// may hold spare values: then cur is how the first values are made.
func poolWasEmpty(c *hotsite.Checker, cur inspector.Cursor) bool {
	for up := range cur.Enclosing((*ast.CommClause)(nil), (*ast.FuncDecl)(nil)) {
		if _, clause := up.Node().(*ast.CommClause); clause {
			return true
		}
		for call := range up.Preorder((*ast.CallExpr)(nil)) {
			if takes(c, call.Node().(*ast.CallExpr), c.Info.TypeOf(cur.Node().(ast.Expr))) {
				return true
			}
		}
	}
	return false
}

// takes reports whether call takes a value of type t out of a pool:
// sync.Pool, whose values have any type, or one that is a pool by its name.
func takes(c *hotsite.Checker, call *ast.CallExpr, t types.Type) bool {
	fn := typeid.Callee(c.Info, call)
	if typeid.IsMethod(fn, "sync", "Pool", "Get") {
		return true
	}
	if fn == nil || fn.Name() != "Get" || fn.Signature().Recv() == nil {
		return false
	}
	named, ok := types.Unalias(typeid.Deref(fn.Signature().Recv().Type())).(*types.Named)
	return ok && strings.Contains(named.Obj().Name(), "Pool") && types.Identical(c.Info.TypeOf(call), t)
}

// madeIfNil reports whether the value is made where the variable that gets
// it was found to be nil, empty or too small, or another one of its type to
// be nil, such as what was read from the field that gets it: what was to be
// reused is missing.
func madeIfNil(c *hotsite.Checker, cur inspector.Cursor) bool {
	v, _ := target(c, cur)
	made := resultType(c.Info.TypeOf(cur.Node().(ast.Expr)))
	for up := range cur.Enclosing((*ast.IfStmt)(nil)) {
		if cond, ok := up.Node().(*ast.IfStmt).Cond.(*ast.BinaryExpr); ok && missing(c, cond, v, made) {
			return true
		}
	}
	return false
}

// resultType returns the type of the first of several results.
func resultType(t types.Type) types.Type {
	if tuple, ok := t.(*types.Tuple); ok && tuple.Len() > 0 {
		return tuple.At(0).Type()
	}
	return t
}

// missing reports whether cond compares v or another variable of type made
// with nil, or the length or capacity of v with something.
func missing(c *hotsite.Checker, cond *ast.BinaryExpr, v *types.Var, made types.Type) bool {
	if c.Info.Types[cond.Y].IsNil() {
		t := c.Info.TypeOf(cond.X)
		return v != nil && c.Uses().Local(cond.X) == v || made != nil && t != nil && types.Identical(t, made)
	}
	if v == nil {
		return false
	}
	call, ok := ast.Unparen(cond.X).(*ast.CallExpr)
	if !ok {
		return false
	}
	switch typeid.Builtin(c.Info, call) {
	case "len", "cap":
		return c.Uses().Local(call.Args[0]) == v
	}
	return false
}

// reused reports whether what gets the value is reset, put into a pool, or
// lasts as long as the process.
func reused(c *hotsite.Checker, cur inspector.Cursor) bool {
	v, _ := target(c, cur)
	if v == nil {
		f := targetField(c, cur)
		return f != nil && reset(c, f) || inPackageVariable(c, cur)
	}
	return reset(c, v) || slices.ContainsFunc(c.Uses().Of(v), func(use inspector.Cursor) bool { return handedOver(c, use) })
}

// reset reports whether the package calls the method Reset of the variable
// or field v.
func reset(c *hotsite.Checker, v *types.Var) bool {
	for _, use := range c.Uses().Of(v) {
		if use.ParentEdgeKind() == edge.SelectorExpr_Sel {
			use = use.Parent()
		}
		if use.ParentEdgeKind() == edge.SelectorExpr_X && use.Parent().Node().(*ast.SelectorExpr).Sel.Name == "Reset" {
			return true
		}
	}
	return false
}

// targetField returns the field that the value at cur is assigned to, or nil.
func targetField(c *hotsite.Checker, cur inspector.Cursor) *types.Var {
	cur = wrapped(c, cur)
	if cur.ParentEdgeKind() != edge.AssignStmt_Rhs {
		return nil
	}
	sel, ok := cur.Parent().Node().(*ast.AssignStmt).Lhs[cur.ParentEdgeIndex()].(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	v, _ := c.Info.Uses[sel.Sel].(*types.Var)
	return v
}

// outlives reports whether the value made at cur becomes part of another
// one or of the function's result, here or in a function of the package that
// it is handed to, so that it is used after the function.
func outlives(c *hotsite.Checker, cur inspector.Cursor) bool {
	const maxDepth = 3 // calls
	v, kept := target(c, cur)
	if v == nil {
		return kept || handedOn(c, wrapped(c, cur), maxDepth)
	}
	return outlivesIn(c, v, maxDepth)
}

// outlivesIn is like outlives for the value of a variable.
func outlivesIn(c *hotsite.Checker, v *types.Var, depth int) bool {
	return slices.ContainsFunc(c.Uses().Of(v), func(use inspector.Cursor) bool {
		_, kept := target(c, use)
		return kept || handedOn(c, wrapped(c, use), depth)
	})
}

func handedOn(c *hotsite.Checker, cur inspector.Cursor, depth int) bool {
	switch cur.ParentEdgeKind() {
	case edge.CompositeLit_Elts, edge.KeyValueExpr_Value, edge.ReturnStmt_Results, edge.SendStmt_Value:
		return true
	case edge.CallExpr_Args:
		fn := typeid.Callee(c.Info, cur.Parent().Node().(*ast.CallExpr))
		if fn == nil || fn.Pkg() != c.Pass.Pkg || depth == 0 {
			return false
		}
		param := hotsite.Param(fn, cur.ParentEdgeIndex())
		return param != nil && outlivesIn(c, param, depth-1)
	case edge.SelectorExpr_X:
		call, ok := hotsite.Called(cur.Parent().ChildAt(edge.SelectorExpr_Sel, -1))
		if !ok || depth == 0 || !lendsBuffer(cur.Parent().Node().(*ast.SelectorExpr).Sel.Name) {
			return false
		}
		v, kept := target(c, call)
		return kept || v != nil && outlivesIn(c, v, depth-1)
	}
	return false
}

// lendsBuffer reports whether the method of that name returns a slice of its
// receiver's own buffer, as those of bufio.Reader and bytes.Buffer do.
func lendsBuffer(method string) bool {
	switch method {
	case "Peek", "ReadSlice", "ReadLine", "Bytes", "Next", "AvailableBuffer":
		return true
	}
	return false
}

// inPackageVariable reports whether the value at cur is assigned to a
// package variable or an element of a map.
func inPackageVariable(c *hotsite.Checker, cur inspector.Cursor) bool {
	cur = wrapped(c, cur)
	if cur.ParentEdgeKind() != edge.AssignStmt_Rhs {
		return false
	}
	assign := cur.Parent().Node().(*ast.AssignStmt)
	switch to := ast.Unparen(assign.Lhs[cur.ParentEdgeIndex()]).(type) {
	case *ast.Ident:
		obj := c.Info.ObjectOf(to)
		return obj != nil && obj.Parent() == c.Pass.Pkg.Scope()
	case *ast.IndexExpr:
		_, isMap := c.Info.TypeOf(to.X).Underlying().(*types.Map)
		return isMap
	}
	return false
}
