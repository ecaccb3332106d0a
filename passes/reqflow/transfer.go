package reqflow

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// transfer lets what n carries flow through one instruction that uses it.
func (e *engine) transfer(instr ssa.Instruction, n node, m bits) {
	if n.part == keys {
		e.transferKeys(instr, n, m)
		return
	}
	fn := instr.Parent()
	switch instr := instr.(type) {
	case *ssa.Store:
		if instr.Val == n.obj {
			e.store(fn, m, n, instr.Addr)
		}
	case *ssa.MapUpdate:
		if instr.Value == n.obj {
			e.put(fn, m, n, instr.Map, whole, 0)
		}
		if instr.Key == n.obj {
			e.put(fn, m, n, instr.Map, keys, 0)
		}
	case *ssa.Send:
		if instr.X == n.obj {
			e.put(fn, m, n, instr.Chan, whole, 0)
		}
	case *ssa.Return:
		e.ret(fn, instr, n, m)
	case *ssa.MakeClosure:
		for i, b := range instr.Bindings {
			if b == n.obj {
				e.emit(fn, m, n, node{obj: instr.Fn.(*ssa.Function).FreeVars[i]})
			}
		}
	case *ssa.Select:
		e.selects(instr, n, m)
	case ssa.CallInstruction:
		e.call(instr, n, m)
	case ssa.Value:
		e.value(instr, n, m)
	}
}

// value handles the instructions that compute one value from others.
func (e *engine) value(v ssa.Value, n node, m bits) {
	switch v := v.(type) {
	case *ssa.Phi:
		e.phi(v, n, m)
		return
	case *ssa.BinOp:
		if bounds(v) {
			m = few
		}
	case *ssa.Lookup:
		if v.X != n.obj {
			return // a table gives what is in it, whatever the key
		}
	case *ssa.IndexAddr:
		if v.X != n.obj {
			return
		}
	case *ssa.Index:
		if v.X != n.obj {
			return
		}
	case *ssa.Slice:
		if v.X != n.obj {
			return
		}
	case *ssa.FieldAddr:
		if boundedField(fieldOf(v)) {
			m = few
		}
	case *ssa.Field:
		if boundedField(fieldOf(v)) {
			m = few
		}
	case *ssa.MakeSlice, *ssa.MakeMap, *ssa.MakeChan:
		return // a size is not data
	case *ssa.Extract:
		if _, ok := v.Tuple.(*ssa.Call); ok {
			return // per result, see call
		}
	}
	e.add(node{obj: v}, m, n)
}

// phi passes data on along the edges on which nothing bounds it.
func (e *engine) phi(phi *ssa.Phi, n node, m bits) {
	v, ok := n.obj.(ssa.Value)
	if !ok {
		return
	}
	for i, edgeValue := range phi.Edges {
		switch {
		case edgeValue != v:
		case e.guardedEdge(v, phi.Block().Preds[i], phi.Block()):
			e.add(node{obj: phi}, few, n)
		default:
			e.add(node{obj: phi}, m, n)
		}
	}
}

// bounds reports whether an operation has few results whatever its operands.
func bounds(op *ssa.BinOp) bool {
	switch op.Op {
	case token.REM, token.AND:
		_, x := op.X.(*ssa.Const)
		_, y := op.Y.(*ssa.Const)
		return x || y
	}
	return false
}

// transferKeys follows the keys of a map to where they are read.
func (e *engine) transferKeys(instr ssa.Instruction, n node, m bits) {
	switch v := instr.(type) {
	case *ssa.UnOp, *ssa.Phi, *ssa.ChangeType, *ssa.MakeInterface, *ssa.TypeAssert, *ssa.Range:
		e.add(node{instr.(ssa.Value), keys}, m, n)
	case *ssa.Next:
		for _, ref := range *v.Referrers() {
			if x, ok := ref.(*ssa.Extract); ok && x.Index == 1 {
				e.add(node{obj: x}, m, n)
			}
		}
	case *ssa.Call:
		if v.Call.StaticCallee() != nil && !e.prog.Has(v.Call.StaticCallee()) {
			e.add(node{obj: v}, m, n) // maps.Keys and its like
		}
	}
}

