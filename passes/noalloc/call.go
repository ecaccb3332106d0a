package noalloc

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/internal/program"
	"github.com/heapvet/heapvet/passes/internal/typeid"
)

// block looks at the calls of a block.
func (b *body) block(block *ssa.BasicBlock) {
	for _, instr := range block.Instrs {
		switch instr := instr.(type) {
		case *ssa.Go:
			// The statement itself is told. What runs is another goroutine.
		case ssa.CallInstruction:
			b.call(instr)
		}
	}
}

// A callee is what a call runs.
type callee struct {
	name    string
	causes  []cause
	fn      *ssa.Function // whose parameters the causes are about; nil for another package's
	unknown bool          // nothing is known about it
	rests   int           // the depth of the outermost function being judged that this rests on
}

// call adds the causes of what site calls.
func (b *body) call(site ssa.CallInstruction) {
	common := site.Common()
	if _, ok := common.Value.(*ssa.Builtin); ok {
		return
	}
	if common.IsInvoke() {
		b.invoke(site)
		return
	}
	if fn := common.StaticCallee(); fn != nil {
		b.compose(site, b.static(fn))
		return
	}
	b.dynamic(site, common.Value, "")
}

// static returns what is known about fn.
func (c *checker) static(fn *ssa.Function) callee {
	if origin := fn.Origin(); origin != nil {
		fn = origin
	}
	obj, _ := fn.Object().(*types.Func)
	if obj != nil && obj.Pkg() != nil && obj.Pkg() != c.pass.Pkg {
		return c.imported(obj.Origin())
	}
	if obj != nil {
		if row, ok := c.free.of(obj); ok {
			name := typeid.Name(obj, c.pass.Pkg)
			return callee{name: name, causes: row.causes(name)}
		}
		if declared := fn.Prog.FuncValue(obj.Origin()); declared != nil && declared.Syntax() != nil {
			fn = declared // fn is a wrapper of a method, or an instance
		}
	}
	causes, rests := c.judge(fn)
	if trusted(fn) {
		causes = promised(fn, causes)
	}
	return callee{name: c.nameOf(fn), causes: summary(causes), fn: fn, rests: rests}
}

// nameOf returns how messages call fn, a function of this package.
func (c *checker) nameOf(fn *ssa.Function) string {
	if obj, ok := fn.Object().(*types.Func); ok {
		return typeid.Name(obj, c.pass.Pkg)
	}
	return "a function literal"
}

// imported returns what is known about a function of another package.
func (c *checker) imported(fn *types.Func) callee {
	out := callee{name: typeid.Name(fn, c.pass.Pkg)}
	if row, ok := c.free.of(fn); ok {
		out.causes = row.causes(out.name)
		return out
	}
	fact := new(allocs)
	if c.pass.ImportObjectFact(fn, fact) {
		for _, e := range fact.Effects {
			out.causes = append(out.causes, cause{effect: e})
		}
		return out
	}
	if c.pass.ImportPackageFact(fn.Pkg(), new(judged)) && nameable(fn) {
		return out
	}
	if row := c.costs.Of(fn); row != nil {
		text := fmt.Sprintf("%s makes %s", out.name, amount(row.Allocs, row.Bytes))
		out.causes = []cause{{effect: effect{Kind: allocates, Text: text}}}
		return out
	}
	out.unknown = true
	return out
}

func amount(allocs, bytes int64) string {
	if allocs == 1 {
		return fmt.Sprintf("1 allocation, %d B", bytes)
	}
	return fmt.Sprintf("%d allocations, %d B", allocs, bytes)
}

// compose adds the causes of callee, which site calls.
func (b *body) compose(site ssa.CallInstruction, to callee) {
	pos, end := b.place(site)
	if to.rests > 0 {
		b.loop.note(site, to)
	}
	if to.unknown {
		b.add(cause{effect: effect{Kind: unknown, Text: to.name + unproved}, pos: pos, end: end})
		return
	}
	node := b.calls[site.Pos()]
	inlined := node != nil && len(b.gc.InlinedCalls(node)) > 0
	for _, c := range to.causes {
		switch {
		case c.Compiler && inlined:
			continue // judged anew where it is inlined
		case c.Param > 0 && c.owner == b.fn:
			c.pos, c.end = pos, end // a literal calls a parameter of the function it is in
			b.add(c)
			continue
		case c.Param > 0 && c.owner == to.fn:
			if args := program.Args(site); c.Param <= len(args) {
				b.dynamic(site, args[c.Param-1], c.Method)
			}
			continue
		}
		c.Compiler, c.pos, c.end = false, pos, end
		if len(c.Chain) > 0 || c.Where != "" || c.Kind == unasked {
			c.Chain = after(to.name, c.Chain)
		}
		b.add(c)
	}
}

