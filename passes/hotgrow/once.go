package hotgrow

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strconv"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/passes/gcfacts"
	"github.com/heapvet/heapvet/passes/internal/edit"
	"github.com/heapvet/heapvet/passes/internal/hotsite"
	"github.com/heapvet/heapvet/passes/internal/typeid"
)

// extended looks for a small slice that is made only to be the beginning of
// a large one:
//
//	args := []any{query}
//	args = append(args, values...) // here
func extended(c *hotsite.Checker, cur inspector.Cursor) {
	call := cur.Node().(*ast.CallExpr)
	if typeid.Builtin(c.Info, call) != "append" || len(call.Args) != 2 || !call.Ellipsis.IsValid() {
		return
	}
	v := c.Uses().Local(call.Args[0])
	if v == nil || !assignedTo(c, cur, slot{v: v}) || !isSlice(c, call.Args[1]) {
		return
	}
	lit, def := beginsAs(c, v)
	stmt := cur.Parent()
	if lit == nil || def.ParentEdgeKind() != edge.BlockStmt_List || stmt.Parent() != def.Parent() || !nextUse(c, v, stmt) {
		return
	}
	if grows := c.GC.At(call, gcfacts.Append); grows.Verdict != gcfacts.Heap && grows.Verdict != gcfacts.NoData {
		return // a small result may stay on the stack
	}
	n := len(lit.Elts)
	c.Report(cur, hotsite.Finding{
		Pos: call.Pos(), End: call.Lparen,
		Text: fmt.Sprintf("slice %s is made for %d and grows at once: make it with capacity %d+len(%s)",
			strconv.Quote(v.Name()), n, n, c.Text(call.Args[1])),
		Site:  c.GC.At(lit, gcfacts.SliceLit),
		Bytes: int64(n) * c.Size(elem(c.Info.TypeOf(lit))),
		Fixes: concatenatedAtOnce(c, lit, def, stmt),
	})
}

// beginsAs returns the literal with elements that v is declared with, and
// the statement, or nil.
func beginsAs(c *hotsite.Checker, v *types.Var) (lit *ast.CompositeLit, stmt inspector.Cursor) {
	def, ok := c.Uses().Def(v)
	if !ok || def.ParentEdgeKind() != edge.AssignStmt_Lhs {
		return nil, def
	}
	assign := def.Parent().Node().(*ast.AssignStmt)
	if len(assign.Lhs) != 1 || len(assign.Rhs) != 1 {
		return nil, def
	}
	lit, _ = ast.Unparen(assign.Rhs[0]).(*ast.CompositeLit)
	if lit == nil || len(lit.Elts) == 0 || lit.Type == nil || !isSlice(c, lit) {
		return nil, def
	}
	return lit, def.Parent()
}

// nextUse reports whether the first two uses of v are those in the statement
// at cur, "v = append(v, ...)", and it has no other there.
func nextUse(c *hotsite.Checker, v *types.Var, cur inspector.Cursor) bool {
	n := 0
	for _, use := range c.Uses().Of(v) {
		switch {
		case use.Node().Pos() < cur.Node().Pos():
			return false
		case cur.Contains(use):
			n++
		}
	}
	return n == 2
}

// concatenatedAtOnce makes one statement of two that follow each other.
func concatenatedAtOnce(c *hotsite.Checker, lit *ast.CompositeLit, def, stmt inspector.Cursor) []analysis.SuggestedFix {
	next, ok := def.NextSibling()
	call := ast.Unparen(stmt.Node().(*ast.AssignStmt).Rhs[0]).(*ast.CallExpr)
	if !ok || next != stmt || !types.Identical(c.Info.TypeOf(call.Args[1]), c.Info.TypeOf(lit)) || !edit.Since(c.Pass, call, "go1.22") {
		return nil
	}
	f := edit.New(c.Pass, call)
	text := f.Import("slices", call.Pos()) + ".Concat(" + f.Text(lit) + ", " + f.Text(call.Args[1]) + ")"
	f.Replace(lit.Pos(), stmt.Node().End(), text)
	return f.Suggest("Use slices.Concat")
}

// slab looks for pointers to structs of which a loop makes one for each
// element of a slice that is there already: one slice of structs serves all.
//
//	for i := range records {
//		r := &Record{}
//		...
//		records[i] = r // here
//	}
func slab(c *hotsite.Checker, cur inspector.Cursor) {
	stmt := cur.Node().(*ast.AssignStmt)
	if stmt.Tok != token.ASSIGN || len(stmt.Lhs) != 1 || len(stmt.Rhs) != 1 {
		return
	}
	index, ok := ast.Unparen(stmt.Lhs[0]).(*ast.IndexExpr)
	if !ok || !isSlice(c, index.X) {
		return
	}
	l, ok := loopAround(c, cur)
	if !ok || l.keys == nil || c.Uses().Local(index.Index) != l.keys || !everyTime(c, cur, l) || l.uncertain(c) {
		return
	}
	made, site := newStruct(c, stmt.Rhs[0], l)
	if made == nil || !types.Identical(c.Info.TypeOf(made), elem(c.Info.TypeOf(index.X))) {
		return // also a slice of interfaces
	}
	t := typeid.Deref(c.Info.TypeOf(made))
	c.Report(cur, hotsite.Finding{
		Pos: made.Pos(), End: made.End(),
		Text: "each " + typeName(t, c.Pass.Pkg) + " in " + strconv.Quote(types.ExprString(index.X)) +
			" is an allocation of its own: point into one slice of " + l.text,
		Site:   site,
		Bytes:  c.Size(t),
		Advice: true, // as long as one of them is used, all are kept
	})
}

func typeName(t types.Type, pkg *types.Package) string {
	return types.TypeString(t, func(p *types.Package) string {
		if p == pkg {
			return ""
		}
		return p.Name()
	})
}

// newStruct returns the expression &T{...} or new(T) that e is, or that the
// variable e is declared with in the block of l's body, and gc's word on it.
func newStruct(c *hotsite.Checker, e ast.Expr, l loop) (made ast.Expr, site gcfacts.Site) {
	if v := c.Uses().Local(e); v != nil {
		def, ok := c.Uses().Def(v)
		if !ok || def.ParentEdgeKind() != edge.AssignStmt_Lhs || def.Parent().Parent().Node() != bodyOf(l.cur.Node()) || reassigned(c, v) {
			return nil, site
		}
		stmt := def.Parent().Node().(*ast.AssignStmt)
		if len(stmt.Lhs) != 1 || len(stmt.Rhs) != 1 {
			return nil, site
		}
		e = stmt.Rhs[0]
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.UnaryExpr:
		if lit, ok := ast.Unparen(e.X).(*ast.CompositeLit); ok && e.Op == token.AND {
			return e, c.GC.At(lit, gcfacts.PtrLit)
		}
	case *ast.CallExpr:
		if typeid.Builtin(c.Info, e) == "new" {
			return e, c.GC.At(e, gcfacts.NewCall)
		}
	}
	return nil, site
}
