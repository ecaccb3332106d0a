package goroutineleak

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// A node is a class of values that may be the same channel, context, cancel
// function, WaitGroup or Cond, or addresses and containers of those.
// Classes are found by unification: what is assigned to each other is one
// class, and all objects of a struct type share the classes of its fields.
type node struct {
	up   *node // towards the representative of the class; nil there
	elem *node // what is read through an address, from a container or a channel

	open  bool // code that is not at hand may have it, too
	ticks bool // a timer's channel: it delivers by itself and is never closed

	makes    []*ssa.MakeChan
	ops      []*op       // what is done with it
	contexts []ctxSource // of a context: where it comes from
	done     []*node     // of a channel: the contexts whose Done it is
}

// A ctxSource is one way to make a context.
type ctxSource struct {
	parent *node // what it is derived from
	cancel *node // the function that ends it; nil for values
	timed  bool  // ends by itself
}

// rep returns the representative of n's class.
func (n *node) rep() *node {
	for n.up != nil {
		if n.up.up != nil {
			n.up = n.up.up
		}
		n = n.up
	}
	return n
}

// unify makes one class of two.
func unify(a, b *node) {
	a, b = a.rep(), b.rep()
	if a == b {
		return
	}
	b.up = a
	a.open = a.open || b.open
	a.ticks = a.ticks || b.ticks
	a.makes = append(a.makes, b.makes...)
	a.contexts = append(a.contexts, b.contexts...)
	a.done = append(a.done, b.done...)
	a.ops = append(a.ops, b.ops...)
	switch {
	case a.elem == nil:
		a.elem = b.elem
	case b.elem != nil:
		unify(a.elem, b.elem)
	}
}

// content returns the class of what is read through n.
func (n *node) content() *node {
	n = n.rep()
	if n.elem == nil {
		n.elem = &node{open: n.open}
	}
	return n.elem.rep()
}

// expose notes that code that is not at hand may have values of n's class,
// and with them what is read through them.
func (n *node) expose() {
	for n = n.rep(); !n.open; n = n.elem.rep() {
		n.open = true
		if n.elem == nil {
			return
		}
	}
}

// A result is the key of a function's i-th result.
type result struct {
	fn *ssa.Function
	i  int
}

// A field is the key of the address of a struct field.
type field struct{ v *types.Var }

// node returns the class of a value, or of a result or field.
func (m *model) node(key any) *node {
	if v, ok := key.(*ssa.FieldAddr); ok {
		key = field{fieldOf(v.X.Type(), v.Field)}
	}
	n := m.nodes[key]
	if n == nil {
		n = &node{}
		m.nodes[key] = n
		switch key := key.(type) {
		case field:
			m.describeField(key.v, n)
		case *ssa.Global:
			n.expose() // reachable for ever, and from everywhere
			n.content().expose()
		}
	}
	return n.rep()
}

// describeField says what is known of a field of all objects of its type.
func (m *model) describeField(v *types.Var, n *node) {
	if m.owns(v) {
		if m.library && public(v) {
			n.expose()
			n.content().expose()
		}
		return
	}
	n.expose()
	n.content().expose()
	if v.Pkg() != nil && v.Pkg().Path() == "time" && v.Name() == "C" {
		n.content().ticks = true
	}
}

// public reports whether importers from other modules can name obj.
func public(obj types.Object) bool {
	return obj.Exported() && obj.Pkg() != nil && obj.Pkg().Name() != "main" && !internalPath(obj.Pkg().Path())
}

// fieldOf returns the i-th field, as declared, of the struct that t is or
// points to.
func fieldOf(t types.Type, i int) *types.Var {
	if ptr, ok := t.Underlying().(*types.Pointer); ok {
		t = ptr.Elem()
	}
	if p, ok := types.Unalias(t).(*types.TypeParam); ok {
		t = p.Constraint() // a type parameter whose type set is one struct type
	}
	return t.Underlying().(*types.Struct).Field(i).Origin()
}

// relevant reports whether values of type t are followed.
func (m *model) relevant(t types.Type) bool {
	if t == nil {
		return false
	}
	known, ok := m.types[t]
	if !ok {
		known = relevant(t, 0)
		m.types[t] = known
	}
	return known
}

func relevant(t types.Type, depth int) bool {
	const maxDepth = 4 // **[]chan T
	if depth > maxDepth {
		return false
	}
	if named, ok := types.Unalias(t).(*types.Named); ok && named.Obj().Pkg() != nil {
		switch named.Obj().Pkg().Path() + "." + named.Obj().Name() {
		case "context.Context", "context.CancelFunc", "context.CancelCauseFunc",
			"sync.WaitGroup", "sync.Cond":
			return true
		}
	}
	switch u := t.Underlying().(type) {
	case *types.Chan:
		return true
	case *types.Pointer:
		return relevant(u.Elem(), depth+1)
	case *types.Slice:
		return relevant(u.Elem(), depth+1)
	case *types.Array:
		return relevant(u.Elem(), depth+1)
	case *types.Map:
		return relevant(u.Elem(), depth+1) || relevant(u.Key(), depth+1)
	}
	return false
}

