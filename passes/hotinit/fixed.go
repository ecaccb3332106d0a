package hotinit

import (
	"go/ast"
	"go/types"

	"github.com/heapvet/heapvet/passes/internal/hotsite"
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
		fn, ok := c.Info.Uses[e.Sel].(*types.Func)
		return ok && fn.Signature().Recv() == nil
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

func fixedObject(c *hotsite.Checker, obj types.Object) bool {
	switch obj := obj.(type) {
	case *types.Func:
		return true
	case *types.Var:
		return obj.Parent() == c.Pass.Pkg.Scope() && !obj.Exported() && !changed(c, obj)
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
