package hotescape

import (
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

// returnedPointer looks for an unexported function that returns a pointer
// to a small new struct which no caller keeps. gc does not inline it, so it
// cannot see that the struct could live in the caller's frame.
func returnedPointer(c *hotsite.Checker, cur inspector.Cursor) {
	const small = 128 // bytes: what is copied for less than an allocation costs
	decl := cur.Node().(*ast.FuncDecl)
	fn := c.Declared(decl)
	if fn == nil || fn.Exported() || decl.Body == nil || c.GC.Inlinable(fn) {
		return
	}
	results := fn.Signature().Results()
	if results.Len() == 0 || fn.Signature().TypeParams() != nil {
		return
	}
	ptr, ok := types.Unalias(results.At(0).Type()).(*types.Pointer)
	if !ok {
		return
	}
	if _, ok := ptr.Elem().Underlying().(*types.Struct); !ok {
		return
	}
	size := c.Size(ptr.Elem())
	if size == 0 || size > small || holdsLock(ptr.Elem()) {
		return
	}
	alloc, site, ok := newResult(c, cur, results.Len() > 1)
	if !ok || !callersDrop(c, fn) {
		return
	}
	result := decl.Type.Results.List[0].Type
	c.Report(alloc, hotsite.Finding{
		Pos: result.Pos(), End: result.End(),
		Text:  "result of " + typeid.Name(fn, c.Pass.Pkg) + " is a pointer that no caller keeps: return the struct by value",
		Site:  site,
		Bytes: size,
	})
}

// newResult returns the place where the function makes its result, if all
// returns give that, or nil beside other results. Only struct literals and
// new in the return itself, or in a variable that goes nowhere else, count.
func newResult(c *hotsite.Checker, fn inspector.Cursor, more bool) (alloc inspector.Cursor, site gcfacts.Site, ok bool) {
	for ret := range fn.Preorder((*ast.ReturnStmt)(nil)) {
		if varuse.Func(ret) != fn.Node() {
			continue
		}
		results := ret.Node().(*ast.ReturnStmt).Results
		if len(results) == 0 {
			return alloc, site, false // named results: assigned anywhere
		}
		if c.Info.Types[results[0]].IsNil() && more {
			continue
		}
		at, found := ret.FindNode(results[0])
		if !found {
			return alloc, site, false
		}
		if v := c.Uses().Local(results[0]); v != nil {
			if at, found = initial(c, v); !found || !onlyReturned(c, v) {
				return alloc, site, false
			}
		}
		s, found := pointerSite(c, at.Node().(ast.Expr))
		if !found || s.Verdict == gcfacts.NoData {
			return alloc, site, false // only gc knows what it inlines
		}
		if !ok || s.Verdict == gcfacts.Heap {
			alloc, site = at, s
		}
		ok = true
	}
	return alloc, site, ok
}

// pointerSite returns the compiler's word on e, &T{...} or new(T).
func pointerSite(c *hotsite.Checker, e ast.Expr) (site gcfacts.Site, ok bool) {
	switch e := ast.Unparen(e).(type) {
	case *ast.UnaryExpr:
		lit, ok := ast.Unparen(e.X).(*ast.CompositeLit)
		if !ok || e.Op != token.AND {
			return site, false
		}
		return c.GC.At(lit, gcfacts.PtrLit), true
	case *ast.CallExpr:
		if typeid.Builtin(c.Info, e) == "new" {
			return c.GC.At(e, gcfacts.NewCall), true
		}
	}
	return site, false
}

// initial returns the expression that v, never assigned again, is declared
// with.
func initial(c *hotsite.Checker, v *types.Var) (value inspector.Cursor, ok bool) {
	def, ok := c.Uses().Def(v)
	if !ok {
		return def, false
	}
	for _, use := range c.Uses().Of(v) {
		if u := c.Uses().Classify(use); u.Role == varuse.Write && u.Expr == use {
			return def, false
		}
	}
	stmt, ok := def.Parent().Node().(*ast.AssignStmt)
	if !ok || len(stmt.Lhs) != len(stmt.Rhs) || def.ParentEdgeKind() != edge.AssignStmt_Lhs {
		return def, false
	}
	return def.Parent().ChildAt(edge.AssignStmt_Rhs, def.ParentEdgeIndex()), true
}

// onlyReturned reports whether the pointer v goes nowhere but to the
// function's callers.
func onlyReturned(c *hotsite.Checker, v *types.Var) bool {
	def, _ := c.Uses().Def(v)
	for _, cur := range c.Uses().Of(v) {
		if varuse.Func(cur) != varuse.Func(def) {
			return false
		}
		if cur.ParentEdgeKind() != edge.ReturnStmt_Results && !pointerStays(c, cur, false) {
			return false
		}
	}
	return true
}

// callersDrop reports whether every use of fn is a call whose result goes
// no further than its caller.
func callersDrop(c *hotsite.Checker, fn *types.Func) bool {
	calls := c.Calls(fn)
	more := fn.Signature().Results().Len() > 1
	for _, call := range calls {
		if pointerStays(c, call, more) {
			continue
		}
		v := assignedTo(c, call)
		if v == nil {
			return false
		}
		def, ok := c.Uses().Def(v)
		if !ok {
			return false
		}
		for _, cur := range c.Uses().Of(v) {
			u := c.Uses().Classify(cur)
			if u.Role == varuse.Write && u.Expr == cur || varuse.Func(cur) != varuse.Func(def) || !pointerStays(c, cur, more) {
				return false
			}
		}
	}
	return len(calls) > 0
}

// assignedTo returns the variable that := declares with the first result of
// call.
func assignedTo(c *hotsite.Checker, call inspector.Cursor) *types.Var {
	if call.ParentEdgeKind() != edge.AssignStmt_Rhs {
		return nil
	}
	stmt := call.Parent().Node().(*ast.AssignStmt)
	if stmt.Tok != token.DEFINE || len(stmt.Rhs) != 1 {
		return nil
	}
	id, ok := stmt.Lhs[0].(*ast.Ident)
	if !ok {
		return nil
	}
	v, _ := c.Info.Defs[id].(*types.Var)
	return v
}

// pointerStays reports whether the use of a pointer at cur, the variable or
// the call that gives it, lets the pointer go no further. nilable allows to
// compare it: with other results the caller need not.
func pointerStays(c *hotsite.Checker, cur inspector.Cursor, nilable bool) bool {
	switch cur.ParentEdgeKind() {
	case edge.StarExpr_X:
		return true
	case edge.ExprStmt_X:
		return true
	case edge.BinaryExpr_X, edge.BinaryExpr_Y:
		return nilable
	case edge.CallExpr_Args:
		return !c.Keeps(cur.Parent().Node().(*ast.CallExpr), cur.ParentEdgeIndex())
	case edge.SelectorExpr_X:
		return selectionStays(c, cur.Parent())
	}
	return false
}

// selectionStays reports whether the selection p.x at cur lets no address
// of *p get away.
func selectionStays(c *hotsite.Checker, cur inspector.Cursor) bool {
	sel, ok := c.Info.Selections[cur.Node().(*ast.SelectorExpr)]
	if !ok {
		return false
	}
	if fn, ok := sel.Obj().(*types.Func); ok {
		_, isCall := hotsite.Called(cur)
		_, wantsPtr := types.Unalias(fn.Signature().Recv().Type()).(*types.Pointer)
		return isCall && (!wantsPtr || !c.KeepsReceiver(fn.Origin()))
	}
	switch cur.ParentEdgeKind() {
	case edge.UnaryExpr_X:
		return cur.Parent().Node().(*ast.UnaryExpr).Op != token.AND
	case edge.SliceExpr_X:
		_, isArray := sel.Type().Underlying().(*types.Array)
		return !isArray
	case edge.IndexExpr_X:
		_, isArray := sel.Type().Underlying().(*types.Array)
		return !isArray || onlyRead(cur.Parent())
	case edge.SelectorExpr_X:
		if types.IsInterface(sel.Type()) {
			return true
		}
		if _, isPtr := sel.Type().Underlying().(*types.Pointer); isPtr {
			return true // the field points elsewhere
		}
		return selectionStays(c, cur.Parent())
	}
	return true
}

// onlyRead reports whether the element at cur is read or assigned, not
// selected from or pointed to.
func onlyRead(cur inspector.Cursor) bool {
	switch cur.ParentEdgeKind() {
	case edge.UnaryExpr_X, edge.SelectorExpr_X, edge.SliceExpr_X, edge.IndexExpr_X, edge.ParenExpr_X:
		return false
	}
	return true
}

// holdsLock reports whether values of t must not be copied: a lock, an
// atomic value or a sync type is part of it.
func holdsLock(t types.Type) bool {
	if named, ok := types.Unalias(t).(*types.Named); ok && named.Obj().Pkg() != nil {
		switch named.Obj().Pkg().Path() {
		case "sync", "sync/atomic":
			return true
		}
	}
	if typeid.Method(t, "Lock") != nil && typeid.Method(t, "Unlock") != nil {
		return true
	}
	switch u := t.Underlying().(type) {
	case *types.Struct:
		for f := range u.Fields() {
			if holdsLock(f.Type()) {
				return true
			}
		}
	case *types.Array:
		return holdsLock(u.Elem())
	}
	return false
}
