package hotcall

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/passes/internal/edit"
	"github.com/heapvet/heapvet/passes/internal/hotsite"
	"github.com/heapvet/heapvet/passes/internal/typeid"
)

// readAll looks for io.ReadAll of what nobody looks at, and, as advice, of a
// body whose length the other side usually tells.
func readAll(c *hotsite.Checker, cur inspector.Cursor) {
	call := cur.Node().(*ast.CallExpr)
	fn := typeid.Callee(c.Info, call)
	if !typeid.IsFunc(fn, "io", "ReadAll") && !typeid.IsFunc(fn, "io/ioutil", "ReadAll") || len(call.Args) != 1 {
		return
	}
	finding := hotsite.Finding{Pos: call.Pos(), End: call.Lparen, Measured: 13, Bytes: 35712} // of 14 KiB
	if fixes, ok := discarded(c, cur, call); ok {
		finding.Text = typeid.Name(fn, nil) + " keeps what nobody looks at: copy it to io.Discard"
		finding.Fixes = fixes
		c.Report(cur, finding)
		return
	}
	if body(c, call.Args[0]) {
		finding.Text = typeid.Name(fn, nil) + " grows with what it reads: read into a buffer of ContentLength bytes, up to a limit, or one from a pool"
		finding.Advice = true
		c.Report(cur, finding)
	}
}

// discarded reports whether the text that the call at cur reads is dropped.
func discarded(c *hotsite.Checker, cur inspector.Cursor, call *ast.CallExpr) (fixes []analysis.SuggestedFix, ok bool) {
	switch cur.ParentEdgeKind() {
	case edge.ExprStmt_X:
	case edge.AssignStmt_Rhs:
		first := cur.Parent().Node().(*ast.AssignStmt).Lhs[0]
		if v := c.Uses().Local(first); v != nil && !isBlank(first) {
			return nil, droppedVar(c, v)
		}
		if !isBlank(first) {
			return nil, false
		}
	default:
		return nil, false
	}
	f := edit.New(c.Pass, call)
	name := f.Import("io", call.Pos())
	f.Replace(call.Fun.Pos(), call.Fun.End(), name+".Copy")
	f.Insert(call.Args[0].Pos(), name+".Discard, ")
	return f.Suggest("Copy to io.Discard"), true
}

// droppedVar reports whether all uses of v are assignments to the blank
// identifier.
func droppedVar(c *hotsite.Checker, v *types.Var) bool {
	for _, use := range c.Uses().Of(v) {
		if use.ParentEdgeKind() != edge.AssignStmt_Rhs || !isBlank(use.Parent().Node().(*ast.AssignStmt).Lhs[0]) {
			return false
		}
	}
	return len(c.Uses().Of(v)) > 0
}

// body reports whether e is the Body of a request or response.
func body(c *hotsite.Checker, e ast.Expr) bool {
	sel, ok := ast.Unparen(e).(*ast.SelectorExpr)
	if !ok || sel.Sel.Name != "Body" {
		return false
	}
	t := typeid.Deref(c.Info.TypeOf(sel.X))
	return typeid.IsNamed(t, "net/http", "Request") || typeid.IsNamed(t, "net/http", "Response")
}

// scanner looks for a bufio.Scanner over a text that is in memory already:
// it copies the text through a buffer of 4 KiB.
func scanner(c *hotsite.Checker, cur inspector.Cursor) {
	call := cur.Node().(*ast.CallExpr)
	if !typeid.IsFunc(typeid.Callee(c.Info, call), "bufio", "NewScanner") || len(call.Args) != 1 || !edit.Since(c.Pass, call, "go1.24") {
		return
	}
	pkg, _ := memoryReader(c, call.Args[0])
	if pkg == "" {
		return
	}
	v := assignee(c, cur)
	if v == nil {
		return
	}
	twin := "Lines"
	for _, use := range c.Uses().Of(v) {
		sel, ok := use.Parent().Node().(*ast.SelectorExpr)
		if !ok {
			return // handed to others
		}
		if sel.Sel.Name == "Split" {
			twin = scans(c, use.Parent())
		}
	}
	if twin == "" {
		return
	}
	c.Report(cur, hotsite.Finding{
		Pos: call.Pos(), End: call.Lparen,
		Text:     "bufio.Scanner copies a text that is in memory: range over " + pkg + "." + twin,
		Measured: 2,
		Bytes:    4128,
	})
}

// scans returns what does the same as the scanner's split function, which
// is the argument of the call of the method at cur; "" if nothing does.
func scans(c *hotsite.Checker, cur inspector.Cursor) string {
	call, ok := cur.Parent().Node().(*ast.CallExpr)
	if !ok || len(call.Args) != 1 {
		return ""
	}
	sel, ok := ast.Unparen(call.Args[0]).(*ast.SelectorExpr)
	if !ok {
		return ""
	}
	fn, _ := c.Info.Uses[sel.Sel].(*types.Func)
	switch {
	case typeid.IsFunc(fn, "bufio", "ScanWords"):
		return "FieldsSeq"
	case typeid.IsFunc(fn, "bufio", "ScanLines"):
		return "Lines"
	}
	return ""
}

// memoryReader returns the package of the reader that e makes of a text,
// strings or bytes, and the text.
func memoryReader(c *hotsite.Checker, e ast.Expr) (pkg string, text ast.Expr) {
	call, fn := callOf(c, e)
	switch {
	case typeid.IsFunc(fn, "strings", "NewReader"):
		return "strings", call.Args[0]
	case typeid.IsFunc(fn, "bytes", "NewReader", "NewBuffer"):
		return "bytes", call.Args[0]
	}
	return "", nil
}

// decoder looks for a json.Decoder of bytes that are in memory, of which it
// decodes one value.
func decoder(c *hotsite.Checker, cur inspector.Cursor) {
	call := cur.Node().(*ast.CallExpr)
	if !typeid.IsFunc(typeid.Callee(c.Info, call), "encoding/json", "NewDecoder") || len(call.Args) != 1 {
		return
	}
	if pkg, _ := memoryReader(c, call.Args[0]); pkg != "bytes" || !decodesOnce(c, cur) {
		return
	}
	c.Report(cur, hotsite.Finding{
		Pos: call.Pos(), End: call.Lparen,
		Text:     "json.Decoder copies bytes that are in memory: use json.Unmarshal, which also refuses what follows the value",
		Measured: 4,
		Bytes:    760,
	})
}

// decodesOnce reports whether all that is done with the decoder made at cur
// is one call of Decode, in no loop of its own.
func decodesOnce(c *hotsite.Checker, cur inspector.Cursor) bool {
	use := hotsite.Outer(cur)
	if v := assignee(c, cur); v != nil {
		uses := c.Uses().Of(v)
		if len(uses) != 1 {
			return false
		}
		use = uses[0]
		if c.Heat.At(use.Node()).Loop != c.Heat.At(cur.Node()).Loop {
			return false
		}
	}
	sel, ok := use.Parent().Node().(*ast.SelectorExpr)
	return ok && use.ParentEdgeKind() == edge.SelectorExpr_X && sel.Sel.Name == "Decode"
}
