package hotcall

import (
	"go/ast"
	"go/token"
	"go/types"
	"strconv"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/passes/internal/edit"
	"github.com/heapvet/heapvet/passes/internal/hotsite"
	"github.com/heapvet/heapvet/passes/internal/typeid"
	"github.com/heapvet/heapvet/passes/internal/varuse"
)

// errorsAs looks for the target of errors.As, a local variable that its
// address moves to the heap. errors.AsType, since Go 1.26, needs none.
func errorsAs(c *hotsite.Checker, cur inspector.Cursor) {
	call := cur.Node().(*ast.CallExpr)
	if !typeid.IsFunc(typeid.Callee(c.Info, call), "errors", "As") || len(call.Args) != 2 {
		return
	}
	addr, ok := ast.Unparen(call.Args[1]).(*ast.UnaryExpr)
	if !ok || addr.Op != token.AND {
		return
	}
	v := c.Uses().Local(addr.X)
	if v == nil || otherwiseMoved(c, v, addr) {
		return
	}
	site, _ := c.Moved(v)
	finding := hotsite.Finding{
		Pos: call.Pos(), End: call.Lparen,
		Text:  "errors.As moves its target " + strconv.Quote(v.Name()) + " to the heap: ",
		Site:  site,
		Bytes: c.Size(v.Type()),
	}
	if edit.Since(c.Pass, call, "go1.26") {
		finding.Text += "use errors.AsType"
		finding.Fixes = asType(c, cur, v)
	} else {
		finding.Text += "try a type assertion first, or errors.AsType of Go 1.26"
		finding.Advice = true
	}
	finding.Advice = finding.Advice || failed(c, cur)
	c.Report(cur, finding)
}

// failed reports whether the code at cur runs only if there is an error: it
// is behind a test that one is not nil.
func failed(c *hotsite.Checker, cur inspector.Cursor) bool {
	for up := range cur.Enclosing((*ast.IfStmt)(nil)) {
		stmt := up.Node().(*ast.IfStmt)
		if !within(cur.Node(), stmt.Body) {
			continue
		}
		found := false
		ast.Inspect(stmt.Cond, func(n ast.Node) bool {
			e, ok := n.(*ast.BinaryExpr)
			if ok && e.Op == token.NEQ && c.Info.Types[e.Y].IsNil() && typeid.IsError(c.Info.TypeOf(e.X)) {
				found = true
			}
			return !found
		})
		if found {
			return true
		}
	}
	return false
}

// otherwiseMoved reports whether a use of v other than addr may move it to
// the heap as well.
func otherwiseMoved(c *hotsite.Checker, v *types.Var, addr *ast.UnaryExpr) bool {
	for _, use := range c.Uses().Of(v) {
		u := c.Uses().Classify(use)
		if u.Role == varuse.Address && u.Expr.Node() != ast.Node(addr) || u.Func != varuse.Func(defOf(c, v)) {
			return true
		}
	}
	return false
}

func defOf(c *hotsite.Checker, v *types.Var) inspector.Cursor {
	def, _ := c.Uses().Def(v)
	return def
}

// asType writes "if v, ok := errors.AsType[T](err); ok" where the variable
// is declared for the if statement alone.
func asType(c *hotsite.Checker, cur inspector.Cursor, v *types.Var) []analysis.SuggestedFix {
	if cur.ParentEdgeKind() != edge.IfStmt_Cond {
		return nil
	}
	ifCur := cur.Parent()
	stmt := ifCur.Node().(*ast.IfStmt)
	spec, ok := defOf(c, v).Parent().Node().(*ast.ValueSpec)
	if !ok || stmt.Init != nil || len(spec.Names) != 1 || len(spec.Values) != 0 || spec.Type == nil {
		return nil
	}
	decl := defOf(c, v).Parent().Parent().Parent()
	if _, ok := decl.Node().(*ast.DeclStmt); !ok || decl.ParentEdgeKind() != edge.BlockStmt_List {
		return nil
	}
	next, ok := decl.NextSibling()
	if !ok || next != ifCur {
		return nil
	}
	used := false
	for _, use := range c.Uses().Of(v) {
		if !within(use.Node(), stmt) {
			return nil
		}
		used = used || !within(use.Node(), stmt.Cond)
	}
	name := v.Name()
	if !used {
		name = "_"
	}
	f := edit.New(c.Pass, stmt)
	if f.Taken("ok", stmt.Pos()) {
		return nil
	}
	call := cur.Node().(*ast.CallExpr)
	sel, isSel := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !isSel {
		return nil
	}
	f.Replace(decl.Node().Pos(), stmt.Pos(), "")
	f.Replace(call.Pos(), call.End(), name+", ok := "+f.Text(sel.X)+".AsType["+f.Text(spec.Type)+"]("+f.Text(call.Args[0])+"); ok")
	return f.Suggest("Use errors.AsType")
}
