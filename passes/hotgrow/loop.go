package hotgrow

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/passes/internal/hotsite"
	"github.com/heapvet/heapvet/passes/internal/typeid"
	"github.com/heapvet/heapvet/passes/internal/varuse"
)

// A loop is a loop whose number of iterations is known before it begins.
type loop struct {
	cur    inspector.Cursor // *ast.RangeStmt or *ast.ForStmt
	bound  ast.Expr         // what is ranged over, or the number itself
	number bool             // bound is the number of iterations, not what has that length
	text   string           // Go source of that number: "len(xs)", "n"
	most   int64            // the number if it is constant, -1 otherwise
	keys   *types.Var       // the variable that is different in each iteration; nil if there is none
	value  *types.Var       // the variable that holds the element; nil if there is none
}

// small is the number of iterations up to which growing costs no more than
// an allocation or two, which gc's first small buffer may even save.
const small = 4

// loopAround returns the innermost loop around cur, in the same function,
// if its number of iterations is known and more than a few.
func loopAround(c *hotsite.Checker, cur inspector.Cursor) (l loop, ok bool) {
	for up := range cur.Enclosing((*ast.ForStmt)(nil), (*ast.RangeStmt)(nil), (*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
		switch n := up.Node().(type) {
		case *ast.RangeStmt:
			l, ok = rangeLoop(c, n)
		case *ast.ForStmt:
			l, ok = countingLoop(c, n)
		}
		l.cur = up
		return l, ok && (l.most < 0 || l.most > small)
	}
	return l, false
}

// rangeLoop tells how often the body of a range statement runs.
func rangeLoop(c *hotsite.Checker, n *ast.RangeStmt) (l loop, ok bool) {
	t := c.Info.TypeOf(n.X)
	if t == nil {
		return l, false
	}
	l = loop{bound: n.X, most: -1, text: "len(" + types.ExprString(n.X) + ")"}
	if n.Key != nil {
		l.keys = c.Uses().Local(n.Key)
	}
	if n.Value != nil {
		l.value = c.Uses().Local(n.Value)
	}
	switch u := typeid.Deref(t).Underlying().(type) {
	case *types.Slice, *types.Map:
		return l, pure(c, n.X)
	case *types.Array:
		l.most = u.Len()
		return l, pure(c, n.X)
	case *types.Basic:
		if u.Info()&types.IsInteger == 0 {
			return l, false // the characters of a string: fewer than its bytes
		}
		l.number, l.text = true, types.ExprString(n.X)
		l.most = constantInt(c, n.X)
		return l, pure(c, n.X)
	}
	return l, false
}

// countingLoop tells how often the body of "for i := 0; i < n; i++" runs.
func countingLoop(c *hotsite.Checker, n *ast.ForStmt) (l loop, ok bool) {
	init, ok := n.Init.(*ast.AssignStmt)
	if !ok || init.Tok != token.DEFINE || len(init.Lhs) != 1 || len(init.Rhs) != 1 || constantInt(c, init.Rhs[0]) != 0 {
		return l, false
	}
	cond, ok := n.Cond.(*ast.BinaryExpr)
	if !ok || cond.Op != token.LSS {
		return l, false
	}
	post, ok := n.Post.(*ast.IncDecStmt)
	i := c.Uses().Local(init.Lhs[0])
	if !ok || post.Tok != token.INC || i == nil || c.Uses().Local(post.X) != i || c.Uses().Local(cond.X) != i {
		return l, false
	}
	for _, use := range c.Uses().Of(i) {
		if u := c.Uses().Classify(use); u.Role != varuse.Read && use.Node().Pos() > n.Body.Pos() {
			return l, false // the body moves on by itself
		}
	}
	l = loop{bound: cond.Y, number: true, most: constantInt(c, cond.Y), text: types.ExprString(cond.Y), keys: i}
	return l, pure(c, cond.Y) && !changedIn(c, cond.Y, n)
}

// uncertain reports whether the number of iterations is a number from
// somewhere, such as one that was read from the input: to allocate so much
// at once may be worse than to grow.
func (l loop) uncertain(c *hotsite.Checker) bool {
	return l.number && l.most < 0 && !isLen(c, l.bound)
}

// constantInt returns the value of a constant integer, or -1.
func constantInt(c *hotsite.Checker, e ast.Expr) int64 {
	v := c.Info.Types[e].Value
	if v == nil {
		return -1
	}
	if n, ok := constant.Int64Val(constant.ToInt(v)); ok {
		return n
	}
	return -1
}

// pure reports whether e can be evaluated again before the loop: it is made
// of names, fields, len and constants.
func pure(c *hotsite.Checker, e ast.Expr) bool {
	if c.Info.Types[e].Value != nil {
		return true
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return true
	case *ast.SelectorExpr:
		return pure(c, e.X)
	case *ast.StarExpr:
		return pure(c, e.X)
	case *ast.BinaryExpr:
		return pure(c, e.X) && pure(c, e.Y)
	case *ast.IndexExpr:
		return pure(c, e.X) && pure(c, e.Index)
	case *ast.CallExpr:
		if b := typeid.Builtin(c.Info, e); b == "len" || b == "cap" || b == "min" {
			return pure(c, e.Args[0])
		}
		return c.Info.Types[e.Fun].IsType() && len(e.Args) == 1 && pure(c, e.Args[0])
	}
	return false
}

// changedIn reports whether a variable in e is assigned, or has its address
// taken, within outer.
func changedIn(c *hotsite.Checker, e ast.Expr, outer ast.Node) bool {
	changed := false
	ast.Inspect(e, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok {
			return !changed
		}
		v, ok := c.Info.Uses[id].(*types.Var)
		if !ok {
			return !changed
		}
		for _, use := range c.Uses().Of(v) {
			if use.Node().Pos() < outer.Pos() || outer.End() <= use.Node().Pos() {
				continue
			}
			at := use
			if v.IsField() && use.ParentEdgeKind() == edge.SelectorExpr_Sel {
				at = use.Parent()
			}
			if u := c.Uses().Classify(at); u.Role == varuse.Write || u.Role == varuse.Address {
				changed = true
			}
		}
		return !changed
	})
	return changed
}

