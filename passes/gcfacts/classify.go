package gcfacts

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
)

// maxBoxOnStack is the size above which a boxed value that does not escape
// is allocated all the same.
const maxBoxOnStack = 1024

// A classifier tells from types and syntax what gc's words come to.
type classifier struct {
	info   *types.Info
	sizes  types.Sizes
	modern bool // Go 1.25 or later
}

func (k *classifier) verdict(m *message, c candidate, zeroCopy bool) Verdict {
	switch {
	case m.op != opStays && k.free(m, c):
		return HeapNoAlloc
	case m.op != opStays:
		return Heap
	case zeroCopy || !k.runtimeSized(m, c):
		return Stack
	}
	return StackIfSmall
}

// free reports whether a value that escapes needs no memory.
func (k *classifier) free(m *message, c candidate) bool {
	switch c.kind {
	case Box:
		return k.freeBox(m, c.node.(ast.Expr))
	case Moved:
		return c.v != nil && k.zeroSize(c.v.Type())
	case kindParam:
		return k.zeroSize(c.v.Type())
	case NewCall:
		return k.zeroSize(pointee(k.info.TypeOf(c.node.(ast.Expr))))
	case PtrLit:
		return k.zeroSize(pointee(k.info.TypeOf(c.node.(ast.Expr)))) || k.zeroSize(k.info.TypeOf(c.node.(ast.Expr)))
	case SliceLit:
		lit := c.node.(*ast.CompositeLit)
		return len(lit.Elts) == 0 || k.zeroSize(k.elem(lit))
	case MakeSlice:
		call := c.node.(*ast.CallExpr)
		n, ok := k.constant(call.Args[len(call.Args)-1])
		return ok && n == 0 || k.zeroSize(k.elem(call))
	case Append:
		return k.zeroSize(k.elem(c.node.(ast.Expr)))
	case Closure:
		return !c.generic && !k.captures(c.node.(*ast.FuncLit))
	case Conv:
		call := c.node.(*ast.CallExpr)
		v := k.info.Types[call.Args[0]].Value
		return v != nil && v.Kind() == constant.String && constant.StringVal(v) == ""
	case Inlined:
		return isLiteral(m.text)
	}
	return false
}

// freeBox reports whether converting e to an interface takes memory that is
// there already: a constant in read-only data, the table of small values.
func (k *classifier) freeBox(m *message, e ast.Expr) bool {
	tv := k.info.Types[e]
	t := k.info.TypeOf(e)
	if tuple, ok := t.(*types.Tuple); ok {
		return !anyBoxes(tuple)
	}
	if tv.Value != nil || k.zeroSize(t) || oneByte(t) {
		return true
	}
	if _, call := e.(*ast.CallExpr); isLiteral(m.text) || !call && isTypedLiteral(m.text) {
		return true // gc knows the variable's constant value
	}
	return k.modern && k.static(e)
}

func anyBoxes(t *types.Tuple) bool {
	for i := range t.Len() {
		if boxes(t.At(i).Type()) && !oneByte(t.At(i).Type()) {
			return true
		}
	}
	return false
}

// oneByte reports whether t is a type whose 256 values the runtime keeps.
func oneByte(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	if !ok {
		return false
	}
	switch b.Kind() {
	case types.Bool, types.UntypedBool, types.Int8, types.Uint8:
		return true
	}
	return false
}

// static reports whether e is a composite literal of constants.
func (k *classifier) static(e ast.Expr) bool {
	e = ast.Unparen(e)
	if k.info.Types[e].Value != nil {
		return true
	}
	lit, ok := e.(*ast.CompositeLit)
	if !ok {
		return false
	}
	switch k.info.TypeOf(lit).Underlying().(type) {
	case *types.Struct, *types.Array:
	default:
		return false
	}
	for _, el := range lit.Elts {
		if kv, ok := el.(*ast.KeyValueExpr); ok {
			el = kv.Value
		}
		if !k.static(el) {
			return false
		}
	}
	return true
}

// zeroSize reports whether values of t take no memory.
func (k *classifier) zeroSize(t types.Type) bool { return k.size(t) == 0 }

// size returns the size of a value of type t, -1 if it depends on a type
// parameter.
func (k *classifier) size(t types.Type) int64 { return Size(k.sizes, t) }

// Size returns the size of a value of type t, -1 if it is not known or
// depends on a type parameter.
func Size(sizes types.Sizes, t types.Type) int64 {
	if t == nil || sizes == nil || hasTypeParam(t, 0) {
		return -1
	}
	if _, ok := t.(*types.Tuple); ok {
		return -1
	}
	return sizes.Sizeof(t)
}

