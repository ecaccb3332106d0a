package hotcall

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/passes/gcfacts"
	"github.com/heapvet/heapvet/passes/internal/hotsite"
	"github.com/heapvet/heapvet/passes/internal/typeid"
	"github.com/heapvet/heapvet/passes/internal/varuse"
)

// marshal looks for JSON that is made in memory only to be written. An
// Encoder ends it with a newline: advice, unless that is wanted.
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
	writes, ended := 0, false
	for _, use := range c.Uses().Of(v) {
		if use.ParentEdgeKind() == edge.AssignStmt_Lhs {
			continue
		}
		if line, ok := withNewline(c, use); ok {
			ended = true
			if assigned(c, line) == v {
				continue // written later
			}
			use = line
		}
		if !writesOut(c, use, 0) {
			return
		}
		writes++
	}
	if writes != 1 {
		return
	}
	text := "json.Marshal makes a slice only to write it: use json.NewEncoder, which adds a newline"
	if ended {
		text = "json.Marshal makes a slice only to write it and a newline: use json.NewEncoder, which adds one"
	}
	c.Report(cur, hotsite.Finding{
		Pos: call.Pos(), End: call.Lparen,
		Text:     text,
		Measured: 1,
		Bytes:    80,
		Advice:   !ended,
	})
}

// withNewline returns the call of append that adds just a newline to the
// bytes at use.
func withNewline(c *hotsite.Checker, use inspector.Cursor) (call inspector.Cursor, ok bool) {
	if use.ParentEdgeKind() != edge.CallExpr_Args || use.ParentEdgeIndex() != 0 {
		return call, false
	}
	call = use.Parent()
	e := call.Node().(*ast.CallExpr)
	if typeid.Builtin(c.Info, e) != "append" || len(e.Args) != 2 {
		return call, false
	}
	added := c.Info.Types[e.Args[1]].Value
	return call, added != nil && (added.ExactString() == "10" || added.ExactString() == `"\n"`)
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
// which would as well take the pointer that it is read from,
// json.Marshal(*p), or, where a loop copies it each time, its address.
func copiedValue(c *hotsite.Checker, cur inspector.Cursor) {
	call := cur.Node().(*ast.CallExpr)
	fn := typeid.Callee(c.Info, call)
	encodes := typeid.IsFunc(fn, "encoding/json", "Marshal", "MarshalIndent") || typeid.IsMethod(fn, "encoding/json", "Encoder", "Encode")
	if !encodes || len(call.Args) == 0 {
		return
	}
	value := ast.Unparen(call.Args[0])
	if t := c.Info.TypeOf(value); t == nil || !isStruct(t) {
		return
	}
	how := " is copied to the heap for " + typeid.Name(fn, c.Pass.Pkg) + ": pass the pointer"
	if _, ok := value.(*ast.StarExpr); !ok {
		if !loopCopies(c, cur, value) {
			return
		}
		how = " is copied to the heap by each iteration for " + typeid.Name(fn, c.Pass.Pkg) + ": pass its address"
	}
	c.Report(cur, hotsite.Finding{
		Pos: value.Pos(), End: value.End(),
		Text:  c.Text(value) + how,
		Site:  c.GC.At(value, gcfacts.Box),
		Bytes: c.Size(c.Info.TypeOf(value)),
	})
}

func isStruct(t types.Type) bool {
	_, ok := t.Underlying().(*types.Struct)
	return ok
}

// loopCopies reports whether e is a local variable that a loop around cur
// finds there: moved to the heap, it is one for all iterations.
func loopCopies(c *hotsite.Checker, cur inspector.Cursor, e ast.Expr) bool {
	v := c.Uses().Local(e)
	if v == nil {
		return false
	}
	def, ok := c.Uses().Def(v)
	return ok && varuse.Func(def) == varuse.Func(cur) && c.Heat.At(def.Node()).Loop < c.Heat.At(cur.Node()).Loop
}
