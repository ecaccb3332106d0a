package hotsite

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/passes/gcfacts"
	"github.com/heapvet/heapvet/passes/internal/typeid"
	"github.com/heapvet/heapvet/passes/internal/varuse"
)

// Declared returns the function that decl declares, or nil in ill-typed code.
func (c *Checker) Declared(decl *ast.FuncDecl) *types.Func {
	fn, _ := c.Info.Defs[decl.Name].(*types.Func)
	return fn
}

// Calls returns the calls of fn in this package if fn is used in no other
// way, nil otherwise.
func (c *Checker) Calls(fn *types.Func) []inspector.Cursor {
	if c.Uses().Dynamic(fn) {
		return nil
	}
	var calls []inspector.Cursor
	for _, cur := range c.Uses().Of(fn) {
		call, ok := Called(cur)
		if !ok {
			return nil // a function value: anyone may call it
		}
		calls = append(calls, call)
	}
	return calls
}

// Called returns the call whose callee is named by the identifier at cur.
func Called(cur inspector.Cursor) (call inspector.Cursor, ok bool) {
	for {
		switch cur.ParentEdgeKind() {
		case edge.SelectorExpr_Sel, edge.ParenExpr_X, edge.IndexExpr_X, edge.IndexListExpr_X:
			cur = cur.Parent()
		case edge.CallExpr_Fun:
			return cur.Parent(), true
		default:
			return cur, false
		}
	}
}

// Param returns the parameter of fn that receives argument i of a call, the
// variadic one for every argument from its place on.
func Param(fn *types.Func, i int) *types.Var {
	params := fn.Signature().Params()
	if i >= params.Len() && fn.Signature().Variadic() {
		i = params.Len() - 1
	}
	if i < 0 || i >= params.Len() {
		return nil
	}
	return params.At(i)
}

// Keeps reports whether the callee of call may keep its argument i, a
// pointer or slice, beyond the call: false only if that is known.
func (c *Checker) Keeps(call *ast.CallExpr, i int) bool {
	switch typeid.Builtin(c.Info, call) {
	case "copy", "len", "cap", "clear", "min", "max":
		return false
	case "append":
		return i == 0 || !call.Ellipsis.IsValid() // append(s, x...) copies the elements of x
	}
	if tv, ok := c.Info.Types[call.Fun]; ok && tv.IsType() {
		t := c.Info.TypeOf(call)
		return !typeid.IsString(t) // string(buf[:n]) copies
	}
	fn := typeid.Callee(c.Info, call)
	if fn == nil {
		return true
	}
	if fn.Pkg() == c.Pass.Pkg {
		return isInterfaceMethod(fn) || c.leaks(Param(fn, i))
	}
	return !copiesBytes(fn)
}

// leaks reports whether the value of param, a parameter in this package,
// may outlive the call: false only if gc says so.
func (c *Checker) leaks(param *types.Var) bool {
	if param == nil {
		return true
	}
	leak, leaks := c.GC.Leak(param)
	if !leaks {
		return c.GC.NoData() != ""
	}
	return leak.Heap == 0 || len(leak.Results) > 0
}

// KeepsReceiver is like [Checker.Keeps] for the receiver of a method called
// with the address of a variable.
func (c *Checker) KeepsReceiver(fn *types.Func) bool {
	if fn.Pkg() != c.Pass.Pkg {
		return !buffer(typeid.Deref(fn.Signature().Recv().Type()))
	}
	return isInterfaceMethod(fn) || c.leaks(fn.Signature().Recv())
}

// buffer reports whether t is one of the standard library's buffers, whose
// methods keep no pointer to their receiver.
func buffer(t types.Type) bool {
	return typeid.IsNamed(t, "bytes", "Buffer") || typeid.IsNamed(t, "strings", "Builder")
}

// copiesBytes reports whether fn, of another package, is known to keep none
// of the slices it is handed.
func copiesBytes(fn *types.Func) bool {
	if fn.Pkg() == nil || isInterfaceMethod(fn) {
		return false
	}
	switch fn.Pkg().Path() {
	case "encoding/binary":
		// Read and Write convert to interfaces; the rest reads and writes bytes.
		return fn.Name() != "Read" && fn.Name() != "Write"
	case "unicode/utf8", "unicode/utf16", "encoding/hex", "encoding/base64", "crypto/subtle", "hash/crc32", "hash/crc64":
		return fn.Name() != "NewEncoder" && fn.Name() != "NewDecoder" && fn.Name() != "Dumper"
	case "bytes":
		results := fn.Signature().Results()
		return results.Len() == 1 && isBasic(results.At(0).Type())
	}
	return false
}

func isBasic(t types.Type) bool {
	_, ok := t.Underlying().(*types.Basic)
	return ok
}

func isInterfaceMethod(fn *types.Func) bool {
	recv := fn.Signature().Recv()
	return recv != nil && types.IsInterface(recv.Type())
}

// Stays reports whether the use u of a variable lets its address go no
// further than calls that do not keep it.
func (c *Checker) Stays(u varuse.Use) bool {
	switch u.Role {
	case varuse.Read, varuse.Write:
		return true
	case varuse.Call:
		sel := u.Expr.Node().(*ast.SelectorExpr)
		fn, ok := c.Info.Uses[sel.Sel].(*types.Func)
		_, isCall := Called(u.Expr)
		return ok && isCall && !c.KeepsReceiver(fn.Origin())
	}
	cur := u.Expr
	for cur.ParentEdgeKind() == edge.ParenExpr_X {
		cur = cur.Parent()
	}
	switch cur.ParentEdgeKind() {
	case edge.CallExpr_Args:
		return !c.Keeps(cur.Parent().Node().(*ast.CallExpr), cur.ParentEdgeIndex())
	case edge.StarExpr_X, edge.IndexExpr_X, edge.RangeStmt_X:
		return true // *&v, v[:][i], range v[:]
	case edge.BinaryExpr_X, edge.BinaryExpr_Y:
		op := cur.Parent().Node().(*ast.BinaryExpr).Op
		return op == token.EQL || op == token.NEQ
	}
	return false
}

// Moved returns the compiler's verdict on the local variable v.
func (c *Checker) Moved(v *types.Var) (site gcfacts.Site, decl inspector.Cursor) {
	decl, ok := c.Uses().Def(v)
	if !ok {
		return gcfacts.Site{Verdict: gcfacts.NotReported}, decl
	}
	return c.GC.At(decl.Node(), gcfacts.Moved), decl
}
