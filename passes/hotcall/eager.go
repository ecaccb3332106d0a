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

// A guard is the condition on which alone a function looks at its variadic
// arguments, one that seldom holds.
type guard struct {
	text   string         // in the words of the function: "!cond", "c.debug"
	param  *ssa.Parameter // that decides, or nil
	fails  bool           // what it guards panics, or returns an error
	hidden bool           // other packages cannot ask
}

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
	if fn == nil || call.Ellipsis.IsValid() || !takesAny(fn) {
		return
	}
	first := fn.Signature().Params().Len() - 1
	heat := c.Heat.At(call)
	if len(call.Args) <= first || heat.Func == nil || heat.Func.SSA == nil {
		return
	}
	g, ok := guardOf(heat.Func.SSA.Prog.FuncValue(fn.Origin()))
	if !ok || asked(c, cur, g) {
		return
	}
	name := typeid.Name(fn, c.Pass.Pkg)
	then := "test that before the call"
	if g.hidden && fn.Pkg() != c.Pass.Pkg {
		then = "let its callers ask first"
	}
	finding := hotsite.Finding{
		Pos: call.Pos(), End: call.Lparen,
		Text:   name + " boxes its arguments although it uses them only if " + g.text + ": " + then,
		Advice: true,
	}
	if g.param != nil && g.fails {
		arg := argument(call, g.param)
		if arg == nil || c.Info.Types[arg].Value != nil {
			return // known when the call is written
		}
		finding.Advice = !isBool(g.param.Type())
	}
	finding.Site, finding.Bytes = boxed(c, call.Args[first:])
	c.Report(cur, finding)
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

// guardOf returns the guard of fn's last parameter, if it has one and its
// body is at hand.
func guardOf(fn *ssa.Function) (g guard, ok bool) {
	if fn == nil || len(fn.Blocks) == 0 || len(fn.Params) == 0 {
		return g, false
	}
	uses := *fn.Params[len(fn.Params)-1].Referrers()
	if len(uses) == 0 {
		return g, false
	}
	failures := hotcode.NewFailures()
	for _, b := range fn.Blocks {
		test, isIf := b.Instrs[len(b.Instrs)-1].(*ssa.If)
		if !isIf {
			continue
		}
		for i, next := range b.Succs {
			if len(next.Preds) == 1 && allIn(uses, next) {
				g.fails = failures.Block(next)
				if g.recognize(fn, test.Cond, i == 0) {
					return g, true
				}
			}
		}
	}
	return g, false
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

// recognize reports whether cond is of a kind that is seldom want in a call
// of fn: the condition of a failure that a parameter decides, or one with
// the name of a level that is usually off.
func (g *guard) recognize(fn *ssa.Function, cond ssa.Value, want bool) bool {
	switch v := cond.(type) {
	case *ssa.UnOp:
		if v.Op == token.NOT {
			return g.recognize(fn, v.X, !want)
		}
	case *ssa.BinOp:
		p, ok := v.X.(*ssa.Parameter)
		k, isConst := v.Y.(*ssa.Const)
		if !ok || !isConst || !k.IsNil() || !typeid.IsError(p.Type()) || (v.Op == token.NEQ) != want {
			return false
		}
		g.param, g.text = p, p.Name()+" != nil"
		return v.Op == token.NEQ || v.Op == token.EQL
	case *ssa.Parameter:
		g.param, g.text = v, v.Name()
		if !want {
			g.text = "!" + g.text
		}
		return g.fails || want && off(g.text)
	}
	g.text = described(cond)
	g.hidden = !ast.IsExported(g.last())
	return want && g.text != "" && (off(g.text) || off(fn.Name()))
}

// last returns the last name of what the guard asks.
func (g *guard) last() string {
	text := strings.TrimSuffix(g.text, "()")
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

// argument returns what call passes for p, or nil.
func argument(call *ast.CallExpr, p *ssa.Parameter) ast.Expr {
	params := p.Parent().Signature.Params()
	for i := range min(params.Len(), len(call.Args)) {
		if params.At(i) == p.Object() {
			return call.Args[i]
		}
	}
	return nil
}

func isBool(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsBoolean != 0
}

// asked reports whether the function around cur has tested what g asks
// before the call there.
func asked(c *hotsite.Checker, cur inspector.Cursor, g guard) bool {
	name := g.last()
	if g.param != nil {
		arg := argument(cur.Node().(*ast.CallExpr), g.param)
		if arg == nil {
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
