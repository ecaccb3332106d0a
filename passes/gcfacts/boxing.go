package gcfacts

import (
	"go/ast"
	"go/token"
	"go/types"
)

// box adds e as the operand of a conversion to an interface, if it stands
// where it is converted and gc would have to allocate for it. A value that
// has memory of its own, such as a slice literal, gets the same text twice:
// gc names the conversion first.
func (x *index) box(e ast.Expr, pos token.Pos) {
	if i := len(x.stack) - 1; i >= 0 {
		if paren, ok := x.stack[i].(*ast.ParenExpr); ok {
			for ; i >= 0 && ok; i-- {
				pos = paren.Pos()
				if i > 0 {
					paren, ok = x.stack[i-1].(*ast.ParenExpr)
				}
			}
		}
	}
	if t := x.info.TypeOf(e); !x.wants(pos) || t == nil || !boxes(t) || !x.boxed(e) {
		return
	}
	x.add(pos, candidate{node: e, kind: Box})
}

// boxed reports whether the expression e being visited is converted to an
// interface where it stands. go/types does not record such conversions.
func (x *index) boxed(e ast.Expr) bool {
	i := len(x.stack) - 1
	child := ast.Node(e)
	for ; i >= 0; i-- {
		if _, ok := x.stack[i].(*ast.ParenExpr); !ok {
			break
		}
		child = x.stack[i]
	}
	if i < 0 {
		return false
	}
	switch p := x.stack[i].(type) {
	case *ast.CallExpr:
		return x.argument(p, child)
	case *ast.AssignStmt:
		return p.Tok == token.ASSIGN && x.assigned(p, child)
	case *ast.ValueSpec:
		return p.Type != nil && isInterface(x.info.TypeOf(p.Type))
	case *ast.ReturnStmt:
		return x.returned(p, child, i)
	case *ast.CompositeLit:
		return x.element(p, child, nil)
	case *ast.KeyValueExpr:
		if lit, ok := x.stack[i-1].(*ast.CompositeLit); ok {
			return x.element(lit, child, p)
		}
	case *ast.SendStmt:
		ch, ok := coreOf(x.info.TypeOf(p.Chan)).(*types.Chan)
		return ok && child == p.Value && isInterface(ch.Elem())
	case *ast.IndexExpr:
		m, ok := coreOf(x.info.TypeOf(p.X)).(*types.Map)
		return ok && child == p.Index && isInterface(m.Key())
	case *ast.BinaryExpr:
		other := p.X
		if child == p.X {
			other = p.Y
		}
		return (p.Op == token.EQL || p.Op == token.NEQ) && isInterface(x.info.TypeOf(other))
	case *ast.SwitchStmt:
		return child == p.Tag && caseIsInterface(x.info, p)
	case *ast.CaseClause:
		if i >= 2 {
			sw, ok := x.stack[i-2].(*ast.SwitchStmt)
			return ok && sw.Tag != nil && isInterface(x.info.TypeOf(sw.Tag))
		}
	}
	return false
}

// caseIsInterface reports whether a case of sw makes gc compare interfaces.
func caseIsInterface(info *types.Info, sw *ast.SwitchStmt) bool {
	for _, clause := range sw.Body.List {
		for _, e := range clause.(*ast.CaseClause).List {
			if isInterface(info.TypeOf(e)) {
				return true
			}
		}
	}
	return false
}

// isInterface reports whether t is an interface, and no type parameter.
func isInterface(t types.Type) bool {
	if t == nil {
		return false
	}
	_, param := types.Unalias(t).(*types.TypeParam)
	return !param && types.IsInterface(t)
}

// argument reports whether arg is converted when it is passed in call.
func (x *index) argument(call *ast.CallExpr, arg ast.Node) bool {
	n := -1
	for i, a := range call.Args {
		if ast.Node(a) == arg {
			n = i
		}
	}
	if n < 0 {
		return false
	}
	tv := x.info.Types[ast.Unparen(call.Fun)]
	if tv.IsType() {
		return isInterface(tv.Type)
	}
	sig, ok := coreOf(tv.Type).(*types.Signature)
	if !ok {
		return false
	}
	params := sig.Params()
	if sig.Variadic() && n >= params.Len()-1 {
		if call.Ellipsis.IsValid() {
			return false
		}
		s, ok := params.At(params.Len() - 1).Type().Underlying().(*types.Slice)
		return ok && isInterface(s.Elem())
	}
	return n < params.Len() && isInterface(params.At(n).Type())
}

func (x *index) assigned(p *ast.AssignStmt, value ast.Node) bool {
	for i, rhs := range p.Rhs {
		if ast.Node(rhs) == value && i < len(p.Lhs) {
			return isInterface(x.info.TypeOf(p.Lhs[i]))
		}
	}
	return false
}

// returned reports whether value is converted by the return statement p,
// which is on the stack at depth i.
func (x *index) returned(p *ast.ReturnStmt, value ast.Node, i int) bool {
	var sig *types.Signature
	for ; i >= 0 && sig == nil; i-- {
		switch fn := x.stack[i].(type) {
		case *ast.FuncLit:
			sig, _ = x.info.TypeOf(fn).(*types.Signature)
		case *ast.FuncDecl:
			if obj, ok := x.info.Defs[fn.Name].(*types.Func); ok {
				sig = obj.Signature()
			}
		}
	}
	if sig == nil || sig.Results().Len() != len(p.Results) {
		return false
	}
	for j, r := range p.Results {
		if ast.Node(r) == value {
			return isInterface(sig.Results().At(j).Type())
		}
	}
	return false
}

// element reports whether value is converted as an element of lit; kv is
// its key-value pair, if it has one.
func (x *index) element(lit *ast.CompositeLit, value ast.Node, kv *ast.KeyValueExpr) bool {
	t := x.info.TypeOf(lit)
	if t == nil {
		return false
	}
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	switch t := coreOf(t).(type) {
	case *types.Slice:
		return isInterface(t.Elem())
	case *types.Array:
		return isInterface(t.Elem())
	case *types.Map:
		if kv != nil && value == ast.Node(kv.Key) {
			return isInterface(t.Key())
		}
		return isInterface(t.Elem())
	case *types.Struct:
		if kv != nil {
			return isInterface(x.info.TypeOf(kv.Key))
		}
		for i, e := range lit.Elts {
			if ast.Node(e) == value && i < t.NumFields() {
				return isInterface(t.Field(i).Type())
			}
		}
	}
	return false
}
