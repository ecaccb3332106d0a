package hotcode

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// A root is a reason for a function to be hot, or warm, by itself.
type root struct {
	node  *node
	grade Grade
	label string
	loops []span // only these loops of the function run often; nil for all of it
}

// A finder finds the roots and the set-up sinks of a graph.
type finder struct {
	*graph
	*catalogue
	roots map[*node]*root
	cold  map[*node]string // cold whatever calls it, and why
	sinks map[*node]bool   // calls a function that only set-up calls
}

func newFinder(g *graph, known *catalogue) *finder {
	return &finder{
		graph:     g,
		catalogue: known,
		roots:     make(map[*node]*root),
		cold:      make(map[*node]string),
		sinks:     make(map[*node]bool),
	}
}

// find fills f's maps.
func (f *finder) find() {
	f.directives()
	for _, n := range f.nodes {
		f.signature(n)
	}
	f.methods()
	for _, fn := range f.funcs {
		n := f.fold(fn)
		if n == nil {
			continue // a dependency's function
		}
		for _, block := range fn.Blocks {
			for _, instr := range block.Instrs {
				f.instr(n, instr)
			}
		}
	}
	f.cool()
	f.coolDoubles()
	f.coolReplies()
}

// add records a root, unless its function is one already: what is known by
// hand or by type is worth more than a loop.
func (f *finder) add(n *node, grade Grade, label string, loops []span) {
	if n == nil || n.test || f.cold[n] != "" || n.syntax == nil {
		return
	}
	old := f.roots[n]
	switch {
	case old == nil, old.loops != nil && loops == nil, old.grade < grade && loops == nil:
		f.roots[n] = &root{n, grade, label, loops}
	case old.loops != nil && loops != nil && old.grade == grade:
		old.loops = append(old.loops, loops...)
	case old.loops != nil && loops != nil && old.grade < grade:
		f.roots[n] = &root{n, grade, label, loops}
	}
}

// signature makes n a root if its type is that of a handler.
func (f *finder) signature(n *node) {
	sig := n.fn.Signature
	if sig.TypeParams().Len() > 0 || n.syntax == nil {
		return
	}
	for _, s := range f.shapes {
		if s.sig != nil && types.Identical(types.NewSignatureType(nil, nil, nil, sig.Params(), sig.Results(), sig.Variadic()), s.sig) {
			f.add(n, s.grade, s.label, nil)
		}
	}
}

// instr looks for registrations, handler fields, receive loops and sinks.
func (f *finder) instr(n *node, instr ssa.Instruction) {
	switch instr := instr.(type) {
	case ssa.CallInstruction:
		f.callSite(n, instr)
	case *ssa.Store:
		addr, ok := instr.Addr.(*ssa.FieldAddr)
		if !ok {
			return
		}
		strct := addr.X.Type().Underlying().(*types.Pointer).Elem()
		field := strct.Underlying().(*types.Struct).Field(addr.Field)
		if row, ok := f.field(strct, field.Name()); ok {
			f.register(instr.Val, field.Type(), row)
		}
	case *ssa.UnOp:
		if instr.Op == token.ARROW {
			f.received(n, instr.X.Type(), instr.Pos())
		}
	case *ssa.Select:
		for _, state := range instr.States {
			if state.Dir == types.RecvOnly {
				f.received(n, state.Chan.Type(), state.Pos)
			}
		}
	}
}

func (f *finder) callSite(n *node, site ssa.CallInstruction) {
	common := site.Common()
	fn := callee(common)
	if fn == nil || f.owns(fn.Pkg()) {
		return
	}
	if _, ok := f.call("sink", fn); ok || isServiceRegistration(fn) || f.facts.setsUp[fn] {
		f.sinks[n] = true
	}
	if row, ok := f.call("receive", fn); ok {
		f.loop(n, row, site.Pos(), 2)
	}
	for _, arg := range f.handedOver(common) {
		f.register(arg.value, arg.param, arg.rule)
	}
}

// An argument is a value that is handed over to be called.
type argument struct {
	value ssa.Value
	param types.Type
	rule
}

// handedOver returns the arguments of a call that the callee has called per
// request, or once, as the table or a fact says.
func (f *finder) handedOver(call *ssa.CallCommon) []argument {
	fn := callee(call)
	row, ok := f.call("call", fn)
	if !ok {
		row, ok = f.call("sync", fn)
	}
	if fact := f.facts.params[fn]; fact != nil {
		row, ok = rule{grade: fact.Grade, label: fact.Root, args: fact.Params}, true
	}
	if !ok {
		return nil
	}
	shift := 0
	if !call.IsInvoke() && call.Signature().Recv() != nil {
		shift = 1
	}
	var args []argument
	for i, arg := range call.Args {
		if i >= shift && (row.args == nil || slices.Contains(row.args, i-shift)) {
			args = append(args, argument{arg, paramType(call, i), row})
		}
	}
	return args
}

// register makes roots of the functions that v may be. Of other values they
// are the methods that a parameter of type param has, or the exported ones
// if it is any.
func (f *finder) register(v ssa.Value, param types.Type, row rule) {
	var iface *types.Interface
	if param != nil {
		iface, _ = param.Underlying().(*types.Interface)
	}
	for _, v := range valuesOf(v) {
		switch v := v.(type) {
		case *ssa.Function:
			f.mark(f.fold(v), row)
		case *ssa.MakeClosure:
			f.mark(f.fold(v.Fn.(*ssa.Function)), row)
		case *ssa.MakeInterface:
			named := namedOf(v.X.Type())
			if named == nil || isFunc(v.X.Type()) || !f.owns(named.Obj().Pkg()) {
				continue
			}
			for method := range named.Methods() {
				if method.Exported() && (iface == nil || iface.NumMethods() == 0 || hasMethod(iface, method.Name())) {
					f.mark(f.fold(f.prog.Prog.FuncValue(method)), row)
				}
			}
		}
	}
}

func (f *finder) mark(n *node, row rule) {
	if n == nil {
		return
	}
	if row.grade == Cold {
		if old := f.roots[n]; old == nil || !strings.HasPrefix(old.label, "//") {
			f.cold[n] = row.label
			delete(f.roots, n)
		}
		return
	}
	f.add(n, row.grade, row.label, nil)
}

// received makes a loop of n that receives from a channel a root, if
// messages or ticks come over channels of this type.
func (f *finder) received(n *node, t types.Type, pos token.Pos) {
	ch, ok := t.Underlying().(*types.Chan)
	if !ok {
		return
	}
	if row, ok := f.message(ch.Elem()); ok {
		f.loop(n, row, pos, 0)
	}
}

// loop makes the loop around pos in n a root; if there is none, the loops
// around the static calls of n, up to the given number of calls away.
func (f *finder) loop(n *node, row rule, pos token.Pos, depth int) {
	if l, ok := innermost(loopsOf(n.syntax), pos); ok {
		f.add(n, row.grade, row.label, []span{l.body})
		return
	}
	if depth == 0 {
		return
	}
	for _, e := range n.in {
		if site, ok := e.site.(ssa.CallInstruction); ok && e.kind == calls && site.Common().StaticCallee() != nil {
			f.loop(e.to, row, site.Pos(), depth-1)
		}
	}
}
