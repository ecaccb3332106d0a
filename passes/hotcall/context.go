package hotcall

import (
	"go/ast"
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

// incoming looks for metadata.FromIncomingContext, which copies all of an
// RPC's metadata, where one or two keys of it are read.
func incoming(c *hotsite.Checker, cur inspector.Cursor) {
	const path = "google.golang.org/grpc/metadata"
	call := cur.Node().(*ast.CallExpr)
	if !typeid.IsFunc(typeid.Callee(c.Info, call), path, "FromIncomingContext") || len(call.Args) != 1 || cur.ParentEdgeKind() != edge.AssignStmt_Rhs {
		return
	}
	stmt := cur.Parent().Node().(*ast.AssignStmt)
	md := assignee(c, cur)
	if md == nil || len(stmt.Lhs) != 2 || typeid.Callee(c.Info, call).Pkg().Scope().Lookup("ValueFromIncomingContext") == nil {
		return
	}
	uses := c.Uses().Of(md)
	const worthIt = 2 // keys; the function costs two allocations for each
	if len(uses) == 0 || len(uses) > worthIt {
		return
	}
	for _, use := range uses {
		if _, ok := keyRead(c, use); !ok {
			return
		}
	}
	c.Report(cur, hotsite.Finding{
		Pos: call.Pos(), End: call.Lparen,
		Text:     "metadata.FromIncomingContext copies all metadata to read " + strconv.Quote(md.Name()) + " by key: use metadata.ValueFromIncomingContext",
		Measured: 4, // with one key
		Fixes:    oneValue(c, cur, stmt, uses),
	})
}

// keyRead returns the key for which the metadata at use is read.
func keyRead(c *hotsite.Checker, use inspector.Cursor) (read inspector.Cursor, ok bool) {
	switch use.ParentEdgeKind() {
	case edge.IndexExpr_X:
		read = use.Parent()
		_, constant := constantText(c, read.Node().(*ast.IndexExpr).Index)
		return read, constant && read.ParentEdgeKind() != edge.AssignStmt_Lhs
	case edge.SelectorExpr_X:
		read, ok = hotsite.Called(mustSel(use))
		return read, ok && use.Parent().Node().(*ast.SelectorExpr).Sel.Name == "Get"
	}
	return use, false
}

// mustSel returns the selected name of the selector that use is the operand of.
func mustSel(use inspector.Cursor) inspector.Cursor {
	sel, ok := use.Parent().FindNode(use.Parent().Node().(*ast.SelectorExpr).Sel)
	if !ok {
		return use
	}
	return sel
}

// oneValue reads the one key from the context, where nobody asks whether
// there is metadata at all.
func oneValue(c *hotsite.Checker, cur inspector.Cursor, stmt *ast.AssignStmt, uses []inspector.Cursor) []analysis.SuggestedFix {
	if len(uses) != 1 || !isBlank(stmt.Lhs[1]) || cur.Parent().ParentEdgeKind() != edge.BlockStmt_List {
		return nil
	}
	call := cur.Node().(*ast.CallExpr)
	if !steady(c, call, cur) {
		return nil
	}
	read, _ := keyRead(c, uses[0])
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	f := edit.New(c.Pass, call)
	var key ast.Expr
	switch n := read.Node().(type) {
	case *ast.IndexExpr:
		key = n.Index
	case *ast.CallExpr:
		key = n.Args[0]
	}
	next, ok := cur.Parent().NextSibling()
	if !ok {
		return nil
	}
	f.Replace(stmt.Pos(), next.Node().Pos(), "")
	f.Replace(read.Node().Pos(), read.Node().End(), f.Text(sel.X)+".ValueFromIncomingContext("+f.Text(call.Args[0])+", "+f.Text(key)+")")
	return f.Suggest("Read the one value")
}

// contextValue looks for contexts that are made to carry an object from a
// pool, and for keys that are texts made at run time.
func contextValue(c *hotsite.Checker, cur inspector.Cursor) {
	call := cur.Node().(*ast.CallExpr)
	fn := typeid.Callee(c.Info, call)
	switch {
	case typeid.IsFunc(fn, "context", "WithValue") && len(call.Args) == 3:
		v := c.Uses().Local(call.Args[2])
		if v == nil || !pooled(c, v) {
			return
		}
		c.Report(cur, hotsite.Finding{
			Pos: call.Pos(), End: call.Lparen,
			Text: "context.WithValue makes a context on every call for " + strconv.Quote(v.Name()) +
				", which comes from a pool: let its type be the context",
			Measured: 1,
			Bytes:    48,
			Advice:   true,
		})
	case typeid.IsMethod(fn, "context", "Context", "Value") && len(call.Args) == 1:
		key := call.Args[0]
		t := c.Info.TypeOf(key)
		if t == nil || types.IsInterface(t) || !typeid.IsString(t) || c.Info.Types[key].Value != nil {
			return
		}
		c.Report(cur, hotsite.Finding{
			Pos: key.Pos(), End: key.End(),
			Text:   "context key " + c.Text(key) + " is a text that is boxed on every call: use a constant, or a struct type without fields",
			Site:   c.GC.At(key, gcfacts.Box),
			Bytes:  16,
			Advice: true,
		})
	}
}

// pooled reports whether v is assigned what a sync.Pool's Get returns.
func pooled(c *hotsite.Checker, v *types.Var) bool {
	stmts := c.Uses().Of(v)
	if def, ok := c.Uses().Def(v); ok {
		stmts = append([]inspector.Cursor{def}, stmts...)
	}
	for _, at := range stmts {
		if at.ParentEdgeKind() != edge.AssignStmt_Lhs {
			continue
		}
		stmt := at.Parent().Node().(*ast.AssignStmt)
		if len(stmt.Rhs) != 1 {
			continue
		}
		value := ast.Unparen(stmt.Rhs[0])
		if assert, ok := value.(*ast.TypeAssertExpr); ok {
			value = assert.X
		}
		if _, fn := callOf(c, value); typeid.IsMethod(fn, "sync", "Pool", "Get") {
			return true
		}
	}
	return false
}

// disabled looks for instruments that are handed options, from which they
// make a set of attributes, although they may be off, and can tell.
func disabled(c *hotsite.Checker, cur inspector.Cursor) {
	call := cur.Node().(*ast.CallExpr)
	fn := typeid.Callee(c.Info, call)
	if fn == nil || !fn.Signature().Variadic() || fn.Signature().Recv() == nil || receiver(call) == nil {
		return
	}
	params := fn.Signature().Params()
	if fn.Name() == "Enabled" || len(call.Args) < params.Len() || !asksContext(c.Info.TypeOf(receiver(call))) {
		return
	}
	if asks(c, cur) {
		return
	}
	c.Report(cur, hotsite.Finding{
		Pos: call.Pos(), End: call.Lparen,
		Text:     typeid.Name(fn, c.Pass.Pkg) + " takes its options apart even if it is off: ask Enabled first",
		Measured: 2,
		Advice:   true,
	})
}

// asksContext reports whether t has the method Enabled(context.Context) bool.
func asksContext(t types.Type) bool {
	m := typeid.Method(t, "Enabled")
	if m == nil {
		return false
	}
	sig := m.Signature()
	return sig.Params().Len() == 1 && typeid.IsNamed(sig.Params().At(0).Type(), "context", "Context")
}

// asks reports whether the function around cur calls a method Enabled.
func asks(c *hotsite.Checker, cur inspector.Cursor) bool {
	for fnCur := range cur.Enclosing((*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
		for call := range fnCur.Preorder((*ast.CallExpr)(nil)) {
			if fn := typeid.Callee(c.Info, call.Node().(*ast.CallExpr)); fn != nil && fn.Name() == "Enabled" {
				return true
			}
		}
	}
	return false
}