// store lets data flow to what addr points to.
func (e *engine) store(fn *ssa.Function, m bits, from node, addr ssa.Value) {
	switch addr := addr.(type) {
	case *ssa.FieldAddr:
		field := fieldOf(addr)
		e.emit(fn, m, from, node{obj: field})
		if !e.index.owns(field) {
			e.add(node{obj: addr.X}, m, from) // a struct of a dependency, which hides its loads
		}
	case *ssa.IndexAddr:
		e.put(fn, m, from, addr.X, whole, 0)
	case *ssa.Alloc:
		e.add(node{obj: addr}, m, from)
	case *ssa.Global:
		e.emit(fn, m, from, node{obj: addr})
	case *ssa.FreeVar:
		e.add(node{obj: addr}, m, from)
		for _, b := range e.index.bindings(addr) {
			e.emit(fn, m, from, node{obj: b})
		}
	case *ssa.Parameter:
		e.emit(fn, m, from, node{addr, content})
	case *ssa.UnOp, *ssa.Phi, *ssa.Call, *ssa.Extract:
		e.add(node{obj: addr}, m, from)
	}
}

// maxDepth bounds how far a container is traced back to where it is kept.
const maxDepth = 6

// put lets data flow into container c and to where c is kept.
func (e *engine) put(fn *ssa.Function, m bits, from node, c ssa.Value, what part, depth int) {
	if depth > maxDepth {
		return
	}
	switch c := c.(type) {
	case *ssa.Global:
		e.emit(fn, m, from, node{c, what})
		return
	case *ssa.FieldAddr:
		e.emit(fn, m, from, node{fieldOf(c), what})
		return
	case *ssa.Parameter:
		to := content
		if what == keys {
			to = keyed
		}
		e.emit(fn, m, from, node{c, to})
	case *ssa.FreeVar:
		for _, b := range e.index.bindings(c) {
			e.emit(fn, m, from, node{b, what})
		}
	case *ssa.UnOp:
		if c.Op == token.MUL {
			e.put(fn, m, from, c.X, what, depth+1)
		}
	case *ssa.Lookup:
		e.put(fn, m, from, c.X, whole, depth+1)
	case *ssa.IndexAddr:
		e.put(fn, m, from, c.X, whole, depth+1)
	case *ssa.Extract:
		if l, ok := c.Tuple.(*ssa.Lookup); ok {
			e.put(fn, m, from, l.X, whole, depth+1)
		}
	case *ssa.Phi:
		for _, edgeValue := range c.Edges {
			e.put(fn, m, from, edgeValue, what, depth+1)
		}
	case *ssa.ChangeType:
		e.put(fn, m, from, c.X, what, depth+1)
	}
	e.add(node{c, what}, m, from)
}

// ret adds to the function's summary and tells its callers.
func (e *engine) ret(fn *ssa.Function, ret *ssa.Return, n node, m bits) {
	grown := false
	for i, v := range ret.Results {
		if v != n.obj {
			continue
		}
		s := e.results[slot{fn, i}]
		if s.bits|m != s.bits {
			if s.bits == 0 {
				s.via = n
			}
			s.bits |= m
			e.results[slot{fn, i}] = s
			grown = true
		}
	}
	if !grown {
		return
	}
	for _, site := range e.prog.Callers(fn) {
		if call, ok := site.(*ssa.Call); ok {
			e.resultsOf(call, fn)
		}
	}
}

// selects passes on what a select statement receives.
func (e *engine) selects(sel *ssa.Select, n node, m bits) {
	recv := 2 // results are the index, ok, and one value for each receive
	for _, st := range sel.States {
		if st.Dir == types.SendOnly {
			if st.Send == n.obj {
				e.put(sel.Parent(), m, n, st.Chan, whole, 0)
			}
			continue
		}
		if st.Chan == n.obj {
			e.extract(sel, recv, m, n)
		}
		recv++
	}
}

// extract lets m flow to element i of a tuple.
func (e *engine) extract(tuple ssa.Value, i int, m bits, via node) {
	for _, ref := range *tuple.Referrers() {
		if x, ok := ref.(*ssa.Extract); ok && x.Index == i {
			e.add(node{obj: x}, m, via)
		}
	}
}
