package goroutineleak

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// pos returns where the source has the operation.
func (o *op) pos() token.Pos {
	if s, ok := o.instr.(*ssa.Select); ok && o.state >= 0 && s.States[o.state].Pos.IsValid() {
		return s.States[o.state].Pos
	}
	if pos := o.instr.Pos(); pos.IsValid() {
		return pos
	}
	return nearby(o.instr)
}

// nearby returns the position of the instruction before instr that has one.
func nearby(instr ssa.Instruction) token.Pos {
	pos := instr.Parent().Pos()
	for _, other := range instr.Block().Instrs {
		if other.Pos().IsValid() {
			pos = other.Pos()
		}
		if other == instr {
			break
		}
	}
	return pos
}

// name returns the expression that names the operation's channel in the
// source, or "" if it has none.
func (o *op) name() string {
	if e := o.expr(); e != nil {
		return types.ExprString(e)
	}
	return ""
}

// expr returns the expression of the operation's channel, or of what it is
// a method of; nil if the source has none.
func (o *op) expr() ast.Expr {
	syntax := o.instr.Parent().Syntax()
	if syntax == nil {
		return nil
	}
	pos := o.pos()
	var found ast.Expr
	ast.Inspect(syntax, func(n ast.Node) bool {
		if n == nil || found != nil || pos < n.Pos() || n.End() < pos {
			return false
		}
		switch n := n.(type) {
		case *ast.SendStmt:
			if n.Arrow == pos || n.Pos() == pos {
				found = n.Chan
			}
		case *ast.UnaryExpr:
			if n.Op == token.ARROW && n.OpPos == pos {
				found = n.X
			}
		case *ast.RangeStmt:
			if n.For == pos {
				found = n.X
			}
		case *ast.CallExpr:
			if n.Lparen == pos {
				found = callee(n)
			}
		case *ast.DeferStmt:
			if n.Defer == pos {
				found = callee(n.Call)
			}
		}
		return found == nil
	})
	return found
}

// callee returns what close is called with, or whose method is called.
func callee(call *ast.CallExpr) ast.Expr {
	switch fun := ast.Unparen(call.Fun).(type) {
	case *ast.SelectorExpr:
		return fun.X
	case *ast.Ident:
		if len(call.Args) == 1 && fun.Name == "close" {
			return call.Args[0]
		}
	}
	return call.Fun
}

// makeName returns the name of the variable or field that is set to the
// channel that mk makes, or "".
func makeName(mk *ssa.MakeChan) string {
	syntax := mk.Parent().Syntax()
	if syntax == nil {
		return ""
	}
	isMake := func(e ast.Expr) bool {
		call, ok := ast.Unparen(e).(*ast.CallExpr)
		return ok && call.Lparen == mk.Pos()
	}
	name := ""
	ast.Inspect(syntax, func(n ast.Node) bool {
		if n == nil || name != "" || mk.Pos() < n.Pos() || n.End() < mk.Pos() {
			return false
		}
		switch n := n.(type) {
		case *ast.AssignStmt:
			for i, e := range n.Rhs {
				if isMake(e) && len(n.Lhs) == len(n.Rhs) {
					name = types.ExprString(n.Lhs[i])
				}
			}
		case *ast.ValueSpec:
			for i, e := range n.Values {
				if isMake(e) {
					name = n.Names[i].Name
				}
			}
		case *ast.KeyValueExpr:
			if isMake(n.Value) {
				name = types.ExprString(n.Key)
			}
		}
		return true
	})
	return name
}

// makeCall returns the call that makes the channel, or nil.
func makeCall(mk *ssa.MakeChan) *ast.CallExpr {
	syntax := mk.Parent().Syntax()
	if syntax == nil {
		return nil
	}
	var found *ast.CallExpr
	ast.Inspect(syntax, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && call.Lparen == mk.Pos() {
			found = call
		}
		return found == nil
	})
	return found
}

// funcName returns how messages call fn.
func (m *model) funcName(fn *ssa.Function) string {
	if name := m.prog.Heat(fn).Name; name != "" {
		return name
	}
	return fn.Name()
}

// line returns the line of pos.
func (m *model) line(pos token.Pos) int { return m.prog.Prog.Fset.Position(pos).Line }
