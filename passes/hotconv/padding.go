package hotconv

import (
	"go/ast"
	"go/token"
	"go/types"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/passes/internal/hotsite"
	"github.com/heapvet/heapvet/passes/internal/typeid"
)

// paddedText looks for base64 texts that get their padding only to be
// decoded, although there are encodings without:
//
//	if l := len(s) % 4; l > 0 {
//		s += strings.Repeat("=", 4-l) // here
//	}
//	b, err := base64.URLEncoding.DecodeString(s)
//
// The test keeps texts apart that come with padding: those that do not are
// decoded by base64.RawURLEncoding with the same outcome.
func paddedText(c *hotsite.Checker, cur inspector.Cursor) {
	stmt := cur.Node().(*ast.AssignStmt)
	v := padded(c, stmt)
	if v == nil || !underRemainder(cur) {
		return
	}
	encoding := ""
	for _, use := range c.Uses().Of(v) {
		switch up := use.Parent().Node().(type) {
		case *ast.AssignStmt:
			if up != stmt && up.Pos() < stmt.Pos() && padded(c, up) == v {
				return // the first stands for all
			}
			if up.Pos() > stmt.Pos() && padded(c, up) != v {
				return
			}
		case *ast.CallExpr:
			name := paddedEncoding(c, up)
			if use.Node().Pos() > stmt.Pos() && name == "" && typeid.Builtin(c.Info, up) != "len" {
				return // it is wanted as it is
			}
			if name != "" {
				encoding = name
			}
		default:
			if use.Node().Pos() > stmt.Pos() {
				return
			}
		}
	}
	if encoding == "" {
		return
	}
	c.Report(cur, hotsite.Finding{
		Pos: stmt.Pos(), End: stmt.End(),
		Text:     "text " + strconv.Quote(v.Name()) + " is copied to pad it for base64." + encoding + ": decode it with base64.Raw" + encoding,
		Measured: 1,
	})
}

// padded returns the local variable that stmt appends padding to, or nil.
func padded(c *hotsite.Checker, stmt *ast.AssignStmt) *types.Var {
	if stmt.Tok != token.ADD_ASSIGN {
		return nil
	}
	text, ok := constantText(c.Info, stmt.Rhs[0])
	if call, isCall := ast.Unparen(stmt.Rhs[0]).(*ast.CallExpr); isCall && typeid.IsFunc(typeid.Callee(c.Info, call), "strings", "Repeat") {
		text, ok = constantText(c.Info, call.Args[0])
	}
	if !ok || text == "" || strings.Trim(text, "=") != "" {
		return nil
	}
	return c.Uses().Local(stmt.Lhs[0])
}

// underRemainder reports whether the statement at cur runs under a condition
// with a remainder in it.
func underRemainder(cur inspector.Cursor) bool {
	for up := range cur.Enclosing((*ast.IfStmt)(nil), (*ast.SwitchStmt)(nil), (*ast.ForStmt)(nil), (*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
		var cond []ast.Node
		switch n := up.Node().(type) {
		case *ast.IfStmt:
			cond = []ast.Node{n.Init, n.Cond}
		case *ast.SwitchStmt:
			cond = []ast.Node{n.Init, n.Tag}
		case *ast.ForStmt:
			cond = []ast.Node{n.Cond}
		default:
			return false
		}
		for _, n := range cond {
			if hasRemainder(n) {
				return true
			}
		}
	}
	return false
}

func hasRemainder(n ast.Node) bool {
	found := false
	if n == nil {
		return false
	}
	ast.Inspect(n, func(n ast.Node) bool {
		if e, ok := n.(*ast.BinaryExpr); ok && e.Op == token.REM {
			found = true
		}
		return !found
	})
	return found
}

// paddedEncoding returns the name of the encoding that call decodes a text
// with, if that is one of package base64 that has padding, or "".
func paddedEncoding(c *hotsite.Checker, call *ast.CallExpr) string {
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok || !typeid.IsMethod(typeid.Callee(c.Info, call), "encoding/base64", "Encoding", "DecodeString") {
		return ""
	}
	from, ok := ast.Unparen(sel.X).(*ast.SelectorExpr)
	if !ok {
		return ""
	}
	v, ok := c.Info.Uses[from.Sel].(*types.Var)
	if !ok || v.Pkg() == nil || v.Pkg().Path() != "encoding/base64" || strings.HasPrefix(v.Name(), "Raw") {
		return ""
	}
	return v.Name()
}

// textBack looks for bytes that a function of this package converts from a
// string, and that become a string again:
//
//	b, err := level.MarshalText() // return []byte("info"), nil
//	return string(b)              // here
func textBack(c *hotsite.Checker, cur inspector.Cursor) {
	conv := conversion(c.Info, cur.Node().(*ast.CallExpr))
	if conv == nil || !typeid.IsString(c.Info.TypeOf(conv)) {
		return
	}
	call, result := source(c, conv.Args[0])
	if call == nil {
		return
	}
	fn := typeid.Callee(c.Info, call)
	if fn == nil || fn.Pkg() != c.Pass.Pkg || !convertsTexts(c, fn, result) {
		return
	}
	c.Report(cur, hotsite.Finding{
		Pos: conv.Pos(), End: conv.End(),
		Text:     c.Text(conv) + " converts back what " + typeid.Name(fn, c.Pass.Pkg) + " converts from a string: take the string from a function of its own",
		Measured: 2, // the bytes, and the text
	})
}

// source returns the call that makes e, and which of its results that is: e
// itself, or the value of a variable that is used nowhere else.
func source(c *hotsite.Checker, e ast.Expr) (call *ast.CallExpr, result int) {
	if call, ok := ast.Unparen(e).(*ast.CallExpr); ok {
		return call, 0
	}
	v := c.Uses().Local(e)
	if v == nil || len(c.Uses().Of(v)) != 1 {
		return nil, 0
	}
	def, ok := c.Uses().Def(v)
	if !ok || def.ParentEdgeKind() != edge.AssignStmt_Lhs {
		return nil, 0
	}
	stmt := def.Parent().Node().(*ast.AssignStmt)
	result = def.ParentEdgeIndex()
	if len(stmt.Lhs) == len(stmt.Rhs) {
		call, _ = ast.Unparen(stmt.Rhs[result]).(*ast.CallExpr)
		return call, 0
	}
	call, _ = ast.Unparen(stmt.Rhs[0]).(*ast.CallExpr)
	return call, result
}

// convertsTexts reports whether the given result of fn is a string that it
// converts, or nil, whichever way it returns.
func convertsTexts(c *hotsite.Checker, fn *types.Func, result int) bool {
	def, ok := c.Uses().Def(fn)
	if !ok {
		return false
	}
	converts := false
	for ret := range def.Parent().Preorder((*ast.ReturnStmt)(nil)) {
		if ofLiteral(ret, def.Parent()) {
			continue
		}
		results := ret.Node().(*ast.ReturnStmt).Results
		if len(results) != fn.Signature().Results().Len() {
			return false
		}
		if c.Info.Types[results[result]].IsNil() {
			continue
		}
		if conversion(c.Info, results[result]) == nil {
			return false
		}
		converts = true
	}
	return converts
}

// ofLiteral reports whether the statement at cur is of a function literal
// in the function at fn.
func ofLiteral(cur, fn inspector.Cursor) bool {
	for up := range cur.Enclosing((*ast.FuncLit)(nil)) {
		return fn.Contains(up)
	}
	return false
}