// assign unifies the classes of two values, if they are of a kind that is
// followed.
func (m *model) assign(to, from ssa.Value) {
	if _, isNil := from.(*ssa.Const); isNil || !m.relevant(from.Type()) {
		return
	}
	if !m.relevant(to.Type()) {
		m.node(from).expose()
		return
	}
	unify(m.node(to), m.node(from))
}

// flow notes how values flow through instr.
func (m *model) flow(instr ssa.Instruction) {
	switch instr := instr.(type) {
	case *ssa.MakeChan:
		n := m.node(instr)
		n.makes = append(n.makes, instr)
	case *ssa.Store:
		m.into(m.node(instr.Addr), instr.Val)
	case *ssa.MapUpdate:
		m.into(m.node(instr.Map), instr.Key)
		m.into(m.node(instr.Map), instr.Value)
	case *ssa.Send:
		m.into(m.node(instr.Chan), instr.X)
	case *ssa.Select:
		for _, s := range instr.States {
			if s.Send != nil {
				m.into(m.node(s.Chan), s.Send)
			}
		}
	case *ssa.Return:
		for i, v := range instr.Results {
			if _, isNil := v.(*ssa.Const); !isNil && m.relevant(v.Type()) {
				unify(m.node(result{instr.Parent(), i}), m.node(v))
			}
		}
	case *ssa.MakeClosure:
		for i, b := range instr.Bindings {
			m.assign(instr.Fn.(*ssa.Function).FreeVars[i], b)
		}
	case *ssa.MakeInterface:
		m.box(instr)
	case ssa.CallInstruction:
		m.callFlow(instr)
	case ssa.Value:
		m.valueFlow(instr)
	}
}

// into notes that v is stored where to leads.
func (m *model) into(to *node, v ssa.Value) {
	if _, isNil := v.(*ssa.Const); !isNil && m.relevant(v.Type()) {
		unify(to.content(), m.node(v))
	}
}

// from notes that v is read where of leads.
func (m *model) from(v, of ssa.Value) {
	if m.relevant(v.Type()) {
		unify(m.node(v), m.node(of).content())
	}
}

// valueFlow notes where a value that an instruction makes comes from.
func (m *model) valueFlow(v ssa.Value) {
	switch v := v.(type) {
	case *ssa.UnOp:
		if v.Op == token.MUL || v.Op == token.ARROW && !v.CommaOk {
			m.from(v, v.X)
		}
	case *ssa.Field:
		if m.relevant(v.Type()) {
			unify(m.node(v), m.node(field{fieldOf(v.X.Type(), v.Field)}).content())
		}
	case *ssa.IndexAddr:
		if m.relevant(v.Type()) {
			unify(m.node(v).content(), m.node(v.X).content())
		}
	case *ssa.Index:
		m.assign(v, v.X)
	case *ssa.Lookup:
		if !v.CommaOk {
			m.from(v, v.X)
		}
	case *ssa.Slice:
		m.assign(v, v.X)
	case *ssa.Phi:
		for _, e := range v.Edges {
			m.assign(v, e)
		}
	case *ssa.ChangeType:
		m.assign(v, v.X)
	case *ssa.Convert:
		m.assign(v, v.X)
	case *ssa.TypeAssert:
		if m.relevant(v.AssertedType) {
			m.node(v).expose()
		}
	case *ssa.Extract:
		if m.relevant(v.Type()) {
			m.extract(v)
		}
	}
}

// extract notes where one of several results comes from.
func (m *model) extract(v *ssa.Extract) {
	switch tuple := v.Tuple.(type) {
	case *ssa.Call:
		m.result(v, tuple, v.Index)
	case *ssa.UnOp:
		m.from(v, tuple.X)
	case *ssa.Lookup:
		m.from(v, tuple.X)
	case *ssa.Next:
		if r, ok := tuple.Iter.(*ssa.Range); ok {
			m.from(v, r.X)
		}
	case *ssa.Select:
		i := v.Index - 2 // the received values follow index and ok
		for _, s := range tuple.States {
			if s.Dir != types.RecvOnly {
				continue // receives nothing
			}
			if i == 0 {
				m.from(v, s.Chan)
			}
			i--
		}
	default:
		m.node(v).expose()
	}
}

// box notes what a conversion to an interface does: methods of a channel
// type are called through it, and whatever else is done with it is not
// followed.
func (m *model) box(box *ssa.MakeInterface) {
	if !m.relevant(box.X.Type()) {
		if m.relevant(box.Type()) {
			m.node(box).expose() // a context of a type of its own
		}
		return
	}
	iface, _ := box.Type().Underlying().(*types.Interface)
	methods := m.prog.Prog.MethodSets.MethodSet(box.X.Type())
	if methods.Len() == 0 || iface == nil || iface.NumMethods() == 0 {
		m.node(box.X).expose()
		return
	}
	for sel := range methods.Methods() {
		fn := m.prog.Prog.MethodValue(sel)
		if fn == nil || !m.prog.Has(fn) || len(fn.Params) == 0 {
			m.node(box.X).expose()
			return
		}
		m.assign(fn.Params[0], box.X)
	}
}
