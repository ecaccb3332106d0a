package hotcall

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/passes/gcfacts"
	"github.com/heapvet/heapvet/passes/internal/hotsite"
	"github.com/heapvet/heapvet/passes/internal/typeid"
)

// marshal looks for JSON that is made in memory only to be written. An
// Encoder ends it with a newline: advice.
func marshal(c *hotsite.Checker, cur inspector.Cursor) {
	call := cur.Node().(*ast.CallExpr)
	if !typeid.IsFunc(typeid.Callee(c.Info, call), "encoding/json", "Marshal") {
		return
	}
	v := assignee(c, cur)
	if v == nil {
		v = assigned(c, cur)
	}
	if v == nil {
		return
	}
	uses := c.Uses().Of(v)
	writes := 0
	for _, use := range uses {
		if use.ParentEdgeKind() == edge.AssignStmt_Lhs {
			continue
		}
		if !writesOut(c, use, 0) {
			return
		}
		writes++
	}
	if writes != 1 {
		return
	}
	c.Report(cur, hotsite.Finding{
		Pos: call.Pos(), End: call.Lparen,
		Text:     "json.Marshal makes a slice only to write it: use json.NewEncoder, which adds a newline",
		Measured: 1,
		Bytes:    80,
		Advice:   true,
	})
}

// assigned returns the local variable that gets the value at cur, declared
// before.
func assigned(c *hotsite.Checker, cur inspector.Cursor) *types.Var {
	if cur.ParentEdgeKind() != edge.AssignStmt_Rhs {
		return nil
	}
	return c.Uses().Local(cur.Parent().Node().(*ast.AssignStmt).Lhs[0])
}

// writesOut reports whether the bytes at use are written, by a Write method
// or a function of this package that does nothing else with them.
func writesOut(c *hotsite.Checker, use inspector.Cursor, depth int) bool {
	const maxDepth = 4
	if use.ParentEdgeKind() != edge.CallExpr_Args || depth > maxDepth {
		return false
	}
	call := use.Parent().Node().(*ast.CallExpr)
	fn := typeid.Callee(c.Info, call)
	if fn == nil {
		return false
	}
	if fn.Name() == "Write" && fn.Signature().Recv() != nil && len(call.Args) == 1 {
		return true
	}
	param := hotsite.Param(fn, use.ParentEdgeIndex())
	if fn.Pkg() != c.Pass.Pkg || param == nil || len(c.Uses().Of(param)) == 0 {
		return false
	}
	for _, inner := range c.Uses().Of(param) {
		if !writesOut(c, inner, depth+1) {
			return false
		}
	}
	return true
}

// copiedValue looks for a struct that is copied to the heap for a function
// which would as well take the pointer that it is read from:
// json.Marshal(*p).
func copiedValue(c *hotsite.Checker, cur inspector.Cursor) {
	call := cur.Node().(*ast.CallExpr)
	fn := typeid.Callee(c.Info, call)
	encodes := typeid.IsFunc(fn, "encoding/json", "Marshal", "MarshalIndent") || typeid.IsMethod(fn, "encoding/json", "Encoder", "Encode")
	if !encodes || len(call.Args) == 0 {
		return
	}
	star, ok := ast.Unparen(call.Args[0]).(*ast.StarExpr)
	if !ok {
		return
	}
	if _, ok := c.Info.TypeOf(star).Underlying().(*types.Struct); !ok {
		return
	}
	c.Report(cur, hotsite.Finding{
		Pos: star.Pos(), End: star.End(),
		Text:  c.Text(star) + " is copied to the heap for " + typeid.Name(fn, c.Pass.Pkg) + ": pass the pointer",
		Site:  c.GC.At(star, gcfacts.Box),
		Bytes: c.Size(c.Info.TypeOf(star)),
	})
}
