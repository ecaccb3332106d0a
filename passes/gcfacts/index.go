package gcfacts

import (
	"go/ast"
	"go/token"
	"go/types"
)

// A candidate is a node that gc may mean by a position.
type candidate struct {
	node    ast.Node
	kind    Kind
	parent  ast.Node // of node's expression
	generic bool     // it is in a generic function
	v       *types.Var
	fn      *types.Func
}

// Kinds of candidates that are no sites.
const (
	kindFunc  Kind = 200 + iota // a function declaration; gc puts wrappers there
	kindParam                   // the variable declared at an identifier
)

// An index finds the nodes at gc's positions, which differ from those of
// go/ast. It only holds positions that gc mentions.
type index struct {
	info   *types.Info
	wanted map[token.Pos]bool
	nodes  map[token.Pos][]candidate
	stack  []ast.Node
	decl   *ast.FuncDecl
}

// add records that gc may mean node, as a kind, by pos.
func (x *index) add(pos token.Pos, c candidate) {
	if !x.wanted[pos] {
		return
	}
	c.generic = x.decl != nil && isGeneric(x.decl)
	x.nodes[pos] = append(x.nodes[pos], c)
}

func isGeneric(decl *ast.FuncDecl) bool {
	if decl.Type.TypeParams != nil {
		return true
	}
	if decl.Recv == nil || len(decl.Recv.List) == 0 {
		return false
	}
	t := ast.Unparen(decl.Recv.List[0].Type)
	if star, ok := t.(*ast.StarExpr); ok {
		t = ast.Unparen(star.X)
	}
	switch t.(type) {
	case *ast.IndexExpr, *ast.IndexListExpr:
		return true
	}
	return false
}

func (x *index) file(f *ast.File) {
	for _, decl := range f.Decls {
		x.decl, _ = decl.(*ast.FuncDecl)
		ast.Inspect(decl, func(n ast.Node) bool {
			if n == nil {
				x.stack = x.stack[:len(x.stack)-1]
				return true
			}
			x.visit(n)
			x.stack = append(x.stack, n)
			return true
		})
	}
}

// parent returns the node around the one being visited, without parentheses.
func (x *index) parent() ast.Node {
	for i := len(x.stack) - 1; i >= 0; i-- {
		if _, ok := x.stack[i].(*ast.ParenExpr); !ok {
			return x.stack[i]
		}
	}
	return nil
}

func (x *index) visit(n ast.Node) {
	switch n := n.(type) {
	case *ast.FuncDecl:
		x.funcDecl(n)
	case *ast.FuncType:
		x.results(n)
	case *ast.FuncLit:
		x.add(n.Type.Func, candidate{node: n, kind: Closure})
	case *ast.CaseClause:
		x.caseClause(n)
	case *ast.RangeStmt:
		if _, ok := coreOf(x.info.TypeOf(n.X)).(*types.Signature); ok {
			x.add(n.For, candidate{node: n, kind: RangeFunc})
			x.add(n.For, candidate{node: n, kind: Inlined}) // the iterator
		}
	case *ast.GoStmt:
		x.add(n.Go, candidate{node: n, kind: GoCall})
	case *ast.DeferStmt:
		x.add(n.Defer, candidate{node: n, kind: GoCall})
	case *ast.AssignStmt:
		x.tuple(n.TokPos, n.Rhs)
	case *ast.ReturnStmt:
		x.tuple(n.Return, n.Results)
	case *ast.ValueSpec:
		if len(n.Names) > 0 {
			x.tuple(n.Names[0].Pos(), n.Values)
		}
	case ast.Expr:
		x.expr(n)
	}
}

func (x *index) funcDecl(n *ast.FuncDecl) {
	fn, _ := x.info.Defs[n.Name].(*types.Func)
	pos := n.Name.Pos()
	if n.Recv != nil {
		pos = n.Recv.Opening
	}
	x.add(pos, candidate{node: n, kind: kindFunc, fn: fn})
}

// results adds the unnamed results: gc calls them ~r0, ~r1 and puts them at
// their types.
func (x *index) results(n *ast.FuncType) {
	if n.Results == nil {
		return
	}
	for _, field := range n.Results.List {
		if len(field.Names) == 0 {
			x.add(exprPos(field.Type), candidate{node: field.Type, kind: Moved})
		}
	}
}

// caseClause adds the variable of a type switch: each clause has its own.
func (x *index) caseClause(n *ast.CaseClause) {
	v, ok := x.info.Implicits[n].(*types.Var)
	if !ok {
		return
	}
	pos := n.Case
	if len(n.List) > 0 {
		pos = typeEnd(n.List[len(n.List)-1])
	}
	x.add(pos, candidate{node: n, kind: Moved, v: v})
}

