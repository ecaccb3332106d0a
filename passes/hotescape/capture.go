package hotescape

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/passes/internal/hotsite"
	"github.com/heapvet/heapvet/passes/internal/varuse"
)

// byValue is gc's limit: a larger variable is captured by reference even if
// nothing assigns it.
const byValue = 128

// captures returns the local variables that the function literal or block
// at cur uses and does not declare, in the order of their first use.
func captures(c *hotsite.Checker, cur inspector.Cursor) []*types.Var {
	lit := cur.Node()
	var vars []*types.Var
	seen := make(map[*types.Var]bool)
	for id := range cur.Preorder((*ast.Ident)(nil)) {
		v := c.Uses().Local(id.Node().(*ast.Ident))
		if v == nil || seen[v] || lit.Pos() <= v.Pos() && v.Pos() < lit.End() {
			continue // not a variable, or its own
		}
		seen[v] = true
		vars = append(vars, v)
	}
	return vars
}

// reassignedCapture looks for a variable that a function literal captures
// by reference only because it assigns it, while nothing outside reads it
// afterwards:
//
//	err := open()
//	go func() { err = serve(); log(err) }() // := would do
func reassignedCapture(c *hotsite.Checker, cur inspector.Cursor) {
	for _, v := range captures(c, cur) {
		assign, ok := soleAssigner(c, cur, v)
		if !ok {
			continue
		}
		site, decl := c.Moved(v)
		c.Report(decl, hotsite.Finding{
			Pos: assign.Pos(), End: assign.End(),
			Text: "variable " + quote(v) + " moves to the heap because this closure assigns it and nothing reads it afterwards: " +
				"declare it in the closure",
			Site:    site,
			Bytes:   c.Size(v.Type()),
			Related: declaredAt(v),
		})
	}
}

// soleAssigner returns the identifier of v in the literal's first
// assignment to it, if := there leaves the program as it is and v free of
// captures.
func soleAssigner(c *hotsite.Checker, lit inspector.Cursor, v *types.Var) (ast.Node, bool) {
	if isResult(c, v) {
		return nil, false // every return reads it
	}
	loop, inLoop := loopAround(lit)
	var first varuse.Use
	var scope ast.Node
	for _, cur := range c.Uses().Of(v) {
		u := c.Uses().Classify(cur)
		switch {
		case u.Role == varuse.Call || u.Role == varuse.Address:
			return nil, false
		case u.Func == lit.Node():
			if first.Func == nil {
				first = u
				if scope = declarable(u); scope == nil {
					return nil, false
				}
			} else if !within(cur.Node(), scope) {
				return nil, false
			}
		case within(cur.Node(), lit.Node()) || u.Func != varuse.Func(lit):
			return nil, false // another closure captures it too
		case u.Role == varuse.Read && readAfter(cur, lit, loop, inLoop, v):
			return nil, false
		}
	}
	return first.Cur.Node(), first.Func != nil
}

// declarable returns the statement in whose scope a variable would be that
// := declares in place of the plain assignment u; nil if u is none, or
// reads the variable on its right side.
func declarable(u varuse.Use) ast.Node {
	if u.Role != varuse.Write || u.Expr != u.Cur {
		return nil
	}
	stmt := u.Cur.Parent()
	assign, ok := stmt.Node().(*ast.AssignStmt)
	if !ok || assign.Tok != token.ASSIGN {
		return nil
	}
	for _, rhs := range assign.Rhs {
		name := u.Cur.Node().(*ast.Ident).Name
		if mentions(rhs, name) {
			return nil
		}
	}
	switch stmt.ParentEdgeKind() {
	case edge.BlockStmt_List, edge.CaseClause_Body, edge.CommClause_Body, edge.IfStmt_Init, edge.SwitchStmt_Init:
		return stmt.Parent().Node()
	}
	return nil
}

// mentions reports whether an identifier of that name occurs in e.
func mentions(e ast.Expr, name string) bool {
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		found = found || ok && id.Name == name
		return !found
	})
	return found
}

