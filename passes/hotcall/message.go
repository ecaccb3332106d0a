package hotcall

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/heapvet/heapvet/passes/internal/hotsite"
	"github.com/heapvet/heapvet/passes/internal/typeid"
)

// repeats reports whether the message of l is made, whether or not the line
// is logged, of nothing but what its attributes hold as well:
//
//	l.Info(fmt.Sprintf("%s %s", method, path), "method", method, "path", path)
func (l logCall) repeats(c *hotsite.Checker) bool {
	told := make(map[string]bool)
	for _, arg := range l.args {
		ast.Inspect(arg, func(n ast.Node) bool {
			if e, ok := n.(ast.Expr); ok {
				told[types.ExprString(e)] = true
			}
			return true
		})
	}
	parts := varying(c, l.msg)
	for _, part := range parts {
		if !told[types.ExprString(part)] {
			return false
		}
	}
	return len(parts) > 0
}

// varying returns what a message is formatted or joined from, without
// constants.
func varying(c *hotsite.Checker, msg ast.Expr) (parts []ast.Expr) {
	switch e := ast.Unparen(msg).(type) {
	case *ast.BinaryExpr:
		if e.Op == token.ADD && c.Info.Types[e].Value == nil {
			return append(varying(c, e.X), varying(c, e.Y)...)
		}
	case *ast.CallExpr:
		fn := typeid.Callee(c.Info, e)
		if !typeid.IsFunc(fn, "fmt", "Sprintf", "Sprint", "Sprintln") {
			break
		}
		for _, arg := range e.Args {
			parts = append(parts, varying(c, arg)...)
		}
		return parts
	}
	if c.Info.Types[msg].Value != nil {
		return nil
	}
	return []ast.Expr{ast.Unparen(msg)}
}
