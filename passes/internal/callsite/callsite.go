// Package callsite relates calls in SSA form to their callees' names, to
// their syntax and to the loops around them.
package callsite

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// Func returns the function or method that c calls: the static callee, or
// the method of the interface; nil for calls of function values, closures
// and builtins. Generic functions are returned as declared.
func Func(c *ssa.CallCommon) *types.Func {
	if c.IsInvoke() {
		return c.Method
	}
	callee := c.StaticCallee()
	if callee == nil {
		return nil
	}
	if fn, ok := callee.Object().(*types.Func); ok {
		return fn.Origin()
	}
	return nil // a function literal, or synthetic
}

// Name returns the callee's full name as types.Func.FullName prints it,
// such as "io.ReadAll" or "(*sync.Pool).Get", or "" if Func returns nil.
func Name(c *ssa.CallCommon) string {
	if fn := Func(c); fn != nil {
		return fn.FullName()
	}
	return ""
}

// Arg returns the i-th argument of a call, the receiver not counted, or nil
// if there is none.
func Arg(c *ssa.CallCommon, i int) ssa.Value {
	if !c.IsInvoke() && c.Signature().Recv() != nil {
		i++
	}
	if i >= len(c.Args) {
		return nil
	}
	return c.Args[i]
}

// Expr returns the syntax of the call, or nil for a call that the source
// does not spell out.
func Expr(call ssa.CallInstruction) *ast.CallExpr {
	syntax := call.Parent().Syntax()
	if syntax == nil || !call.Pos().IsValid() {
		return nil
	}
	var found *ast.CallExpr
	ast.Inspect(syntax, func(n ast.Node) bool {
		if n == nil || found != nil || call.Pos() < n.Pos() || n.End() <= call.Pos() {
			return false
		}
		switch n := n.(type) {
		case *ast.CallExpr:
			if n.Lparen == call.Pos() {
				found = n
			}
		case *ast.DeferStmt:
			if n.Defer == call.Pos() {
				found = n.Call
			}
		case *ast.GoStmt:
			if n.Go == call.Pos() {
				found = n.Call
			}
		}
		return found == nil
	})
	return found
}

// Loops returns, for every block of fn that lies in a loop, the blocks of
// the outermost loop around it.
func Loops(fn *ssa.Function) map[*ssa.BasicBlock][]*ssa.BasicBlock {
	loops := make(map[*ssa.BasicBlock][]*ssa.BasicBlock)
	for _, b := range fn.Blocks {
		if loops[b] != nil {
			continue // in the loop of an earlier block
		}
		from := Reachable(b, nil)
		if !from[b] {
			continue // runs at most once
		}
		var loop []*ssa.BasicBlock
		for _, c := range fn.Blocks {
			if from[c] && Reachable(c, nil)[b] {
				loop = append(loop, c)
			}
		}
		for _, c := range loop {
			loops[c] = loop
		}
	}
	return loops
}

// Reachable returns the blocks that control can reach after it leaves b,
// without entering a block that stop accepts. A nil stop accepts none.
func Reachable(b *ssa.BasicBlock, stop func(*ssa.BasicBlock) bool) map[*ssa.BasicBlock]bool {
	seen := make(map[*ssa.BasicBlock]bool)
	var visit func(*ssa.BasicBlock)
	visit = func(b *ssa.BasicBlock) {
		for _, next := range b.Succs {
			if !seen[next] && (stop == nil || !stop(next)) {
				seen[next] = true
				visit(next)
			}
		}
	}
	visit(b)
	return seen
}

// Position returns the place of instr, or of the function it is in where
// SSA keeps none.
func Position(instr ssa.Instruction) token.Pos {
	if pos := instr.Pos(); pos.IsValid() {
		return pos
	}
	return instr.Parent().Pos()
}

// Returned returns the i-th value that ret returns. A function that defers
// stores its results in variables and reads them at the end: then it is what
// was last stored, in ret's block.
func Returned(ret *ssa.Return, i int) ssa.Value {
	v := ret.Results[i]
	load, ok := v.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return v
	}
	for _, instr := range ret.Block().Instrs {
		if store, ok := instr.(*ssa.Store); ok && store.Addr == load.X {
			v = store.Val
		}
	}
	return v
}

// Bound returns the value that the free variable v is bound to where its
// closure is made, and the place; nil if it is made in several places.
func Bound(v *ssa.FreeVar) (ssa.Value, ssa.Instruction) {
	fn := v.Parent()
	if fn.Parent() == nil {
		return nil, nil
	}
	var made *ssa.MakeClosure
	for _, block := range fn.Parent().Blocks {
		for _, instr := range block.Instrs {
			if m, ok := instr.(*ssa.MakeClosure); ok && m.Fn == fn {
				if made != nil {
					return nil, nil
				}
				made = m
			}
		}
	}
	if made == nil {
		return nil, nil
	}
	for i, fv := range fn.FreeVars {
		if fv == v {
			return made.Bindings[i], made
		}
	}
	return nil, nil
}

// Binding returns the variable of the enclosing function that a literal
// captures as v, or nil if that is not known.
func Binding(v *ssa.FreeVar) ssa.Value {
	fn := v.Parent()
	i := slices.Index(fn.FreeVars, v)
	if i < 0 || fn.Referrers() == nil {
		return nil
	}
	for _, ref := range *fn.Referrers() {
		if made, ok := ref.(*ssa.MakeClosure); ok && made.Fn == fn {
			return made.Bindings[i]
		}
	}
	return nil
}