// tuple adds a call whose several results are converted at one statement.
func (x *index) tuple(pos token.Pos, values []ast.Expr) {
	if len(values) == 1 {
		if t, ok := x.info.TypeOf(values[0]).(*types.Tuple); ok && t.Len() > 1 {
			x.add(pos, candidate{node: ast.Unparen(values[0]), kind: Box})
		} else if pos.IsValid() && x.commaOK(values[0]) {
			x.add(pos, candidate{node: ast.Unparen(values[0]), kind: Box})
		}
	}
}

// commaOK reports whether e yields a second value in an assignment.
func (x *index) commaOK(e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.IndexExpr, *ast.TypeAssertExpr:
		return true
	case *ast.UnaryExpr:
		return e.Op == token.ARROW
	}
	return false
}

// expr adds what gc may say about an expression.
func (x *index) expr(e ast.Expr) {
	pos := exprPos(e)
	switch e := e.(type) {
	case *ast.ParenExpr:
		return // boxing what is inside stands here
	case *ast.Ident:
		if v, ok := x.info.Defs[e].(*types.Var); ok {
			x.add(pos, candidate{node: e, kind: kindParam, v: v})
		}
	case *ast.UnaryExpr:
		if lit, ok := ast.Unparen(e.X).(*ast.CompositeLit); ok && e.Op == token.AND {
			x.add(pos, candidate{node: lit, kind: PtrLit})
			return
		}
	case *ast.CompositeLit:
		x.literal(e, pos)
		return
	case *ast.CallExpr:
		x.call(e, pos)
		return
	case *ast.SelectorExpr:
		if sel := x.info.Selections[e]; sel != nil && sel.Kind() == types.MethodVal {
			x.add(pos, candidate{node: e, kind: MethodValue})
		}
	case *ast.BinaryExpr:
		if e.Op == token.ADD && isString(x.info.TypeOf(e)) {
			x.box(e, pos)
			if outer, ok := x.parent().(*ast.BinaryExpr); !ok || outer.Op != token.ADD {
				x.add(pos, candidate{node: e, kind: Concat, parent: x.parent()})
			}
			return
		}
	}
	x.box(e, pos)
}

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
	if t := x.info.TypeOf(e); !x.wanted[pos] || t == nil || !boxes(t) || !x.boxed(e) {
		return
	}
	x.add(pos, candidate{node: e, kind: Box})
}

// boxes reports whether converting a value of type t to an interface needs
// memory for the value.
func boxes(t types.Type) bool {
	if _, ok := types.Unalias(t).(*types.TypeParam); ok {
		return true
	}
	switch u := t.Underlying().(type) {
	case *types.Interface, *types.Pointer, *types.Map, *types.Chan, *types.Signature, *types.Tuple:
		return false
	case *types.Basic:
		return u.Kind() != types.UnsafePointer && u.Kind() != types.UntypedNil && u.Kind() != types.Invalid
	case *types.Struct:
		return u.NumFields() != 1 || boxes(u.Field(0).Type()) || types.IsInterface(u.Field(0).Type())
	case *types.Array:
		return u.Len() != 1 || boxes(u.Elem()) || types.IsInterface(u.Elem())
	}
	return true
}

// literal adds the memory of a slice or map literal, and of a literal whose
// address is taken without saying so, as in []*T{{}}.
func (x *index) literal(e *ast.CompositeLit, pos token.Pos) {
	t := x.info.TypeOf(e)
	if t == nil {
		return
	}
	if p, ok := t.Underlying().(*types.Pointer); ok {
		x.add(pos, candidate{node: e, kind: PtrLit})
		t = p.Elem()
	}
	switch coreOf(t).(type) {
	case *types.Slice:
		x.box(e, pos)
		x.add(pos, candidate{node: e, kind: SliceLit})
	case *types.Map:
		x.add(pos, candidate{node: e, kind: MapLit})
	default:
		x.box(e, pos)
	}
}

