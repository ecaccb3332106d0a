package hotsite

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/passes/internal/typeid"
	"github.com/heapvet/heapvet/passes/internal/varuse"
)

// Addressed returns the local variable whose address e takes, with &v or
// with a slice of an array, or nil.
func (c *Checker) Addressed(e ast.Expr) *types.Var {
	switch e := ast.Unparen(e).(type) {
	case *ast.UnaryExpr:
		if e.Op == token.AND {
			return c.Uses().Local(e.X)
		}
	case *ast.SliceExpr:
		if v := c.Uses().Local(e.X); v != nil {
			if _, ok := v.Type().Underlying().(*types.Array); ok {
				return v
			}
		}
	}
	return nil
}

// Argument returns the call that the expression at cur is an argument of,
// and its place among the arguments; a nil call if it is none.
func Argument(cur inspector.Cursor) (call *ast.CallExpr, index int) {
	cur = Outer(cur)
	if cur.ParentEdgeKind() != edge.CallExpr_Args {
		return nil, 0
	}
	return cur.Parent().Node().(*ast.CallExpr), cur.ParentEdgeIndex()
}

// Fprint returns the function of package fmt that call prints to a writer
// with, or nil.
func (c *Checker) Fprint(call *ast.CallExpr) *types.Func {
	fn := typeid.Callee(c.Info, call)
	if !typeid.IsFunc(fn, "fmt", "Fprint", "Fprintf", "Fprintln") || call.Ellipsis.IsValid() {
		return nil
	}
	return fn
}

// MovedByFormat reports whether v is a local bytes.Buffer or strings.Builder
// whose only way to the heap is that fmt.Fprint* takes it as an io.Writer to
// write what its own methods can write: every other use is a method call.
func (c *Checker) MovedByFormat(v *types.Var) bool {
	def, ok := c.Uses().Def(v)
	if !ok || !buffer(v.Type()) {
		return false
	}
	formats := false
	for _, use := range c.Uses().Of(v) {
		u := c.Uses().Classify(use)
		if u.Func != varuse.Func(def) {
			return false // captured: that alone may move it
		}
		if u.Role != varuse.Address {
			if !c.Stays(u) {
				return false
			}
			continue
		}
		call, arg := Argument(u.Expr)
		if call == nil || arg != 0 || c.Fprint(call) == nil || !c.writable(call) {
			return false
		}
		formats = true
	}
	return formats
}

// writable reports whether the Write methods of a buffer, with strconv, can
// write what call prints without more allocations: texts, integers and
// booleans, not values that only fmt can format.
func (c *Checker) writable(call *ast.CallExpr) bool {
	for _, arg := range call.Args[1:] {
		t := c.Info.TypeOf(arg)
		if t == nil || !typeid.IsBytes(t) && !plainBasic(t) && !stringer(t) {
			return false
		}
	}
	if fn := typeid.Callee(c.Info, call); fn.Name() != "Fprintf" {
		return true
	}
	format := c.Info.Types[call.Args[1]].Value
	return format != nil && !strings.ContainsAny(format.ExactString(), "#*+")
}

// plainBasic reports whether t is a text, an integer or a boolean.
func plainBasic(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&(types.IsString|types.IsInteger|types.IsBoolean) != 0
}

// stringer reports whether t has a String or Error method.
func stringer(t types.Type) bool {
	return typeid.Method(t, "String") != nil || typeid.Method(t, "Error") != nil
}