// hasTypeParam reports whether the size of t depends on a type parameter.
func hasTypeParam(t types.Type, depth int) bool {
	if depth > 20 {
		return true
	}
	if _, ok := types.Unalias(t).(*types.TypeParam); ok {
		return true
	}
	switch u := t.Underlying().(type) {
	case *types.Array:
		return hasTypeParam(u.Elem(), depth+1)
	case *types.Struct:
		for i := range u.NumFields() {
			if hasTypeParam(u.Field(i).Type(), depth+1) {
				return true
			}
		}
	}
	return false
}

func pointee(t types.Type) types.Type {
	if t == nil {
		return nil
	}
	if p, ok := t.Underlying().(*types.Pointer); ok {
		return p.Elem()
	}
	return nil
}

// elem returns the element type of a slice-valued expression.
func (k *classifier) elem(e ast.Expr) types.Type {
	t := k.info.TypeOf(e)
	if t == nil {
		return nil
	}
	if s, ok := coreOf(t).(*types.Slice); ok {
		return s.Elem()
	}
	return nil
}

func (k *classifier) constant(e ast.Expr) (int64, bool) {
	v := k.info.Types[e].Value
	if v == nil {
		return 0, false
	}
	return constant.Int64Val(constant.ToInt(v))
}

// captures reports whether lit uses a variable of a function around it.
func (k *classifier) captures(lit *ast.FuncLit) bool {
	return len(k.captured(lit)) > 0
}

// captured returns the variables that lit captures, in source order.
func (k *classifier) captured(lit *ast.FuncLit) []*types.Var {
	var vars []*types.Var
	seen := make(map[*types.Var]bool)
	ast.Inspect(lit.Body, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok {
			return true
		}
		v, ok := k.info.Uses[id].(*types.Var)
		if !ok || v.IsField() || v.Pkg() == nil || v.Parent() == v.Pkg().Scope() || seen[v] {
			return true
		}
		if v.Pos() < lit.Pos() || v.Pos() >= lit.End() {
			seen[v] = true
			vars = append(vars, v)
		}
		return true
	})
	return vars
}

// runtimeSized reports whether a value that does not escape is allocated
// nevertheless when it is large.
func (k *classifier) runtimeSized(m *message, c candidate) bool {
	switch c.kind {
	case MakeSlice:
		call := c.node.(*ast.CallExpr)
		_, ok := k.constant(call.Args[len(call.Args)-1])
		return !ok && !k.zeroSize(k.elem(call))
	case MakeMap, MapLit, Append, Concat:
		return true
	case Conv:
		return !k.freeConv(c)
	case Box:
		return k.size(k.info.TypeOf(c.node.(ast.Expr))) > maxBoxOnStack
	case Inlined:
		return sizedText(m.text)
	}
	return false
}

// freeConv reports whether a conversion that does not escape shares the
// bytes of its operand: gc knows that nobody can tell.
func (k *classifier) freeConv(c candidate) bool {
	call := c.node.(*ast.CallExpr)
	toString := isString(k.info.TypeOf(call))
	if toString && isInteger(k.info.TypeOf(call.Args[0])) {
		return true // at most four bytes
	}
	fromBytes := toString && isBytes(k.info.TypeOf(call.Args[0]))
	switch p := c.parent.(type) {
	case *ast.BinaryExpr:
		switch p.Op {
		case token.EQL, token.NEQ, token.LSS, token.LEQ, token.GTR, token.GEQ:
			return fromBytes
		case token.ADD: // beside a constant the concatenation is never empty, and copies
			return fromBytes && (k.constantText(p.X) || k.constantText(p.Y))
		}
	case *ast.SwitchStmt:
		return fromBytes && k.constantCases(p)
	case *ast.IndexExpr:
		if t := k.info.TypeOf(p.X); t != nil && ast.Unparen(p.Index) == call {
			_, isMap := coreOf(t).(*types.Map)
			return isMap && fromBytes
		}
	case *ast.RangeStmt:
		return !toString && isBytes(k.info.TypeOf(call))
	}
	return false
}

// constantText reports whether e is a constant string that is not empty.
func (k *classifier) constantText(e ast.Expr) bool {
	v := k.info.Types[e].Value
	return v != nil && v.Kind() == constant.String && constant.StringVal(v) != ""
}

// constantCases reports whether all cases of sw are constants.
func (k *classifier) constantCases(sw *ast.SwitchStmt) bool {
	for _, clause := range sw.Body.List {
		for _, e := range clause.(*ast.CaseClause).List {
			if k.info.Types[e].Value == nil {
				return false
			}
		}
	}
	return true
}

func isInteger(t types.Type) bool {
	if t == nil {
		return false
	}
	b, ok := coreOf(t).(*types.Basic)
	return ok && b.Info()&types.IsInteger != 0
}

func isBytes(t types.Type) bool {
	if t == nil {
		return false
	}
	s, ok := coreOf(t).(*types.Slice)
	if !ok {
		return false
	}
	b, ok := s.Elem().Underlying().(*types.Basic)
	return ok && b.Kind() == types.Uint8
}
