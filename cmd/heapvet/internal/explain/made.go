package explain

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"io"

	"github.com/heapvet/heapvet/passes/gcfacts"
)

// writeMade points to the lines where values that this line uses or
// returns were put on the heap: a finding stands at the cause, which often
// is not where the memory is asked for.
func (e *explainer) writeMade(w io.Writer) bool {
	told := make(map[ast.Node]bool)
	tell := func(intro string, s *gcfacts.Site) {
		if s.Verdict != gcfacts.Heap || e.here(s.Node) || told[s.Node] {
			return
		}
		told[s.Node] = true
		line := e.position(s.Node.Pos()).Line
		fmt.Fprintf(w, "\n%s %s%s on the heap: heapvet explain %s:%d\n", intro, code(s.Expr), e.bytes(s), e.env.Rel(e.at.file), line)
	}
	for _, n := range e.nodes {
		switch n := n.(type) {
		case *ast.Ident:
			if v, ok := e.pkg.TypesInfo.Uses[n].(*types.Var); ok {
				for _, s := range e.within(e.initial(v)) {
					tell(code(v.Name())+" was set to", s)
				}
			}
		case *ast.FuncDecl:
			for _, s := range e.returned(n) {
				tell(n.Name.Name+" returns", s)
			}
		}
	}
	return len(told) > 0
}

// initial returns the expression that the local variable v is declared
// with, or nil.
func (e *explainer) initial(v *types.Var) ast.Expr {
	if v.Pkg() == nil || v.Parent() == v.Pkg().Scope() {
		return nil // a package variable is set once
	}
	var found ast.Expr
	pair := func(names []*ast.Ident, values []ast.Expr) {
		for i, name := range names {
			if e.pkg.TypesInfo.Defs[name] == v && len(names) == len(values) {
				found = values[i]
			}
		}
	}
	e.around(v.Pos(), func(n ast.Node) {
		switch n := n.(type) {
		case *ast.AssignStmt:
			var names []*ast.Ident
			for _, lhs := range n.Lhs {
				if id, ok := lhs.(*ast.Ident); ok {
					names = append(names, id)
				}
			}
			if len(names) == len(n.Lhs) {
				pair(names, n.Rhs)
			}
		case *ast.ValueSpec:
			pair(n.Names, n.Values)
		}
	})
	return found
}

// returned returns the allocations that fn returns, as they are made or by
// way of a variable.
func (e *explainer) returned(fn *ast.FuncDecl) []*gcfacts.Site {
	var sites []*gcfacts.Site
	if fn.Body == nil {
		return nil
	}
	ast.Inspect(fn.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false // its returns are its own
		case *ast.ReturnStmt:
			for _, result := range n.Results {
				if id, ok := ast.Unparen(result).(*ast.Ident); ok {
					if v, ok := e.pkg.TypesInfo.Uses[id].(*types.Var); ok {
						result = e.initial(v)
					}
				}
				sites = append(sites, e.within(result)...)
			}
		}
		return true
	})
	return sites
}

// within returns the sites of expr itself, without those of its operands.
func (e *explainer) within(expr ast.Expr) []*gcfacts.Site {
	if expr == nil {
		return nil
	}
	expr = ast.Unparen(expr)
	if unary, ok := expr.(*ast.UnaryExpr); ok && unary.Op == token.AND {
		expr = ast.Unparen(unary.X)
	}
	var sites []*gcfacts.Site
	for _, s := range e.gc.Sites() {
		if s.Node == expr {
			sites = append(sites, s)
		}
	}
	return sites
}

// around calls visit for each node of the package's files that covers pos.
func (e *explainer) around(pos token.Pos, visit func(ast.Node)) {
	for _, f := range e.pkg.Syntax {
		ast.Inspect(f, func(n ast.Node) bool {
			if n == nil || pos < n.Pos() || n.End() <= pos {
				return false
			}
			visit(n)
			return true
		})
	}
}
