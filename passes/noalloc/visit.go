package noalloc

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/heapvet/heapvet/passes/gcfacts"
	"github.com/heapvet/heapvet/passes/internal/typeid"
)

// A visitor looks at the syntax of one function for what gc does not speak
// of: maps that grow, channels, goroutines, s += t.
type visitor struct {
	*body
	root  ast.Node
	loops int // around the node being visited
}

func (v visitor) walk(node ast.Node) {
	ast.Inspect(node, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			v.unsure(n, gcfacts.Closure, "the function literal escapes")
			return n == v.root // others are functions of their own
		case *ast.ForStmt:
			if node != ast.Node(n) {
				visitor{v.body, v.root, v.loops + 1}.walk(n)
				return false
			}
		case *ast.RangeStmt:
			if node != ast.Node(n) {
				visitor{v.body, v.root, v.loops + 1}.walk(n)
				return false
			}
			v.rangeStmt(n)
		case ast.Node:
			v.visit(n)
		}
		return true
	})
}

func (v visitor) visit(n ast.Node) {
	switch n := n.(type) {
	case *ast.CallExpr:
		v.calls[n.Lparen] = n
		v.call(n)
	case *ast.GoStmt:
		v.calls[n.Go] = n.Call
		v.tell(n, effect{Kind: allocates, Text: "the go statement starts a goroutine"})
	case *ast.DeferStmt:
		v.calls[n.Defer] = n.Call
		if v.loops > 0 {
			v.tell(n, effect{Kind: allocates, Text: "a deferred call in a loop is kept on the heap"})
		}
	case *ast.IncDecStmt:
		v.assigned(n.X)
	case *ast.AssignStmt:
		for _, e := range n.Lhs {
			v.assigned(e)
		}
		if n.Tok == token.ADD_ASSIGN && typeid.IsString(v.pass.TypesInfo.TypeOf(n.Lhs[0])) {
			v.tell(n, effect{Kind: allocates, Text: types.ExprString(n.Lhs[0]) + " += " + types.ExprString(n.Rhs[0]) + " makes a new string"})
		}
	case *ast.UnaryExpr:
		if lit, ok := ast.Unparen(n.X).(*ast.CompositeLit); ok && n.Op == token.AND {
			v.unsure(lit, gcfacts.PtrLit, types.ExprString(n)+" escapes")
		}
	}
}

// rangeStmt looks at a loop, itself visited by a visitor of its own.
func (v visitor) rangeStmt(n *ast.RangeStmt) {
	for _, pos := range [...]token.Pos{n.For, n.TokPos, n.Range, n.X.Pos()} {
		if pos.IsValid() {
			v.calls[pos] = n
		}
	}
	for _, e := range [...]ast.Expr{n.Key, n.Value} {
		if e != nil && n.Tok == token.ASSIGN {
			v.assigned(e)
		}
	}
}

// call looks at builtins.
func (v visitor) call(call *ast.CallExpr) {
	info := v.pass.TypesInfo
	switch typeid.Builtin(info, call) {
	case "append":
		if v.gc.NoData() != "" {
			v.tell(call, effect{Kind: grows, Text: "append makes a new array when the slice is full", Compiler: true})
		}
		// In code that is never reached gc says nothing.
		v.unsure(call, gcfacts.Append, "append makes a new array when the slice is full")
	case "new":
		v.unsure(call, gcfacts.NewCall, types.ExprString(call)+" escapes")
	case "make":
		switch info.TypeOf(call).Underlying().(type) {
		case *types.Chan:
			v.tell(call, effect{Kind: allocates, Text: types.ExprString(call) + " makes a channel"})
		case *types.Slice:
			v.unsure(call, gcfacts.MakeSlice, types.ExprString(call)+" escapes")
		case *types.Map:
			v.unsure(call, gcfacts.MakeMap, types.ExprString(call)+" escapes")
		}
	}
}

// assigned looks at the target of an assignment.
func (v visitor) assigned(e ast.Expr) {
	index, ok := ast.Unparen(e).(*ast.IndexExpr)
	if !ok {
		return
	}
	t := v.pass.TypesInfo.TypeOf(index.X)
	if t == nil {
		return
	}
	if isMap(t) {
		v.tell(index, effect{Kind: grows, Text: "an assignment to " + types.ExprString(index) + " grows the map when the key is new"})
	}
}

// unsure records a node whose verdict gc's text does not tell.
func (v visitor) unsure(n ast.Expr, kind gcfacts.Kind, text string) {
	if n == v.root || v.gc.NoData() != "" || v.gc.At(n, kind).Verdict != gcfacts.NoData {
		return
	}
	v.tell(n, effect{Kind: unknown, Text: "the compiler's text does not tell whether " + text, Compiler: true, Asked: true})
}

// isMap reports whether values of type t are maps, or can be for a type
// parameter.
func isMap(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Map:
		return true
	case *types.Union:
		for term := range u.Terms() {
			if isMap(term.Type()) {
				return true
			}
		}
	case *types.Interface:
		for embedded := range u.EmbeddedTypes() {
			if isMap(embedded) {
				return true
			}
		}
	}
	return false
}
