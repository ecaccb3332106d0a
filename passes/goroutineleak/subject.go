package goroutineleak

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/internal/program"
)

// A subject is what is judged: a class of channels or WaitGroups, or those
// channels of a class that are made at one place. A function that sends on
// whatever channel it is given puts all those into one class; which of them
// go where is told apart by following each.
type subject struct {
	class *node
	mk    *ssa.MakeChan      // nil for the whole class
	in    map[ssa.Value]bool // the values that may be the channels of mk
	ops   []*op
	has   map[*op]bool
}

// whole returns the class n as a subject.
func whole(n *node) *subject { return newSubject(n, nil, nil, n.rep().ops) }

func newSubject(n *node, mk *ssa.MakeChan, in map[ssa.Value]bool, ops []*op) *subject {
	s := &subject{class: n.rep(), mk: mk, in: in, ops: ops, has: make(map[*op]bool, len(ops))}
	for _, o := range ops {
		s.has[o] = true
	}
	return s
}

// made returns the channels that mk makes as a subject.
func (m *model) made(mk *ssa.MakeChan) *subject {
	n := m.node(mk)
	in := make(map[ssa.Value]bool)
	seen := map[vertex]bool{{value: mk}: true}
	queue := []vertex{{value: mk}}
	for len(queue) > 0 {
		v := queue[0]
		queue = queue[1:]
		if v.value != nil {
			in[v.value] = true
		}
		for _, to := range m.succs[v] {
			if !seen[to] {
				seen[to] = true
				queue = append(queue, to)
			}
		}
	}
	var ops []*op
	for _, o := range n.ops {
		if in[o.value] {
			ops = append(ops, o)
		}
	}
	return newSubject(n, mk, in, ops)
}

// of returns the operations of kind on s.
func (s *subject) of(kind opKind) []*op {
	var found []*op
	for _, o := range s.ops {
		if o.kind == kind {
			found = append(found, o)
		}
	}
	return found
}

// passes reports whether a call may hand the channels of s to its callee:
// not if it hands it another one of the same type.
func (s *subject) passes(site ssa.CallInstruction) bool {
	if s.mk == nil {
		return true
	}
	elem := elemOf(s.mk.Type())
	others := false
	for _, arg := range program.Args(site) {
		if s.in[arg] {
			return true
		}
		if e := elemOf(arg.Type()); e != nil && types.Identical(e, elem) {
			others = true
		}
	}
	return !others
}

// elemOf returns the type of what is sent on channels of type t, or nil.
func elemOf(t types.Type) types.Type {
	if ch, ok := t.Underlying().(*types.Chan); ok {
		return ch.Elem()
	}
	return nil
}

// A vertex is a value, the content of a class of addresses or containers,
// or a result of a function.
type vertex struct {
	value ssa.Value
	cell  *node
	res   result
}

func value(v ssa.Value) vertex { return vertex{value: v} }

// cell returns the vertex of what is read through addr.
func (m *model) cell(addr ssa.Value) vertex {
	for {
		index, ok := addr.(*ssa.IndexAddr)
		if !ok {
			return vertex{cell: m.node(addr)}
		}
		addr = index.X
	}
}

// edge notes that channels at from are found at to as well.
func (m *model) edge(from, to vertex) { m.succs[from] = append(m.succs[from], to) }

// directed notes in which direction instr moves channels.
func (m *model) directed(instr ssa.Instruction) {
	switch instr := instr.(type) {
	case *ssa.Store:
		m.puts(instr.Addr, instr.Val)
	case *ssa.MapUpdate:
		m.puts(instr.Map, instr.Value)
	case *ssa.Send:
		m.puts(instr.Chan, instr.X)
	case *ssa.Select:
		for _, s := range instr.States {
			if s.Send != nil {
				m.puts(s.Chan, s.Send)
			}
		}
	case *ssa.Return:
		for i, v := range instr.Results {
			if elemOf(v.Type()) != nil {
				m.edge(value(v), vertex{res: result{instr.Parent(), i}})
			}
		}
	case *ssa.MakeClosure:
		for i, b := range instr.Bindings {
			if elemOf(b.Type()) != nil {
				m.edge(value(b), value(instr.Fn.(*ssa.Function).FreeVars[i]))
			}
		}
	case *ssa.MakeInterface:
		if elemOf(instr.X.Type()) != nil {
			m.directedBox(instr)
		}
	case ssa.CallInstruction:
		m.directedCall(instr)
	case ssa.Value:
		if elemOf(instr.Type()) != nil {
			m.directedValue(instr)
		}
	}
}

func (m *model) puts(into, v ssa.Value) {
	if elemOf(v.Type()) != nil {
		m.edge(value(v), m.cell(into))
	}
}

// directedBox notes that methods of a channel type may be called.
func (m *model) directedBox(box *ssa.MakeInterface) {
	for sel := range m.prog.Prog.MethodSets.MethodSet(box.X.Type()).Methods() {
		if fn := m.prog.Prog.MethodValue(sel); fn != nil && m.prog.Has(fn) && len(fn.Params) > 0 {
			m.edge(value(box.X), value(fn.Params[0]))
		}
	}
}

func (m *model) directedCall(site ssa.CallInstruction) {
	callees := m.callees(site)
	args := program.Args(site)
	for _, callee := range callees {
		for i, p := range callee.Params {
			if i < len(args) && elemOf(args[i].Type()) != nil {
				m.edge(value(args[i]), value(p))
			}
		}
	}
	if v := site.Value(); v != nil && elemOf(v.Type()) != nil {
		for _, callee := range callees {
			m.edge(vertex{res: result{callee, 0}}, value(v))
		}
	}
}

// directedValue notes where v, a channel, comes from.
func (m *model) directedValue(v ssa.Value) {
	switch v := v.(type) {
	case *ssa.UnOp:
		m.edge(m.cell(v.X), value(v))
	case *ssa.Field:
		m.edge(vertex{cell: m.node(field{fieldOf(v.X.Type(), v.Field)})}, value(v))
	case *ssa.Lookup:
		m.edge(m.cell(v.X), value(v))
	case *ssa.Index:
		m.edge(value(v.X), value(v))
	case *ssa.Phi:
		for _, e := range v.Edges {
			m.edge(value(e), value(v))
		}
	case *ssa.ChangeType:
		m.edge(value(v.X), value(v))
	case *ssa.Convert:
		m.edge(value(v.X), value(v))
	case *ssa.Extract:
		m.directedExtract(v)
	}
}

func (m *model) directedExtract(v *ssa.Extract) {
	switch tuple := v.Tuple.(type) {
	case *ssa.Call:
		for _, callee := range m.callees(tuple) {
			m.edge(vertex{res: result{callee, v.Index}}, value(v))
		}
	case *ssa.UnOp:
		m.edge(m.cell(tuple.X), value(v))
	case *ssa.Lookup:
		m.edge(m.cell(tuple.X), value(v))
	case *ssa.Next:
		if r, ok := tuple.Iter.(*ssa.Range); ok {
			m.edge(m.cell(r.X), value(v))
		}
	case *ssa.Select:
		for _, s := range tuple.States {
			if s.Dir == types.RecvOnly {
				m.edge(m.cell(s.Chan), value(v))
			}
		}
	}
}
