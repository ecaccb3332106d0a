package hotgrow

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/passes/internal/edit"
	"github.com/heapvet/heapvet/passes/internal/hotsite"
	"github.com/heapvet/heapvet/passes/internal/typeid"
	"github.com/heapvet/heapvet/passes/internal/varuse"
)

// presized makes the slice s with the given capacity where it is declared,
// if that can be told there and nobody can tell nil from empty afterwards.
func presized(c *hotsite.Checker, s slot, start beginning, l loop, capacity string) []analysis.SuggestedFix {
	if s.field != nil || !start.at.Valid() || start.kind == given || !knownAt(c, l, start.at.Node()) {
		return nil
	}
	if start.kind == isNil && !nilUnseen(c, s.v) {
		return nil
	}
	f := edit.New(c.Pass, start.at.Node())
	if start.expr == nil {
		decl := start.at.Parent()
		gen, ok := decl.Node().(*ast.GenDecl)
		spec := start.at.Node().(*ast.ValueSpec)
		if !ok || len(gen.Specs) != 1 || len(spec.Names) != 1 || decl.Parent().ParentEdgeKind() != edge.BlockStmt_List {
			return nil
		}
		f.Replace(gen.Pos(), gen.End(), s.v.Name()+" := make("+f.Text(spec.Type)+", 0, "+capacity+")")
		return f.Suggest("Make it with its capacity")
	}
	switch e := ast.Unparen(start.expr).(type) {
	case *ast.CompositeLit:
		if e.Type == nil {
			return nil
		}
		f.Replace(e.Pos(), e.End(), "make("+f.Text(e.Type)+", 0, "+capacity+")")
	case *ast.CallExpr:
		if typeid.Builtin(c.Info, e) != "make" {
			return nil
		}
		f.Replace(e.Args[1].Pos(), e.Rparen, "0, "+capacity)
	}
	return f.Suggest("Make it with its capacity")
}

// knownAt reports whether the number of iterations of l can be told where
// node is, before it: what it is made of is declared, and not changed in
// between, and it is not negative.
func knownAt(c *hotsite.Checker, l loop, node ast.Node) bool {
	if l.number && l.most < 0 && !unsigned(c.Info.TypeOf(l.bound)) && !isLen(c, l.bound) {
		return false // make panics where the loop does nothing
	}
	between := span{node.Pos(), l.cur.Node().Pos()}
	if changedIn(c, l.bound, between) {
		return false
	}
	known := true
	ast.Inspect(l.bound, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.IndexExpr, *ast.StarExpr:
			known = false // it may panic too early
		case *ast.Ident:
			if v, ok := c.Info.Uses[n].(*types.Var); ok && !v.IsField() && v.Pos() >= node.Pos() && v.Parent() != c.Pass.Pkg.Scope() {
				known = false
			}
		}
		return known
	})
	return known && !callsBetween(c, l, between)
}

// callsBetween reports whether what l counts might be changed by a call
// between the declaration and the loop: it is no plain local variable.
func callsBetween(c *hotsite.Checker, l loop, between span) bool {
	if v := c.Uses().Local(l.bound); v != nil {
		def, ok := c.Uses().Def(v)
		return !ok || captured(c, v, def)
	}
	block := l.cur.Parent()
	for call := range block.Preorder((*ast.CallExpr)(nil)) {
		if between.Pos() <= call.Node().Pos() && call.Node().Pos() < between.End() && typeid.Builtin(c.Info, call.Node().(*ast.CallExpr)) == "" {
			return true
		}
	}
	return false
}

// captured reports whether a function literal within the variable's own
// function uses it.
func captured(c *hotsite.Checker, v *types.Var, def inspector.Cursor) bool {
	for _, use := range c.Uses().Of(v) {
		if varuse.Func(use) != varuse.Func(def) {
			return true
		}
	}
	return false
}

func unsigned(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsUnsigned != 0
}

func isLen(c *hotsite.Checker, e ast.Expr) bool {
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	return ok && typeid.Builtin(c.Info, call) == "len"
}

// A span is the source between two places.
type span struct{ from, to token.Pos }

// Pos returns where the span begins.
func (s span) Pos() token.Pos { return s.from }

// End returns where the span ends.
func (s span) End() token.Pos { return s.to }

// nilUnseen reports whether no use of v can tell a nil slice or map from an
// empty one: it is not handed to anyone who might look.
func nilUnseen(c *hotsite.Checker, v *types.Var) bool {
	for _, use := range c.Uses().Of(v) {
		cur := use
		for cur.ParentEdgeKind() == edge.ParenExpr_X {
			cur = cur.Parent()
		}
		switch cur.ParentEdgeKind() {
		case edge.AssignStmt_Lhs, edge.IndexExpr_X, edge.RangeStmt_X:
		case edge.CallExpr_Args:
			if !blindToNil(c, cur.Parent().Node().(*ast.CallExpr), cur.ParentEdgeIndex()) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// blindToNil reports whether call treats a nil argument as it does an empty
// one.
func blindToNil(c *hotsite.Checker, call *ast.CallExpr, arg int) bool {
	switch typeid.Builtin(c.Info, call) {
	case "append":
		return arg == 0 || call.Ellipsis.IsValid()
	case "len", "cap", "copy", "clear", "delete":
		return true
	}
	fn := typeid.Callee(c.Info, call)
	return typeid.IsFunc(fn, "strings", "Join") || typeid.IsFunc(fn, "bytes", "Join") || typeid.IsFunc(fn, "sort") ||
		typeid.IsFunc(fn, "slices", "Sort", "SortFunc", "SortStableFunc", "Contains", "ContainsFunc", "Index", "IndexFunc", "Reverse", "Max", "Min")
}
