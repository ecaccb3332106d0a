package hotescape

import (
	"fmt"
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/passes/gcfacts"
	"github.com/heapvet/heapvet/passes/internal/edit"
	"github.com/heapvet/heapvet/passes/internal/hotsite"
	"github.com/heapvet/heapvet/passes/internal/typeid"
	"github.com/heapvet/heapvet/passes/internal/varuse"
)

// replacedParam looks for parameters that are replaced by a copy of
// themselves, which is kept:
//
//	key = bytes.Clone(key) // here
//	n.keys = append(n.keys, key)
//
// gc's analysis knows no order of statements: what the variable holds
// escapes, so what callers pass has to be on the heap. A variable of its own
// for the copy lets it stay.
//
// Where no call in this package pays for it, others may that call an
// exported function.
func replacedParam(c *hotsite.Checker, cur inspector.Cursor) {
	decl := cur.Node().(*ast.FuncDecl)
	fn := c.Declared(decl)
	if fn == nil || decl.Body == nil || fn.Signature().TypeParams() != nil {
		return
	}
	for i := range fn.Signature().Params().Len() {
		p := fn.Signature().Params().At(i)
		if leak, leaks := c.GC.Leak(p); !leaks || leak.Heap != 0 {
			continue
		}
		stmt, ok := replacement(c, p, decl)
		if !ok || !keptAfter(c, p, stmt) {
			continue
		}
		finding := hotsite.Finding{
			Pos: stmt.Node().Pos(), End: stmt.Node().End(),
			Text: fmt.Sprintf("parameter %s of %s is replaced by a copy that escapes, and so does every caller's value: give the copy a variable",
				quote(p), typeid.Name(fn, c.Pass.Pkg)),
			Related: declaredAt(p),
		}
		search := payers{c: c, seen: make(map[*types.Var]bool)}
		search.of(fn, i)
		switch {
		case search.found:
			finding.Site = search.site
			if finding.Site.Node != nil {
				finding.Fixes = ownVariable(c, p, stmt)
			}
			c.Report(search.alloc, finding)
		case fn.Exported():
			finding.Site, finding.Advice = gcfacts.Site{Verdict: gcfacts.Heap}, true // gc says that p leaks
			c.Report(stmt, finding)
		}
	}
}

// replacement returns the statement, of the function's own block, that
// assigns a copy of p to p, if nothing else assigns to p and no function
// literal uses it.
func replacement(c *hotsite.Checker, p *types.Var, decl *ast.FuncDecl) (stmt inspector.Cursor, ok bool) {
	for _, use := range c.Uses().Of(p) {
		u := c.Uses().Classify(use)
		if u.Func != decl || u.Role == varuse.Address {
			return stmt, false
		}
		if u.Role != varuse.Write || u.Expr != use {
			continue
		}
		assign, isAssign := use.Parent().Node().(*ast.AssignStmt)
		if ok || !isAssign || len(assign.Lhs) != 1 || use.Parent().Parent().Node() != decl.Body || !copies(c, assign.Rhs[0], p) {
			return stmt, false
		}
		stmt, ok = use.Parent(), true
	}
	return stmt, ok
}

// copies reports whether e is a new copy of what p holds, by a function that
// lets p go nowhere.
func copies(c *hotsite.Checker, e ast.Expr, p *types.Var) bool {
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok || len(call.Args) == 0 || c.Uses().Local(call.Args[len(call.Args)-1]) != p {
		return false
	}
	if typeid.Builtin(c.Info, call) == "append" {
		return len(call.Args) == 2 && call.Ellipsis.IsValid() && isEmpty(c, call.Args[0])
	}
	fn := typeid.Callee(c.Info, call)
	switch {
	case fn == nil || len(call.Args) != 1:
		return false
	case typeid.IsFunc(fn, "bytes", "Clone"), typeid.IsFunc(fn, "slices", "Clone"), typeid.IsFunc(fn, "strings", "Clone"):
		return true
	case fn.Pkg() != c.Pass.Pkg || fn.Signature().Recv() != nil || fn.Signature().Variadic():
		return false
	}
	_, leaks := c.GC.Leak(hotsite.Param(fn, 0))
	return !leaks && c.GC.NoData() == ""
}

// isEmpty reports whether e is a new slice without elements.
func isEmpty(c *hotsite.Checker, e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.CompositeLit:
		return len(e.Elts) == 0
	case *ast.CallExpr:
		return c.Info.Types[e.Fun].IsType() && c.Info.Types[e.Args[0]].IsNil() || typeid.Builtin(c.Info, e) == "make"
	}
	return false
}

// keptAfter reports whether p goes nowhere before the statement at stmt, but
// does so after it.
func keptAfter(c *hotsite.Checker, p *types.Var, stmt inspector.Cursor) (kept bool) {
	for _, use := range c.Uses().Of(p) {
		switch {
		case stmt.Contains(use):
		case valueStays(c, p, use):
		case use.Node().Pos() < stmt.Node().Pos():
			return false
		default:
			kept = true
		}
	}
	return kept
}

// ownVariable gives the copy of p a variable of its own.
func ownVariable(c *hotsite.Checker, p *types.Var, stmt inspector.Cursor) []analysis.SuggestedFix {
	f := edit.New(c.Pass, stmt.Node())
	name := p.Name() + "Copy"
	if f.Taken(name, stmt.Node().Pos()) {
		return nil
	}
	assign := stmt.Node().(*ast.AssignStmt)
	f.Replace(assign.Pos(), assign.TokPos+1, name+" :=")
	for _, use := range c.Uses().Of(p) {
		if use.Node().Pos() < assign.End() {
			continue
		}
		if use.ParentEdgeKind() == edge.KeyValueExpr_Key {
			return nil
		}
		f.Replace(use.Node().Pos(), use.Node().End(), name)
	}
	return f.Suggest("Give the copy a variable of its own")
}