// invoke judges a call through an interface.
func (b *body) invoke(site ssa.CallInstruction) {
	common := site.Common()
	iface, _ := types.Unalias(common.Value.Type()).(*types.Named)
	if b.whole && iface != nil && b.ours(iface.Obj().Pkg()) && b.implementers(site) {
		return
	}
	b.dynamic(site, common.Value, common.Method.Name())
}

// ours reports whether pkg is analysed.
func (b *body) ours(pkg *types.Package) bool {
	return pkg != nil && (b.ssa.Program.Of(pkg) != nil)
}

// implementers adds the causes of all methods that site may call, an
// interface method of the module; false if there is none.
func (b *body) implementers(site ssa.CallInstruction) bool {
	node := b.heat.Calls().Nodes[site.Parent()]
	if node == nil {
		return false
	}
	found := false
	for _, edge := range node.Out {
		if edge.Site == site {
			found = true
			b.compose(site, b.static(edge.Callee.Func))
		}
	}
	return found
}

// dynamic judges a call of the function v, or of a method of v.
func (b *body) dynamic(site ssa.CallInstruction, v ssa.Value, method string) {
	pos, end := b.place(site)
	switch v := origin(v).(type) {
	case *ssa.Function:
		b.compose(site, b.static(v).opaque())
		return
	case *ssa.MakeClosure:
		b.compose(site, b.static(v.Fn.(*ssa.Function)).opaque())
		return
	case *ssa.Const:
		return // nil: not called
	case *ssa.Parameter:
		for i, p := range v.Parent().Params {
			if p == v && v.Parent().Parent() == nil {
				e := effect{Kind: kindOfParam(method), Text: called(v.Name(), v.Type(), method, b.pass.Pkg), Param: i + 1, Method: method}
				b.add(cause{e, pos, end, v.Parent()})
				return
			}
		}
	case *ssa.MakeInterface:
		obj, _, _ := types.LookupFieldOrMethod(v.X.Type(), true, b.pass.Pkg, method)
		if obj, ok := obj.(*types.Func); ok {
			b.compose(site, b.method(obj.Origin()).opaque())
			return
		}
	}
	b.add(cause{effect{Kind: kindOfParam(method), Text: called(b.text(site), v.Type(), method, b.pass.Pkg)}, pos, end, nil})
}

// opaque returns to with its causes about parameters turned into calls of
// something unknown: whoever calls it passes them.
func (to callee) opaque() callee {
	causes := make([]cause, len(to.causes))
	for i, c := range to.causes {
		if c.owner == to.fn {
			c.Param, c.Method = 0, ""
		}
		causes[i] = c
	}
	return callee{name: to.name, causes: causes, fn: to.fn, unknown: to.unknown, rests: to.rests}
}

// method returns what is known about the method obj.
func (c *checker) method(obj *types.Func) callee {
	if obj.Pkg() == c.pass.Pkg {
		if fn := c.ssa.Pkg.Prog.FuncValue(obj); fn != nil {
			return c.static(fn)
		}
	}
	if obj.Pkg() == nil {
		return callee{name: obj.Name(), unknown: true}
	}
	return c.imported(obj)
}

func kindOfParam(method string) kind {
	if method == "" {
		return byValue
	}
	return byMethod
}

// called says what is called: "it calls w.Write, a method of io.Writer".
func called(what string, t types.Type, method string, pkg *types.Package) string {
	if method == "" {
		return fmt.Sprintf("it calls %s, a function value", what)
	}
	name := types.TypeString(t, func(p *types.Package) string {
		if p == pkg {
			return ""
		}
		return p.Name()
	})
	return fmt.Sprintf("it calls %s of %s, an interface", method, name)
}

// text returns the source of what site calls.
func (b *body) text(site ssa.CallInstruction) string {
	switch n := b.calls[site.Pos()].(type) {
	case *ast.CallExpr:
		return strings.TrimSuffix(types.ExprString(n.Fun), "()")
	case *ast.RangeStmt:
		return types.ExprString(n.X)
	}
	return "a value"
}
