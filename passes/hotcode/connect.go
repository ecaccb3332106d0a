package hotcode

import (
	"cmp"
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/callgraph/vta"
	"golang.org/x/tools/go/ssa"
)

// connect adds the edges of all bodies.
func (g *graph) connect(runnable map[*ssa.Function]bool, cat *catalogue) {
	dynamic := make(map[ssa.CallInstruction][]*ssa.Function)
	g.calls = vta.CallGraph(runnable, nil)
	for fn, n := range g.calls.Nodes {
		if !runnable[fn] {
			continue
		}
		for _, e := range n.Out {
			if e.Site.Common().StaticCallee() == nil {
				dynamic[e.Site] = append(dynamic[e.Site], e.Callee.Func)
			}
		}
	}
	for _, fns := range dynamic {
		slices.SortFunc(fns, func(a, b *ssa.Function) int {
			return cmp.Or(strings.Compare(a.String(), b.String()), cmp.Compare(a.Pos(), b.Pos()))
		})
	}
	known := newCallbacks(g, cat)
	forwards := newForwards(g.funcs, dynamic)
	for _, fn := range g.funcs {
		n := g.fold(fn)
		if n == nil {
			continue // a dependency's function
		}
		c := connector{graph: g, node: n, dynamic: dynamic, forwards: forwards, callbacks: known}
		for _, block := range fn.Blocks {
			for _, instr := range block.Instrs {
				c.instr(instr)
			}
		}
	}
	for _, n := range g.nodes {
		slices.SortStableFunc(n.out, func(a, b edge) int {
			return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.site.Pos(), b.site.Pos()), cmp.Compare(a.to.id, b.to.id))
		})
		if lit, ok := n.syntax.(*ast.FuncLit); ok && lit != nil {
			n.parent = g.fold(n.fn.Parent())
		}
	}
}

// A connector adds the edges of one body.
type connector struct {
	*graph
	node      *node
	dynamic   map[ssa.CallInstruction][]*ssa.Function
	forwards  *forwards
	callbacks *callbacks
}

func (c *connector) edge(fn *ssa.Function, kind edgeKind, site ssa.Instruction, only bool) {
	if to := c.fold(fn); to != nil {
		c.node.out = append(c.node.out, edge{to, kind, site, only})
	}
}

func (c *connector) instr(instr ssa.Instruction) {
	if box, ok := instr.(*ssa.MakeInterface); ok {
		c.box(box)
	}
	site, isCall := instr.(ssa.CallInstruction)
	var called ssa.Value
	if isCall {
		called = site.Common().Value
		c.call(site)
	}
	var operands [16]*ssa.Value
	for _, op := range instr.Operands(operands[:0]) {
		if *op == called {
			continue
		}
		if fn, ok := (*op).(*ssa.Function); ok && fn != nil {
			c.edge(fn, creates, instr, false)
		}
	}
}

// box adds the edges of a conversion to an interface of another module:
// wherever the value goes, that interface is what it is made for.
func (c *connector) box(box *ssa.MakeInterface) {
	if foreign(c.graph, box.Type()) == nil {
		return // error, any, or an interface whose calls are resolved
	}
	for _, method := range c.callbacks.methods(box.X.Type(), box.Type(), nil) {
		c.edge(method, callback, box, false)
	}
}

// call adds the edges of a call, go or defer statement.
func (c *connector) call(site ssa.CallInstruction) {
	kind := calls
	if _, ok := site.(*ssa.Go); ok {
		kind = spawns
	}
	common := site.Common()
	static := common.StaticCallee()
	if static != nil {
		c.edge(static, kind, site, true)
	}
	targets := c.dynamic[site]
	if common.IsInvoke() && c.owns(common.Method.Pkg()) && (len(targets) == 0 || c.callbacks.gets(common.Signature())) {
		// Values that reflection makes do not flow here in any way that the
		// source shows: take what may be behind the interface.
		targets = append(slices.Clip(targets), c.callbacks.implementations(common.Value.Type(), common.Method)...)
	}
	for _, fn := range targets {
		if !c.forwards.away[site][fn] {
			c.edge(fn, kind, site, len(targets) == 1)
		}
	}
	for _, run := range c.forwards.runs[site] {
		c.edge(run.fn, run.kind, site, true)
	}
	if static != nil && c.fold(static) != nil {
		return // what it does with its arguments is in its own body
	}
	fn := callee(common)
	if fn == nil || c.owns(fn.Pkg()) {
		return // a function value, or a method of an interface of ours
	}
	row, reflects := c.callbacks.call("reflect", fn)
	shift := 0
	if !common.IsInvoke() && common.Signature().Recv() != nil {
		shift = 1
	}
	for i, arg := range common.Args {
		c.handOver(site, arg, paramType(common, i), fn.Pkg(), reflects && slices.Contains(row.args, i-shift))
	}
}

// handOver adds the edges for an argument of a call of another module.
func (c *connector) handOver(site ssa.CallInstruction, arg ssa.Value, param types.Type, pkg *types.Package, reflects bool) {
	for _, v := range valuesOf(arg) {
		switch v := v.(type) {
		case *ssa.Function:
			c.edge(v, hands, site, false)
		case *ssa.MakeClosure:
			c.edge(v.Fn.(*ssa.Function), hands, site, false)
		case *ssa.MakeInterface:
			for _, method := range c.callbacks.methods(v.X.Type(), param, pkg) {
				c.edge(method, callback, site, false)
			}
			if reflects {
				for _, method := range c.callbacks.exported(v.X.Type()) {
					c.edge(method, callback, site, false)
				}
			}
		default:
			for _, method := range c.callbacks.boxed(v.Type()) {
				c.edge(method, callback, site, false)
			}
		}
	}
}

// paramType returns the type of the parameter that takes the i-th argument
// of call, or nil for the receiver of a static method call.
func paramType(call *ssa.CallCommon, i int) types.Type {
	sig := call.Signature()
	if !call.IsInvoke() && sig.Recv() != nil {
		i--
	}
	if i < 0 || i >= sig.Params().Len() {
		return nil
	}
	t := sig.Params().At(i).Type()
	if slice, ok := t.(*types.Slice); ok && sig.Variadic() && i == sig.Params().Len()-1 {
		return slice.Elem()
	}
	return t
}
