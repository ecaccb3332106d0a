package gcfacts

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
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
	info    *types.Info
	wanted  map[token.Pos]bool
	spans   []span // where messages without a column may be; sorted, on different lines
	nodes   map[token.Pos][]candidate
	inSpan  map[span][]candidate
	results map[*types.Var]int // the index of each named result
	stack   []ast.Node
	decl    *ast.FuncDecl
}

// add records that gc may mean node, as a kind, by pos.
func (x *index) add(pos token.Pos, c candidate) {
	wanted := x.wanted[pos]
	s, inSpan := x.span(pos)
	if !wanted && !inSpan {
		return
	}
	c.generic = x.decl != nil && isGeneric(x.decl)
	if wanted {
		x.nodes[pos] = append(x.nodes[pos], c)
	}
	if inSpan {
		x.inSpan[s] = append(x.inSpan[s], c)
	}
}

// wants reports whether gc mentions pos, as far as it tells positions.
func (x *index) wants(pos token.Pos) bool {
	if x.wanted[pos] {
		return true
	}
	_, ok := x.span(pos)
	return ok
}

// span returns the span that pos lies in.
func (x *index) span(pos token.Pos) (span, bool) {
	i, found := slices.BinarySearchFunc(x.spans, pos, func(s span, pos token.Pos) int { return cmp.Compare(s.from, pos) })
	if !found {
		i-- // the last one that begins before pos
	}
	if i < 0 || pos > x.spans[i].to {
		return span{}, false
	}
	return x.spans[i], true
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
		x.funcType(n)
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

// funcType adds the unnamed results, which gc calls ~r0, ~r1 and puts at
// their types, and numbers the others.
func (x *index) funcType(n *ast.FuncType) {
	if n.Results == nil {
		return
	}
	i := 0
	for _, field := range n.Results.List {
		if len(field.Names) == 0 {
			x.add(field.Type.Pos(), candidate{node: field.Type, kind: Moved})
			i++
		}
		for _, name := range field.Names {
			if v, ok := x.info.Defs[name].(*types.Var); ok {
				x.results[v] = i
			}
			i++
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

// tuple adds an expression whose several values are converted at one
// statement: gc names the statement's position.
func (x *index) tuple(pos token.Pos, values []ast.Expr) {
	if len(values) != 1 || !x.wants(pos) {
		return
	}
	value := ast.Unparen(values[0])
	if t, ok := x.info.TypeOf(value).(*types.Tuple); ok && t.Len() > 1 {
		x.add(pos, candidate{node: value, kind: Box})
	}
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
