package reqflow

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// exprs finds the flow of syntax: SSA form keeps no table of expressions,
// but calls, selectors and parameters can be told by their positions.
type exprs struct {
	*Result
	seen map[ast.Node]bool
}

func (x *exprs) flow(e ast.Expr) Flow {
	if x.seen[e] {
		return Flow{}
	}
	x.seen[e] = true
	tv := x.pass.TypesInfo.Types[e]
	if tv.Value != nil {
		return Flow{Origin: Constant, Bounded: true}
	}
	var f Flow
	switch e := e.(type) {
	case *ast.ParenExpr:
		return x.flow(e.X)
	case *ast.Ident:
		f = x.ident(e)
	case *ast.SelectorExpr:
		f = x.selector(e)
	case *ast.CallExpr:
		f = x.call(e)
	case *ast.BinaryExpr:
		f = x.join(e.X, e.Y)
	case *ast.UnaryExpr:
		f = x.flow(e.X)
	case *ast.StarExpr:
		f = x.flow(e.X)
	case *ast.IndexExpr:
		f = x.flow(e.X)
	case *ast.SliceExpr:
		f = x.flow(e.X)
	case *ast.TypeAssertExpr:
		f = x.flow(e.X)
	case *ast.CompositeLit:
		f = x.join(elements(e)...)
	}
	if tv.Type != nil && Finite(tv.Type) {
		f.Bounded = true
	}
	return f
}

// join returns the flow of a value made of several.
func (x *exprs) join(list ...ast.Expr) Flow {
	joined := Flow{Origin: Constant, Bounded: true}
	for _, e := range list {
		joined = worse(joined, x.flow(e))
	}
	return joined
}

// worse returns the flow that matters more.
func worse(a, b Flow) Flow {
	if rank(b) > rank(a) {
		return b
	}
	return a
}

func rank(f Flow) int {
	switch {
	case f.Tainted() && !f.Assumed:
		return 5
	case f.Tainted():
		return 4
	case f.Origin == Upstream && !f.Bounded:
		return 3
	case f.Origin == Constant:
		return 0
	case f.Bounded:
		return 1
	}
	return 2
}

func elements(lit *ast.CompositeLit) []ast.Expr {
	var list []ast.Expr
	for _, e := range lit.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			e = kv.Value
		}
		list = append(list, e)
	}
	return list
}

// ident looks up a parameter, or joins all that is assigned to a variable.
func (x *exprs) ident(id *ast.Ident) Flow {
	obj, ok := x.pass.TypesInfo.Uses[id].(*types.Var)
	if !ok {
		obj, ok = x.pass.TypesInfo.Defs[id].(*types.Var)
	}
	if !ok {
		return Flow{}
	}
	fn := x.enclosing(obj.Pos())
	if fn == nil {
		return Flow{} // a package variable
	}
	for _, p := range fn.Params {
		if p.Object() == obj {
			return x.Value(p)
		}
	}
	var joined Flow
	found := false
	for _, value := range x.assigned(fn, obj) {
		f := x.flow(value)
		if !found || rank(f) > rank(joined) {
			joined, found = f, true
		}
	}
	return joined
}

// assigned returns the expressions that are assigned to a local variable,
// or ranged over, or, if a call fills it through its address, that call.
func (x *exprs) assigned(fn *ssa.Function, obj *types.Var) []ast.Expr {
	info := x.pass.TypesInfo
	is := func(e ast.Expr) bool {
		id, ok := ast.Unparen(e).(*ast.Ident)
		return ok && (info.Defs[id] == obj || info.Uses[id] == obj)
	}
	var values []ast.Expr
	ast.Inspect(fn.Syntax(), func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for i, lhs := range n.Lhs {
				if is(lhs) {
					values = append(values, n.Rhs[min(i, len(n.Rhs)-1)])
				}
			}
		case *ast.ValueSpec:
			for i, name := range n.Names {
				if info.Defs[name] == obj && len(n.Values) > 0 {
					values = append(values, n.Values[min(i, len(n.Values)-1)])
				}
			}
		case *ast.RangeStmt:
			if n.Key != nil && is(n.Key) || n.Value != nil && is(n.Value) {
				values = append(values, n.X)
			}
		case *ast.CallExpr:
			for _, arg := range n.Args {
				if addr, ok := ast.Unparen(arg).(*ast.UnaryExpr); ok && addr.Op == token.AND && is(addr.X) {
					values = append(values, n.Args...)
				}
			}
		}
		return true
	})
	return values
}

// selector looks up the value of a field, or else what it is selected from.
func (x *exprs) selector(e *ast.SelectorExpr) Flow {
	if sel := x.pass.TypesInfo.Selections[e]; sel == nil || sel.Kind() != types.FieldVal {
		return Flow{} // a package variable or a method value
	}
	if v := x.at(e.Sel.Pos(), func(v ssa.Value) bool {
		switch v.(type) {
		case *ssa.FieldAddr, *ssa.Field:
			return true
		}
		return false
	}); v != nil {
		return x.Value(v)
	}
	return x.flow(e.X)
}

// call looks up the result of a call, or the operand of a conversion.
func (x *exprs) call(e *ast.CallExpr) Flow {
	if tv := x.pass.TypesInfo.Types[e.Fun]; tv.IsType() && len(e.Args) == 1 {
		return x.flow(e.Args[0])
	}
	v := x.at(e.Lparen, func(v ssa.Value) bool { _, ok := v.(*ssa.Call); return ok })
	call, ok := v.(*ssa.Call)
	if !ok {
		return Flow{}
	}
	if call.Call.Signature().Results().Len() < 2 {
		return x.Value(call)
	}
	var joined Flow
	for _, ref := range *call.Referrers() {
		if extract, ok := ref.(*ssa.Extract); ok {
			joined = worse(joined, x.Value(extract))
		}
	}
	return joined
}

// at returns the value at pos of the function around it that ok accepts.
func (x *exprs) at(pos token.Pos, ok func(ssa.Value) bool) ssa.Value {
	fn := x.enclosing(pos)
	if fn == nil {
		return nil
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if v, isValue := instr.(ssa.Value); isValue && v.Pos() == pos && ok(v) {
				return v
			}
		}
	}
	return nil
}

// enclosing returns the innermost function around pos.
func (x *exprs) enclosing(pos token.Pos) *ssa.Function {
	var inner *ssa.Function
	for _, fn := range x.pkg.Funcs {
		syntax := fn.Syntax()
		if syntax == nil || pos < syntax.Pos() || pos >= syntax.End() {
			continue
		}
		if inner == nil || syntax.Pos() >= inner.Syntax().Pos() {
			inner = fn
		}
	}
	return inner
}
