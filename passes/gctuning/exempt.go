package gctuning

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/internal/callsite"
)

// exempting are beginnings of words in the name of a package, file,
// function or route whose purpose is to look at or steer the collector.
var exempting = []string{"debug", "pprof", "admin", "test", "bench", "diag", "profil", "heapdump", "expvar"}

// dumping are beginnings of words in the name of a handler or its route that
// is asked for the stacks of all goroutines, and says so.
var dumping = []string{"stack", "goroutine", "trace", "dump"}

// observing are beginnings of words in the name of a function or route that
// is asked for figures now and then.
var observing = []string{"metric", "stat", "health"}

// exempt reports whether fn is debug, admin, test or benchmark code by the
// name of its package, its file, itself or the route it is registered for,
// or writes a profile, for which a collection is the documented first step.
func (c *checker) exempt(fn *ssa.Function) bool {
	file := c.pass.Fset.Position(fn.Pos()).Filename
	names := append(c.names(fn), c.pass.Pkg.Path(), file[strings.LastIndexAny(file, `/\`)+1:])
	if slices.ContainsFunc(names, func(name string) bool { return speaksOf(exempting, name) }) {
		return true
	}
	return calls(fn, func(name string) bool {
		return name == "runtime/pprof.WriteHeapProfile" || name == "(*runtime/pprof.Profile).WriteTo"
	})
}

// observes reports whether fn answers a request for figures, by its name or
// its route.
func (c *checker) observes(fn *ssa.Function) bool {
	return slices.ContainsFunc(c.names(fn), func(name string) bool { return speaksOf(observing, name) })
}

// dumps reports whether the request that fn answers, or helps to answer, asks
// for stacks. The name of a helper tells what it does, not who wants it.
func (c *checker) dumps(fn *ssa.Function) bool {
	chain := c.heat.Func(fn.Syntax()).Chain
	names := slices.Clone(chain[:min(1, len(chain))])
	for _, root := range c.ssa.Funcs {
		if chain := c.heat.Func(root.Syntax()).Chain; len(chain) == 1 && slices.Equal(chain, names) {
			names = append(names, routes(c.pass, root)...)
		}
	}
	return slices.ContainsFunc(names, func(name string) bool { return speaksOf(dumping, name) })
}

// names returns the names of fn, of the functions around it and on the way
// to it, and of the routes they are registered for.
func (c *checker) names(fn *ssa.Function) []string {
	names := slices.Clone(c.heat.Func(fn.Syntax()).Chain)
	for f := fn; f != nil; f = f.Parent() {
		names = append(names, f.Name())
		names = append(names, routes(c.pass, f)...)
	}
	return names
}

// speaksOf reports whether a word of name begins like one of words. Words
// end where letters end or a capital follows a small one.
func speaksOf(words []string, name string) bool {
	start := true
	for i, r := range name {
		if start || unicode.IsUpper(r) {
			rest := strings.ToLower(name[i:])
			if slices.ContainsFunc(words, func(word string) bool { return strings.HasPrefix(rest, word) }) {
				return true
			}
		}
		start = !unicode.IsLetter(r)
	}
	return false
}

// routes returns the constant strings that stand beside a mention of fn in
// the arguments of a call, also as parts of what is computed there:
// mux.HandleFunc("/debug/gc", fn), mux.HandleFunc(s.path(gcPath), fn).
func routes(pass *analysis.Pass, fn *ssa.Function) []string {
	obj, _ := fn.Object().(*types.Func)
	var found []string
	for _, file := range pass.Files {
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			var texts []string
			mentions := false
			for _, arg := range call.Args {
				texts = append(texts, constants(pass.TypesInfo, arg)...)
				if conv, ok := ast.Unparen(arg).(*ast.CallExpr); ok && len(conv.Args) == 1 {
					arg = conv.Args[0] // http.HandlerFunc(f)
				}
				switch arg := ast.Unparen(arg).(type) {
				case *ast.FuncLit:
					mentions = mentions || arg == fn.Syntax()
				case *ast.Ident:
					mentions = mentions || obj != nil && pass.TypesInfo.Uses[arg] == obj
				case *ast.SelectorExpr:
					mentions = mentions || obj != nil && pass.TypesInfo.Uses[arg.Sel] == obj
				}
			}
			if mentions {
				found = append(found, texts...)
			}
			return true
		})
	}
	return found
}

// constants returns the constant strings in e: itself, what it is put
// together from, and the arguments of a call that makes it.
func constants(info *types.Info, e ast.Expr) []string {
	if v := info.Types[e].Value; v != nil {
		if v.Kind() != constant.String {
			return nil
		}
		return []string{constant.StringVal(v)}
	}
	var found []string
	switch e := ast.Unparen(e).(type) {
	case *ast.BinaryExpr:
		found = append(constants(info, e.X), constants(info, e.Y)...)
	case *ast.CallExpr:
		for _, arg := range e.Args {
			if v := info.Types[arg].Value; v != nil && v.Kind() == constant.String {
				found = append(found, constant.StringVal(v))
			}
		}
	}
	return found
}

// recovers reports whether fn handles a panic.
func recovers(fn *ssa.Function) bool {
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			if call, ok := instr.(ssa.CallInstruction); ok {
				if b, ok := call.Common().Value.(*ssa.Builtin); ok && b.Name() == "recover" {
					return true
				}
			}
		}
	}
	return false
}

// calls reports whether fn calls a function whose name match accepts.
func calls(fn *ssa.Function, match func(name string) bool) bool {
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			if call, ok := instr.(ssa.CallInstruction); ok && match(callsite.Name(call.Common())) {
				return true
			}
		}
	}
	return false
}

// switchedOff reports whether block runs only if an unexported variable of
// the package is true, which nothing in the package sets: tests do.
func (c *checker) switchedOff(block *ssa.BasicBlock) bool {
	for ; block.Idom() != nil; block = block.Idom() {
		branch, ok := block.Idom().Instrs[len(block.Idom().Instrs)-1].(*ssa.If)
		if !ok || len(block.Preds) != 1 || block.Idom().Succs[0] != block {
			continue // not the way on which a condition holds
		}
		load, ok := branch.Cond.(*ssa.UnOp)
		if !ok || load.Op != token.MUL {
			continue
		}
		if g, ok := load.X.(*ssa.Global); ok && g.Pkg == c.ssa.Pkg && g.Object() != nil && !g.Object().Exported() && !c.isSet(g) {
			return true
		}
	}
	return false
}

// isSet reports whether the package does more with a variable than to read
// it.
func (c *checker) isSet(g *ssa.Global) bool {
	for _, fn := range append([]*ssa.Function{c.ssa.Pkg.Func("init")}, c.ssa.Funcs...) {
		for _, block := range fn.Blocks {
			for _, instr := range block.Instrs {
				if load, ok := instr.(*ssa.UnOp); ok && load.X == g {
					continue // reads it
				}
				for _, op := range instr.Operands(nil) {
					if *op == g {
						return true
					}
				}
			}
		}
	}
	return false
}
