package hotinit

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/passes/gcfacts"
	"github.com/heapvet/heapvet/passes/internal/hotsite"
	"github.com/heapvet/heapvet/passes/internal/typeid"
)

// fixedText looks for texts that are joined or formatted anew although
// nothing in them ever changes:
//
//	return fmt.Sprintf("client/%s (%s)", version, runtime.Version()) // here
func (k *checker) fixedText(c *hotsite.Checker, cur inspector.Cursor) {
	e := cur.Node().(ast.Expr)
	finding := hotsite.Finding{Pos: e.Pos(), End: e.End()}
	if call, ok := e.(*ast.CallExpr); ok {
		if !typeid.IsFunc(typeid.Callee(c.Info, call), "fmt", "Sprintf", "Sprint") || call.Ellipsis.IsValid() {
			return
		}
		finding.End, finding.Measured = call.Lparen, 1 // the text; what is boxed besides depends
	} else {
		if tv := c.Info.Types[e]; tv.Value != nil || tv.Type == nil || !typeid.IsString(tv.Type) {
			return // a number, or made by the compiler
		}
		finding.Site, finding.Sized = c.GC.At(e, gcfacts.Concat), true
	}
	if !neverChanges(c, e) || inSum(cur) || stored(c, cur) || !c.Hot(e) {
		return
	}
	finding.Text = "text " + c.Text(e) + " is the same on every call: build it once, in a package variable"
	finding.Fixes = k.packageVariable(c, cur, "Text")
	c.Report(cur, finding)
}

// neverChanges reports whether e, of a basic type, has one value as long as
// the process runs: it is made of constants, unexported package variables
// that nothing assigns, and the version of Go.
func neverChanges(c *hotsite.Checker, e ast.Expr) bool {
	tv := c.Info.Types[e]
	if tv.Value != nil {
		return true
	}
	if _, basic := types.Unalias(tv.Type).(*types.Basic); !basic {
		return false // it may format itself
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return fixed(c, e)
	case *ast.BinaryExpr:
		return e.Op == token.ADD && neverChanges(c, e.X) && neverChanges(c, e.Y)
	case *ast.CallExpr:
		fn := typeid.Callee(c.Info, e)
		if typeid.IsFunc(fn, "runtime", "Version") {
			return true
		}
		return (typeid.IsFunc(fn, "fmt", "Sprintf", "Sprint") || typeid.IsFunc(fn, "strconv")) &&
			!slices.ContainsFunc(e.Args, func(arg ast.Expr) bool { return !neverChanges(c, arg) })
	}
	return false
}

// inSum reports whether the text at cur is an operand of a concatenation.
func inSum(cur inspector.Cursor) bool {
	up := hotsite.Outer(cur).Parent()
	if sum, ok := up.Node().(*ast.BinaryExpr); ok {
		return sum.Op == token.ADD
	}
	assign, ok := up.Node().(*ast.AssignStmt)
	return ok && assign.Tok == token.ADD_ASSIGN
}

// constantTable looks for maps of constants that are built to look something
// up in them, and have so many entries that gc builds them on the heap.
func (k *checker) constantTable(c *hotsite.Checker, cur inspector.Cursor) {
	const onStack = 8
	lit := cur.Node().(*ast.CompositeLit)
	t, ok := c.Info.TypeOf(lit).Underlying().(*types.Map)
	if !ok || len(lit.Elts) <= onStack || !isFlat(t.Key()) || !isFlat(t.Elem()) || !onlyLookedUp(c, cur) || !c.Hot(lit) {
		return
	}
	for _, e := range lit.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); !ok || !fixed(c, kv.Key) || !fixed(c, kv.Value) {
			return
		}
	}
	c.Report(cur, hotsite.Finding{
		Pos: lit.Pos(), End: lit.Lbrace,
		Text:     fmt.Sprintf("map of %d constants is built on every call: keep it in a package variable, or use a switch", len(lit.Elts)),
		Measured: 3,
		Fixes:    k.packageVariable(c, cur, "Table"),
	})
}

// isFlat reports whether a value of type t holds nothing that can be changed
// through it.
func isFlat(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Basic, *types.Signature:
		return true
	case *types.Array:
		return isFlat(u.Elem())
	case *types.Struct:
		for f := range u.Fields() {
			if !isFlat(f.Type()) {
				return false
			}
		}
		return true
	}
	return false
}

// onlyLookedUp reports whether the map at cur is only read: at once, or as
// the value of a variable.
func onlyLookedUp(c *hotsite.Checker, cur inspector.Cursor) bool {
	v, kept := target(c, cur)
	if v == nil {
		return !kept && isRead(c, hotsite.Outer(cur))
	}
	return !slices.ContainsFunc(c.Uses().Of(v), func(use inspector.Cursor) bool { return !isRead(c, hotsite.Outer(use)) })
}

func isRead(c *hotsite.Checker, cur inspector.Cursor) bool {
	switch cur.ParentEdgeKind() {
	case edge.IndexExpr_X:
		up := cur.Parent()
		unary, isUnary := up.Parent().Node().(*ast.UnaryExpr)
		return !elementAssigned(up) && !(isUnary && unary.Op == token.AND)
	case edge.RangeStmt_X:
		return true
	case edge.CallExpr_Args:
		return typeid.Builtin(c.Info, cur.Parent().Node().(*ast.CallExpr)) == "len"
	}
	return false
}
