package hotcall

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/passes/gcfacts"
	"github.com/heapvet/heapvet/passes/internal/hotsite"
	"github.com/heapvet/heapvet/passes/internal/typeid"
)

// sumUnkept looks at call, h.Sum(nil) of a hash of an interface type, whose
// result is a slice that is only copied or compared:
//
//	copy(t.key[:], h.Sum(nil))
//	bytes.Equal(h.Sum(nil), want)
//
// An array of a local variable does not help: through the interface it goes
// to the heap as well.
func sumUnkept(c *hotsite.Checker, cur inspector.Cursor, call *ast.CallExpr, h ast.Expr) (f hotsite.Finding, ok bool) {
	t := c.Info.TypeOf(h)
	outer, i := hotsite.Argument(cur)
	if t == nil || outer == nil || !types.IsInterface(t) || len(outer.Args) != 2 {
		return f, false
	}
	f = hotsite.Finding{Pos: call.Pos(), End: call.End(), Measured: 1}
	if typeid.Builtin(c.Info, outer) == "copy" && i == 1 && isHash(t) {
		dst, size := lastingArray(c, outer.Args[0])
		if v := c.Uses().Local(h); dst == nil || v != nil && madeForOne(c, v) != "" {
			return f, false
		}
		f.Text = c.Text(call) + " makes a slice to copy it: if all of it fits, pass " + c.Text(dst) + "[:0] to Sum"
		f.Bytes = size
		return f, true
	}
	if !typeid.IsFunc(typeid.Callee(c.Info, outer), "bytes", "Equal") {
		return f, false
	}
	for _, number := range [...]string{"64", "32"} {
		if typeid.IsNamed(t, "hash", "Hash"+number) {
			f.Text = c.Text(call) + " makes a slice to compare it: compare Sum" + number + ", with the bytes read in the order of that hash"
			f.Bytes = 8
			return f, true
		}
	}
	return f, false
}

// isHash reports whether t is one of the interfaces of package hash.
func isHash(t types.Type) bool {
	return typeid.IsNamed(t, "hash", "Hash") || typeid.IsNamed(t, "hash", "Hash32") || typeid.IsNamed(t, "hash", "Hash64")
}

// lastingArray returns the array that e slices in full, and its size, if it
// is on the heap in any case and as large as a sum.
func lastingArray(c *hotsite.Checker, e ast.Expr) (array ast.Expr, size int64) {
	slice, ok := ast.Unparen(e).(*ast.SliceExpr)
	if !ok || slice.Low != nil || slice.High != nil {
		return nil, 0
	}
	t := c.Info.TypeOf(slice.X)
	if t == nil {
		return nil, 0
	}
	u, ok := typeid.Deref(t).Underlying().(*types.Array)
	if !ok || !types.Identical(u.Elem(), types.Typ[types.Byte]) || !lasts(c, slice.X) {
		return nil, 0
	}
	switch u.Len() {
	case 4, 8, 16, 20, 24, 28, 32, 48, 64:
		return slice.X, u.Len()
	}
	return nil, 0 // a part of a sum, or more
}

// lasts reports whether the memory of e, an array or a pointer to one, is on
// the heap in any case, or is a package's.
func lasts(c *hotsite.Checker, e ast.Expr) bool {
	e = ast.Unparen(e)
	t := c.Info.TypeOf(e)
	if t == nil {
		return false
	}
	switch t.Underlying().(type) {
	case *types.Pointer, *types.Slice:
		return true
	}
	switch e := e.(type) {
	case *ast.Ident:
		v := c.Uses().Local(e)
		if v == nil {
			return true
		}
		site, _ := c.Moved(v)
		return site.Verdict == gcfacts.Heap
	case *ast.SelectorExpr:
		if s, ok := c.Info.Selections[e]; ok {
			return s.Indirect() || lasts(c, e.X)
		}
		return true // a variable of another package
	case *ast.IndexExpr:
		return lasts(c, e.X)
	case *ast.StarExpr:
		return true
	}
	return false
}