// readAfter reports whether the read of v at cur may happen after lit was
// made: it follows in the source, or a loop around lit, in which v is not
// declared, comes back to it.
func readAfter(cur, lit, loop inspector.Cursor, inLoop bool, v *types.Var) bool {
	if cur.Node().Pos() > lit.Node().Pos() {
		return true
	}
	return inLoop && within(cur.Node(), loop.Node()) && (v.Pos() < loop.Node().Pos() || v.Pos() > loop.Node().End())
}

// isResult reports whether v is a named result.
func isResult(c *hotsite.Checker, v *types.Var) bool {
	def, ok := c.Uses().Def(v)
	return ok && def.Parent().Parent().ParentEdgeKind() == edge.FuncType_Results
}

// isParam reports whether v is a parameter or receiver.
func isParam(c *hotsite.Checker, v *types.Var) bool {
	def, ok := c.Uses().Def(v)
	if !ok {
		return false
	}
	kind := def.Parent().Parent().ParentEdgeKind()
	return kind == edge.FuncType_Params || kind == edge.FuncDecl_Recv
}

// largeCapture looks for a large parameter that moves to the heap because a
// function literal captures it: above 128 bytes gc captures by reference
// what it would copy otherwise.
func largeCapture(c *hotsite.Checker, cur inspector.Cursor) {
	for _, v := range captures(c, cur) {
		size := c.Size(v.Type())
		if size <= byValue || !isParam(c, v) {
			continue
		}
		use, ok := firstCapture(c, v)
		if !ok || !within(use.Node(), cur.Node()) {
			continue
		}
		site, decl := c.Moved(v)
		c.Report(decl, hotsite.Finding{
			Pos: use.Node().Pos(), End: use.Node().End(),
			Text: fmt.Sprintf("parameter %s moves to the heap because a closure captures a value of more than %d bytes: take a pointer",
				quote(v), byValue),
			Site:    site,
			Bytes:   size,
			Advice:  !pointedTo(c, v),
			Related: declaredAt(v),
		})
	}
}

// pointedTo reports whether a caller of the function with the parameter v
// has a value to point to: an element, a field, or what a pointer leads to.
// The address of a local variable would only move that one to the heap.
func pointedTo(c *hotsite.Checker, v *types.Var) bool {
	def, ok := c.Uses().Def(v)
	if !ok {
		return false
	}
	decl, ok := varuse.Func(def).(*ast.FuncDecl)
	if !ok || c.Declared(decl) == nil {
		return false
	}
	fn := c.Declared(decl)
	for _, cur := range c.Calls(fn) {
		call := cur.Node().(*ast.CallExpr)
		if sel, ok := call.Fun.(*ast.SelectorExpr); ok && fn.Signature().Recv() == v && lasting(c, sel.X) {
			return true
		}
		for i, arg := range call.Args {
			if hotsite.Param(fn, i) == v && lasting(c, arg) {
				return true
			}
		}
	}
	return false
}

// lasting reports whether e names a value that is there before and after
// the call, or a copy of one that a range loop makes.
func lasting(c *hotsite.Checker, e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.StarExpr:
		return true
	case *ast.IndexExpr:
		_, isMap := c.Info.TypeOf(e.X).Underlying().(*types.Map)
		return !isMap // the elements of maps have no address
	case *ast.SelectorExpr:
		if sel, ok := c.Info.Selections[e]; ok && sel.Indirect() {
			return true
		}
		return lasting(c, e.X)
	case *ast.Ident:
		v := c.Uses().Local(e)
		if v == nil {
			return true // of the package
		}
		if _, isPtr := v.Type().Underlying().(*types.Pointer); isPtr {
			return true
		}
		def, ok := c.Uses().Def(v)
		return ok && def.ParentEdgeKind() == edge.RangeStmt_Value
	}
	return false
}

// firstCapture returns the first use of v in a function literal, if v is
// nowhere assigned and its address stays: then size alone decides how it is
// captured.
func firstCapture(c *hotsite.Checker, v *types.Var) (first inspector.Cursor, ok bool) {
	def, found := c.Uses().Def(v)
	if !found {
		return def, false
	}
	owner := varuse.Func(def)
	for _, cur := range c.Uses().Of(v) {
		u := c.Uses().Classify(cur)
		if u.Role == varuse.Write || !c.Stays(u) {
			return cur, false
		}
		if u.Func != owner && !ok {
			first, ok = cur, true
		}
	}
	return first, ok
}
