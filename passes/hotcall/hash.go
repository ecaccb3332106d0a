package hotcall

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/passes/internal/hotsite"
	"github.com/heapvet/heapvet/passes/internal/typeid"
)

// sumOf returns the function that does in one call what a hash made by fn
// does in three, or "".
func sumOf(fn *types.Func) string {
	switch {
	case typeid.IsFunc(fn, "crypto/md5", "New"):
		return "md5.Sum"
	case typeid.IsFunc(fn, "crypto/sha1", "New"):
		return "sha1.Sum"
	case typeid.IsFunc(fn, "crypto/sha256", "New"):
		return "sha256.Sum256"
	case typeid.IsFunc(fn, "crypto/sha256", "New224"):
		return "sha256.Sum224"
	case typeid.IsFunc(fn, "crypto/sha512", "New"):
		return "sha512.Sum512"
	case typeid.IsFunc(fn, "crypto/sha512", "New384"):
		return "sha512.Sum384"
	}
	return ""
}

// hashed looks for a hash of one text whose sum is not kept:
//
//	h := sha256.New()
//	h.Write(text)
//	key := hex.EncodeToString(h.Sum(nil)) // here
func hashed(c *hotsite.Checker, cur inspector.Cursor) {
	call := cur.Node().(*ast.CallExpr)
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok || sel.Sel.Name != "Sum" || len(call.Args) != 1 || !c.Info.Types[call.Args[0]].IsNil() {
		return
	}
	if finding, ok := sumUnkept(c, cur, call, sel.X); ok {
		c.Report(cur, finding)
		return
	}
	v := c.Uses().Local(sel.X)
	if v == nil || !passing(c, cur) {
		return
	}
	twin := madeForOne(c, v)
	if twin == "" {
		return
	}
	c.Report(cur, hotsite.Finding{
		Pos: call.Pos(), End: call.End(),
		Text:     c.Text(call) + " of one text makes a slice: use " + twin,
		Measured: 1,
		Bytes:    32,
	})
}

// madeForOne returns the function that does in one call what is done with
// the hash v, or "".
func madeForOne(c *hotsite.Checker, v *types.Var) string {
	def, ok := c.Uses().Def(v)
	if !ok || !typeid.IsNamed(v.Type(), "hash", "Hash") || def.ParentEdgeKind() != edge.AssignStmt_Lhs {
		return ""
	}
	stmt := def.Parent().Node().(*ast.AssignStmt)
	if len(stmt.Lhs) != len(stmt.Rhs) {
		return ""
	}
	_, maker := callOf(c, stmt.Rhs[def.ParentEdgeIndex()])
	if !writtenOnce(c, v) {
		return ""
	}
	return sumOf(maker)
}

// writtenOnce reports whether all that is done with the hash v is one Write
// and one Sum.
func writtenOnce(c *hotsite.Checker, v *types.Var) bool {
	writes := 0
	for _, use := range c.Uses().Of(v) {
		sel, ok := use.Parent().Node().(*ast.SelectorExpr)
		if !ok || c.Heat.At(use.Node()).Loop != c.Heat.At(defOf(c, v).Node()).Loop {
			return false
		}
		switch sel.Sel.Name {
		case "Write":
			writes++
		case "Sum":
		default:
			return false
		}
	}
	return writes == 1 && len(c.Uses().Of(v)) == 2
}

// passing reports whether the slice at cur is used where it is made, so
// that an array of a local variable would do: as an argument that is not
// kept, indexed or sliced, or converted to a string.
func passing(c *hotsite.Checker, cur inspector.Cursor) bool {
	cur = hotsite.Outer(cur)
	switch cur.ParentEdgeKind() {
	case edge.IndexExpr_X, edge.SliceExpr_X:
		return true
	case edge.CallExpr_Args:
		call := cur.Parent().Node().(*ast.CallExpr)
		fn := typeid.Callee(c.Info, call)
		if fn != nil && fn.Signature().Recv() != nil && typeid.IsMethod(fn, "encoding/base64", "Encoding", "EncodeToString") {
			return true
		}
		return !c.Keeps(call, cur.ParentEdgeIndex())
	}
	if v := assignee(c, cur); v != nil {
		for _, use := range c.Uses().Of(v) {
			if !passing(c, use) {
				return false
			}
		}
		return len(c.Uses().Of(v)) > 0
	}
	return false
}

// binaryIO looks for binary.Read and Write of one number, which they box:
// the byte order's own methods do not.
func binaryIO(c *hotsite.Checker, cur inspector.Cursor) {
	call := cur.Node().(*ast.CallExpr)
	fn := typeid.Callee(c.Info, call)
	if !typeid.IsFunc(fn, "encoding/binary", "Read", "Write") || len(call.Args) != 3 {
		return
	}
	t := c.Info.TypeOf(call.Args[2])
	if t == nil {
		return
	}
	edit := "append to a slice with its byte order's methods"
	allocs, bytes := int64(1), int64(8)
	if fn.Name() == "Read" {
		edit = "read bytes and decode them with its byte order's methods"
		allocs, bytes = 2, 56
	}
	text := "binary." + fn.Name() + " boxes a number: "
	advice := false
	switch u := typeid.Deref(t).Underlying().(type) {
	case *types.Basic:
		if u.Info()&types.IsNumeric == 0 || c.Info.Types[call.Args[2]].Value != nil {
			return
		}
	case *types.Struct:
		text, advice = "binary."+fn.Name()+" goes through a struct by reflection: ", true
	default:
		return
	}
	c.Report(cur, hotsite.Finding{
		Pos: call.Pos(), End: call.Lparen,
		Text:     text + edit,
		Measured: allocs,
		Bytes:    bytes,
		Advice:   advice,
	})
}
