package hotinit

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/passes/internal/hotsite"
	"github.com/heapvet/heapvet/passes/internal/typeid"
	"github.com/heapvet/heapvet/passes/internal/varuse"
)

// fixed reports whether e has the same value each time: it is made of
// constants, declared functions, and unexported package variables that
// nothing assigns.
func fixed(c *hotsite.Checker, e ast.Expr) bool {
	tv := c.Info.Types[e]
	if tv.Value != nil || tv.IsNil() || tv.IsType() {
		return true
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return fixedObject(c, c.Info.Uses[e])
	case *ast.SelectorExpr:
		switch obj := c.Info.Uses[e.Sel].(type) {
		case *types.Func:
			return obj.Signature().Recv() == nil
		case *types.Var:
			return ofStandardLibrary(obj)
		}
		return false
	case *ast.BinaryExpr:
		return fixed(c, e.X) && fixed(c, e.Y)
	case *ast.CompositeLit:
		for _, elt := range e.Elts {
			if kv, ok := elt.(*ast.KeyValueExpr); ok {
				elt = kv.Value
			}
			if !fixed(c, elt) {
				return false
			}
		}
		return true
	case *ast.CallExpr:
		return c.Info.Types[e.Fun].IsType() && len(e.Args) == 1 && fixed(c, e.Args[0])
	}
	return false
}

// ofStandardLibrary reports whether v is one of the variables of the
// standard library that by convention nobody assigns.
func ofStandardLibrary(v *types.Var) bool {
	if v.IsField() || v.Pkg() == nil {
		return false
	}
	switch v.Pkg().Path() + "." + v.Name() {
	case "os.Stdin", "os.Stdout", "os.Stderr", "io.Discard":
		return true
	}
	return false
}

func fixedObject(c *hotsite.Checker, obj types.Object) bool {
	switch obj := obj.(type) {
	case *types.Func:
		return true
	case *types.Var:
		return obj.Parent() == c.Pass.Pkg.Scope() && (!obj.Exported() || holdsFile(c, obj)) && !changed(c, obj)
	}
	return false
}

// holdsFile reports whether an embedded file is the value of v: though v may
// be exported, that is not for others to change.
func holdsFile(c *hotsite.Checker, v *types.Var) bool {
	def, ok := c.Uses().Def(v)
	if !ok {
		return false
	}
	for up := range def.Enclosing((*ast.GenDecl)(nil), (*ast.ValueSpec)(nil)) {
		doc := (*ast.CommentGroup)(nil)
		switch n := up.Node().(type) {
		case *ast.GenDecl:
			doc = n.Doc
		case *ast.ValueSpec:
			doc = n.Doc
		}
		if doc != nil && slices.ContainsFunc(doc.List, func(line *ast.Comment) bool { return strings.HasPrefix(line.Text, "//go:embed ") }) {
			return true
		}
	}
	return false
}

// changed reports whether the package may assign to v, or to what it holds.
func changed(c *hotsite.Checker, v *types.Var) bool {
	_, basic := v.Type().Underlying().(*types.Basic)
	for _, cur := range c.Uses().Of(v) {
		switch use := c.Uses().Classify(cur); {
		case use.Role != varuse.Read:
			return true
		case !basic && elementWritten(cur):
			return true
		}
	}
	return false
}

// given reports whether e depends on a parameter of the function around it,
// contexts and the receiver aside, so that it may be another for each
// request.
func given(c *hotsite.Checker, e ast.Expr) bool { return givenAt(c, e, 0) }

func givenAt(c *hotsite.Checker, e ast.Expr, depth int) bool {
	const maxDepth = 4
	found := depth > maxDepth
	ast.Inspect(e, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok || found {
			return !found
		}
		if v := c.Uses().Local(id); v != nil {
			found = givenVar(c, v, depth)
		}
		return !found
	})
	return found
}

// givenVar is like given for the local variable v.
func givenVar(c *hotsite.Checker, v *types.Var, depth int) bool {
	def, ok := c.Uses().Def(v)
	if !ok || typeid.IsNamed(v.Type(), "context", "Context") {
		return false
	}
	if field, ok := def.Parent().Node().(*ast.Field); ok {
		return !isReceiver(def, field)
	}
	for _, cur := range append([]inspector.Cursor{def}, c.Uses().Of(v)...) {
		assign, ok := cur.Parent().Node().(*ast.AssignStmt)
		if !ok || cur.ParentEdgeKind() != edge.AssignStmt_Lhs {
			continue
		}
		i := min(cur.ParentEdgeIndex(), len(assign.Rhs)-1)
		if givenAt(c, assign.Rhs[i], depth+1) {
			return true
		}
	}
	return false
}

// isReceiver reports whether the name at def is that of a method's receiver.
func isReceiver(def inspector.Cursor, field *ast.Field) bool {
	for up := range def.Enclosing((*ast.FuncDecl)(nil)) {
		recv := up.Node().(*ast.FuncDecl).Recv
		return recv != nil && len(recv.List) == 1 && recv.List[0] == field
	}
	return false
}
