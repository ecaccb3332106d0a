package hotcall

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/hotcode"
	"github.com/heapvet/heapvet/passes/internal/hotsite"
	"github.com/heapvet/heapvet/passes/internal/typeid"
)

// A guard is the fact that a function looks at its variadic arguments on one
// condition only, which seldom holds.
type guard struct {
	Text   string // in the words of the function: "!cond", "c.debug"
	Param  int    // the parameter that decides, from 1 on; 0 if none does
	Fails  bool   // what it guards panics or returns an error, as a bool parameter tells
	Hidden bool   // other packages cannot ask
}

func (*guard) AFact() {}

// String is what tests want.
func (g *guard) String() string { return "onlyIf(" + g.Text + ")" }

// eager looks for values that are boxed for a function that seldom looks at
// them: an assertion that holds, a logger that is off.
//
//	func assert(cond bool, format string, args ...any) {
//		if !cond {
//			panic(fmt.Sprintf(format, args...))
//		}
//	}
func eager(c *hotsite.Checker, cur inspector.Cursor) {
	call := cur.Node().(*ast.CallExpr)
	fn := typeid.Callee(c.Info, call)
	if fn == nil || call.Ellipsis.IsValid() || !takesAny(fn) || methodExpr(c, call) {
		return
	}
	first := fn.Signature().Params().Len() - 1
	g := guardAt(c, call, fn)
	if len(call.Args) <= first || g == nil || asked(c, cur, g) {
		return
	}
	then := "test that before the call"
	if g.Hidden && fn.Pkg() != c.Pass.Pkg {
		then = "let its callers ask first"
	}
	finding := hotsite.Finding{
		Pos: call.Pos(), End: call.Lparen,
		Text:   typeid.Name(fn, c.Pass.Pkg) + " boxes its arguments although it uses them only if " + g.Text + ": " + then,
		Advice: !g.Fails,
	}
	finding.Site, finding.Bytes = boxed(c, call.Args[first:])
	c.Report(cur, finding)
}

// guardAt returns the guard of fn, which call calls, or nil.
func guardAt(c *hotsite.Checker, call *ast.CallExpr, fn *types.Func) *guard {
	heat := c.Heat.At(call)
	if heat.Func == nil || heat.Func.SSA == nil {
		return nil
	}
	if body := heat.Func.SSA.Prog.FuncValue(fn.Origin()); body != nil && len(body.Blocks) > 0 {
		return guardOf(body) // of this package, or the whole module is seen
	}
	if g := new(guard); fn.Pkg() != c.Pass.Pkg && c.Pass.ImportObjectFact(fn.Origin(), g) {
		return g
	}
	return nil
}

// export writes the facts of the package that c is about, for packages whose
// driver does not show them its source.
func export(c *hotsite.Checker) {
	for _, file := range c.Pass.Files {
		for _, decl := range file.Decls {
			decl, ok := decl.(*ast.FuncDecl)
			if !ok || decl.Body == nil || !decl.Name.IsExported() {
				continue
			}
			fn := c.Declared(decl)
			if fn == nil || !takesAny(fn) {
				continue
			}
			if g := guardOf(c.Heat.Func(decl).SSA); g != nil {
				c.Pass.ExportObjectFact(fn, g)
			}
		}
	}
}

// methodExpr reports whether call is (*T).M(t, ...), whose first argument is
// the receiver.
func methodExpr(c *hotsite.Checker, call *ast.CallExpr) bool {
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	return ok && c.Info.Types[sel.X].IsType()
}

// takesAny reports whether fn's last parameter is of type ...any.
func takesAny(fn *types.Func) bool {
	sig := fn.Signature()
	if !sig.Variadic() || sig.Recv() != nil && types.IsInterface(sig.Recv().Type()) {
		return false
	}
	last, ok := sig.Params().At(sig.Params().Len() - 1).Type().(*types.Slice)
	return ok && types.IsInterface(last.Elem()) && last.Elem().Underlying().(*types.Interface).Empty()
}

// guardOf returns the guard of fn's last parameter, or nil.
func guardOf(fn *ssa.Function) *guard {
	if fn == nil || len(fn.Blocks) == 0 || len(fn.Params) == 0 {
		return nil
	}
	uses := *fn.Params[len(fn.Params)-1].Referrers()
	if len(uses) == 0 {
		return nil
	}
	failures := hotcode.NewFailures()
	for _, b := range fn.Blocks {
		test, isIf := b.Instrs[len(b.Instrs)-1].(*ssa.If)
		if !isIf {
			continue
		}
		for i, next := range b.Succs {
			if len(next.Preds) == 1 && allIn(uses, next) {
				if g := guarded(fn, test.Cond, i == 0, failures.Block(next)); g != nil {
					return g
				}
			}
		}
	}
	return nil
}