// everyTime reports whether the statement around cur runs in each iteration
// of l: it stands in the loop's own block, and nothing before it goes on to
// the next iteration or leaves the loop, but for failures.
func everyTime(c *hotsite.Checker, cur inspector.Cursor, l loop) bool {
	body := bodyOf(l.cur.Node())
	stmt := cur
	for stmt.Parent().Node() != body {
		switch stmt.Parent().Node().(type) {
		case *ast.AssignStmt, *ast.ExprStmt, *ast.ParenExpr, *ast.CallExpr, *ast.SelectorExpr, *ast.IndexExpr, *ast.DeclStmt, *ast.GenDecl, *ast.ValueSpec, *ast.LabeledStmt, *ast.BlockStmt:
			stmt = stmt.Parent()
		default:
			return false // in a branch
		}
	}
	return !leaves(c, l.cur, body)
}

// leaves reports whether a statement of the loop at cur may end it, or one
// of its iterations, early. Failures do not count.
func leaves(c *hotsite.Checker, cur inspector.Cursor, body *ast.BlockStmt) bool {
	for stmt := range cur.Preorder((*ast.ReturnStmt)(nil), (*ast.BranchStmt)(nil)) {
		if !inside(stmt, cur.Node()) || c.Heat.At(stmt.Node()).Failure {
			continue
		}
		branch, ok := stmt.Node().(*ast.BranchStmt)
		if !ok || branch.Label != nil || branch.Tok == token.GOTO {
			return true
		}
		if branch.Tok == token.FALLTHROUGH {
			continue
		}
		if target(stmt, branch.Tok) == cur.Node() {
			return true
		}
	}
	return false
}

// inside reports whether the statement at cur is of the same function as
// outer, which is around it.
func inside(cur inspector.Cursor, outer ast.Node) bool {
	for up := range cur.Enclosing((*ast.FuncLit)(nil)) {
		if outer.Pos() <= up.Node().Pos() {
			return false
		}
	}
	return true
}

// target returns the statement that a break or continue at cur is about.
func target(cur inspector.Cursor, tok token.Token) ast.Node {
	for up := range cur.Enclosing((*ast.ForStmt)(nil), (*ast.RangeStmt)(nil), (*ast.SwitchStmt)(nil), (*ast.TypeSwitchStmt)(nil), (*ast.SelectStmt)(nil)) {
		switch n := up.Node().(type) {
		case *ast.ForStmt, *ast.RangeStmt:
			return n
		default:
			if tok == token.BREAK {
				return n
			}
		}
	}
	return nil
}

func bodyOf(n ast.Node) *ast.BlockStmt {
	switch n := n.(type) {
	case *ast.ForStmt:
		return n.Body
	case *ast.RangeStmt:
		return n.Body
	}
	return nil
}
