package hotsite

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/passes/internal/typeid"
)

// Silenced reports whether an allocation at cur is not worth a finding
// although its code is hot: it becomes part of an error, as an
// operand of a call or composite whose type is an error, or beside an error
// in a composite; or a panic's argument; or the text of an Error method.
// Types decide, never names: errors are built by helpers of all kinds.
func (c *Checker) Silenced(cur inspector.Cursor) bool {
	for up := range cur.Enclosing() {
		switch n := up.Node().(type) {
		case *ast.CallExpr:
			if c.makesError(n) {
				return true
			}
		case *ast.CompositeLit:
			if typeid.IsError(c.Info.TypeOf(n)) || c.holdsError(n) {
				return true
			}
		case *ast.FuncLit:
			if up != cur {
				return false
			}
		case *ast.BlockStmt:
			decl, ok := enclosingDecl(up)
			return ok && c.isErrorMethod(decl)
		}
	}
	return false
}

// makesError reports whether call makes an error or panics.
func (c *Checker) makesError(call *ast.CallExpr) bool {
	if typeid.Builtin(c.Info, call) == "panic" {
		return true
	}
	t := c.Info.TypeOf(call)
	if t == nil {
		return false
	}
	if _, tuple := t.(*types.Tuple); tuple {
		return false
	}
	if !typeid.IsError(t) {
		return false
	}
	// A call that may fail also has an error as its result: what makes an
	// error takes text, not work, and is a function or has an error type.
	fn := typeid.Callee(c.Info, call)
	return fn != nil && c.errorMaker(fn, t)
}

// errorMaker reports whether fn, with result t, is a constructor of errors
// rather than a call that may fail: its result has an error type of its
// own, or it belongs to a package for errors, or is a helper that takes
// what messages are made of and has error as its only result.
func (c *Checker) errorMaker(fn *types.Func, t types.Type) bool {
	if !types.IsInterface(t) {
		return true
	}
	if typeid.IsFunc(fn, "fmt", "Errorf") || typeid.IsFunc(fn, "errors") {
		return true
	}
	params := fn.Signature().Params()
	for i := range params.Len() {
		p := params.At(i).Type()
		if s, ok := p.(*types.Slice); ok && fn.Signature().Variadic() && i == params.Len()-1 {
			p = s.Elem()
		}
		if !messagePart(p) {
			return false
		}
	}
	return params.Len() > 0 && c.returnsNew(fn)
}

// messagePart reports whether t is of a kind that error helpers take:
// texts, numbers and codes, errors, anything at all.
func messagePart(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return true
	case *types.Interface:
		return u.Empty() || typeid.IsError(t)
	}
	return false
}

// returnsNew reports whether fn never returns nil, as far as its source is
// at hand; functions of other packages are taken for helpers if their last
// parameter is a format's arguments.
func (c *Checker) returnsNew(fn *types.Func) bool {
	decl, ok := c.Uses().Def(fn)
	if !ok {
		return fn.Signature().Variadic()
	}
	for ret := range decl.Parent().Preorder((*ast.ReturnStmt)(nil)) {
		for _, e := range ret.Node().(*ast.ReturnStmt).Results {
			if c.Info.Types[e].IsNil() {
				return false
			}
		}
	}
	return true
}

// holdsError reports whether an error is among lit's elements.
func (c *Checker) holdsError(lit *ast.CompositeLit) bool {
	for _, e := range lit.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			e = kv.Value
		}
		if t := c.Info.TypeOf(e); t != nil && !c.Info.Types[e].IsNil() && typeid.IsError(t) {
			return true
		}
	}
	return false
}

func (c *Checker) isErrorMethod(decl *ast.FuncDecl) bool {
	fn := c.Declared(decl)
	return fn != nil && fn.Name() == "Error" && fn.Signature().Recv() != nil &&
		typeid.IsError(fn.Signature().Recv().Type())
}

// LeavesLoop reports whether the statement around cur is followed by a
// return or break of its loop, or is one: then it runs at most once for
// each time the loop is entered.
func LeavesLoop(cur inspector.Cursor) bool {
	for up := range cur.Enclosing() {
		switch up.Node().(type) {
		case *ast.ReturnStmt:
			return true
		case *ast.ForStmt, *ast.RangeStmt, *ast.FuncDecl, *ast.FuncLit:
			if up != cur {
				return false
			}
		}
		if up.ParentEdgeKind() == edge.BlockStmt_List || up.ParentEdgeKind() == edge.CaseClause_Body {
			if leaves(up) {
				return true
			}
		}
	}
	return false
}

// leaves reports whether one of the statements after the one at cur, in its
// list, is a return or break.
func leaves(cur inspector.Cursor) bool {
	inSwitch := cur.ParentEdgeKind() == edge.CaseClause_Body
	for next, ok := cur.NextSibling(); ok; next, ok = next.NextSibling() {
		switch n := next.Node().(type) {
		case *ast.ReturnStmt:
			return true
		case *ast.BranchStmt:
			return n.Tok == token.GOTO || n.Tok == token.BREAK && (n.Label != nil || !inSwitch)
		}
	}
	return false
}