// allIn reports whether all of uses are in blocks that b dominates.
func allIn(uses []ssa.Instruction, b *ssa.BasicBlock) bool {
	for _, use := range uses {
		if !b.Dominates(use.Block()) {
			return false
		}
	}
	return true
}

// guarded returns a guard of fn, whose arguments are used if cond is want, if
// that is of a kind which seldom holds: the condition of a failure that a
// parameter decides, or one with the name of a level that is usually off.
func guarded(fn *ssa.Function, cond ssa.Value, want, fails bool) *guard {
	switch v := cond.(type) {
	case *ssa.UnOp:
		if v.Op == token.NOT {
			return guarded(fn, v.X, !want, fails)
		}
	case *ssa.BinOp:
		p, ok := v.X.(*ssa.Parameter)
		k, isConst := v.Y.(*ssa.Const)
		if !ok || !isConst || !k.IsNil() || !typeid.IsError(p.Type()) || v.Op != token.NEQ && v.Op != token.EQL || (v.Op == token.NEQ) != want {
			return nil
		}
		return decidedBy(p, &guard{Text: p.Name() + " != nil"})
	case *ssa.Parameter:
		g := &guard{Text: v.Name(), Fails: fails}
		if !want {
			g.Text = "!" + g.Text
		}
		if fails || want && off(g.Text) {
			return decidedBy(v, g)
		}
		return nil
	}
	g := &guard{Text: described(cond)}
	g.Hidden = !ast.IsExported(g.last())
	if want && g.Text != "" && (off(g.Text) || off(fn.Name())) {
		return g
	}
	return nil
}

// decidedBy notes in g that p decides; nil if that is fn's receiver.
func decidedBy(p *ssa.Parameter, g *guard) *guard {
	params := p.Parent().Signature.Params()
	for i := range params.Len() {
		if params.At(i) == p.Object() {
			g.Param = i + 1
			return g
		}
	}
	return nil
}

// last returns the last name of what the guard asks.
func (g *guard) last() string {
	text := strings.TrimSuffix(g.Text, "()")
	return text[strings.LastIndexByte(text, '.')+1:]
}

// off reports whether a name tells of a level that is usually off, as those
// of well-known loggers do.
func off(name string) bool {
	name = strings.ToLower(name)
	return strings.Contains(name, "debug") || strings.Contains(name, "trace") || strings.Contains(name, "verbose")
}

// described returns the source of a variable, a field or a call, without
// its arguments; "" for others.
func described(v ssa.Value) string {
	switch v := v.(type) {
	case *ssa.Parameter:
		return v.Name()
	case *ssa.Global:
		return v.Name()
	case *ssa.UnOp:
		if v.Op == token.MUL {
			return described(v.X)
		}
	case *ssa.FieldAddr:
		return selected(v.X, v.X.Type(), v.Field)
	case *ssa.Field:
		return selected(v.X, v.X.Type(), v.Field)
	case *ssa.Call:
		name, recv := "", ""
		switch callee := v.Call.StaticCallee(); {
		case v.Call.IsInvoke():
			name, recv = v.Call.Method.Name(), described(v.Call.Value)
		case callee == nil:
			return ""
		case callee.Signature.Recv() != nil:
			name, recv = callee.Name(), described(v.Call.Args[0])
		default:
			name = callee.Name()
		}
		if recv != "" {
			name = recv + "." + name
		}
		return name + "()"
	}
	return ""
}

// selected returns the source of a field of x.
func selected(x ssa.Value, t types.Type, field int) string {
	s, ok := typeid.Deref(t).Underlying().(*types.Struct)
	of := described(x)
	if !ok || of == "" {
		return ""
	}
	return of + "." + s.Field(field).Name()
}

// asked reports whether the call at cur need not ask what g asks: the
// function around it has, or what decides is a constant.
func asked(c *hotsite.Checker, cur inspector.Cursor, g *guard) bool {
	name := g.last()
	if g.Param > 0 {
		arg := cur.Node().(*ast.CallExpr).Args[g.Param-1]
		if c.Info.Types[arg].Value != nil {
			return true
		}
		name = strings.TrimLeft(types.ExprString(arg), "!")
	}
	found := false
	for fn := range cur.Enclosing((*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
		for test := range fn.Preorder((*ast.IfStmt)(nil)) {
			stmt := test.Node().(*ast.IfStmt)
			if stmt.Pos() > cur.Node().Pos() {
				break
			}
			ast.Inspect(stmt.Cond, func(n ast.Node) bool {
				e, ok := n.(ast.Expr)
				sel, isSel := n.(*ast.SelectorExpr)
				found = found || ok && types.ExprString(e) == name || isSel && sel.Sel.Name == name
				return !found
			})
		}
	}
	return found
}