// call adds what gc may say at the parenthesis of a call or conversion.
func (x *index) call(e *ast.CallExpr, pos token.Pos) {
	fun := ast.Unparen(e.Fun)
	tv := x.info.Types[fun]
	switch {
	case tv.IsType():
		x.box(e, pos)
		if len(e.Args) == 1 && copies(x.info.TypeOf(e.Args[0]), tv.Type) {
			x.add(exprPos(e.Args[0]), candidate{node: e, kind: Conv, parent: x.parent()})
		}
	case tv.IsBuiltin():
		x.builtin(e, fun, pos)
	default:
		x.box(e, pos)
		sig, _ := coreOf(x.info.TypeOf(fun)).(*types.Signature)
		if sig == nil {
			return
		}
		x.tuple(pos, e.Args)
		if sig.Variadic() && !e.Ellipsis.IsValid() {
			x.add(pos, candidate{node: e, kind: Variadic})
		}
		x.add(pos, candidate{node: e, kind: Inlined})
	}
}

// copies reports whether a conversion makes a new string or slice.
func copies(from, to types.Type) bool {
	if from == nil {
		return false
	}
	_, slice := coreOf(to).(*types.Slice)
	return isString(to) && !isString(from) || slice && isString(from)
}

func (x *index) builtin(e *ast.CallExpr, fun ast.Expr, pos token.Pos) {
	id, ok := fun.(*ast.Ident)
	if !ok {
		return // unsafe.X allocates nothing
	}
	switch id.Name {
	case "new":
		x.add(pos, candidate{node: e, kind: NewCall})
	case "append":
		x.box(e, pos)
		x.add(pos, candidate{node: e, kind: Append})
	case "make":
		switch coreOf(x.info.TypeOf(e)).(type) {
		case *types.Slice:
			x.box(e, pos)
			x.add(pos, candidate{node: e, kind: MakeSlice})
		case *types.Map:
			x.add(pos, candidate{node: e, kind: MakeMap})
		}
	default:
		x.box(e, pos)
	}
}

// coreOf returns the underlying type of t; of a type parameter, the one
// underlying type that all types of its set share, if there is one.
func coreOf(t types.Type) types.Type {
	if t == nil {
		return nil
	}
	iface, ok := t.Underlying().(*types.Interface)
	if !ok {
		return t.Underlying()
	}
	var core types.Type
	for i := range iface.NumEmbeddeds() {
		union, ok := iface.EmbeddedType(i).(*types.Union)
		if !ok {
			core = iface.EmbeddedType(i).Underlying()
			continue
		}
		for j := range union.Len() {
			core = union.Term(j).Type().Underlying()
		}
	}
	if core == nil {
		return iface
	}
	return core
}

func isString(t types.Type) bool {
	if t == nil {
		return false
	}
	b, ok := coreOf(t).(*types.Basic)
	return ok && b.Info()&types.IsString != 0
}

// exprPos returns the position that gc gives an expression.
func exprPos(e ast.Expr) token.Pos {
	switch e := e.(type) {
	case *ast.CallExpr:
		return e.Lparen
	case *ast.SelectorExpr:
		return e.X.End() // the dot; gofmt allows nothing before it
	case *ast.TypeAssertExpr:
		return e.X.End()
	case *ast.CompositeLit:
		return e.Lbrace
	case *ast.IndexExpr:
		return e.Lbrack
	case *ast.IndexListExpr:
		return e.Lbrack
	case *ast.SliceExpr:
		return e.Lbrack
	case *ast.BinaryExpr:
		return e.OpPos
	case *ast.KeyValueExpr:
		return e.Colon
	case nil:
		return token.NoPos
	default:
		return e.Pos()
	}
}

// typeEnd returns where gc puts the variable of a type switch's clause: at
// the last name in the clause's last type, as its parser once did.
func typeEnd(e ast.Expr) token.Pos {
	for {
		switch t := e.(type) {
		case *ast.SelectorExpr:
			return exprPos(t.X)
		case *ast.ParenExpr:
			e = t.X
		case *ast.StarExpr:
			e = t.X
		case *ast.ArrayType:
			e = t.Elt
		case *ast.ChanType:
			e = t.Value
		case *ast.MapType:
			e = t.Value
		case *ast.Ellipsis:
			e = t.Elt
		case *ast.IndexExpr:
			e = t.Index
		case *ast.IndexListExpr:
			e = t.Indices[len(t.Indices)-1]
		case *ast.InterfaceType:
			last := lastField(t.Methods)
			if last == nil {
				return t.Pos()
			}
			e = last
		case *ast.FuncType:
			last := lastField(t.Results)
			if last == nil {
				last = lastField(t.Params)
			}
			if last == nil {
				return t.Pos()
			}
			e = last
		default:
			return t.Pos()
		}
	}
}

func lastField(fields *ast.FieldList) ast.Expr {
	if fields == nil || len(fields.List) == 0 {
		return nil
	}
	return fields.List[len(fields.List)-1].Type
}
