package goroutineleak

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/internal/callsite"
	"github.com/heapvet/heapvet/passes/internal/typeid"
)

// constructors judges the functions that start a goroutine for an object
// that they make, and then fail without stopping it.
func (m *model) constructors() {
	for _, fn := range m.prog.Funcs {
		obj, ok := fn.Object().(*types.Func)
		if !ok || !makesObject(obj) || m.isTest(fn) {
			continue
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				if site, ok := instr.(ssa.CallInstruction); ok {
					m.constructor(fn, site)
				}
			}
		}
	}
}

// makesObject reports whether fn returns an object or an error.
func makesObject(fn *types.Func) bool {
	results := fn.Signature().Results()
	if results.Len() != 2 || !typeid.IsError(results.At(1).Type()) {
		return false
	}
	switch results.At(0).Type().Underlying().(type) {
	case *types.Pointer, *types.Interface:
		return true
	}
	return false
}

// constructor judges a call in fn that starts goroutines.
func (m *model) constructor(fn *ssa.Function, site ssa.CallInstruction) {
	entry, exits := m.startsWaiting(site)
	if entry == nil || !ofNew(site, fn) {
		return
	}
	reads := m.readsFrom(entry)
	stops := func(instr ssa.Instruction) bool { return m.stops(instr, exits) || m.closes(instr, reads) }
	n, end := least(trip{from: site.Block(), index: indexOf(site) + 1, known: factsAt(site.Block())}, meter{
		instr: func(instr ssa.Instruction) int {
			if stops(instr) {
				return many
			}
			if ret, ok := instr.(*ssa.Return); ok && !fails(ret) {
				return many
			}
			return 0
		},
		edge: func(*ssa.BasicBlock, int) int { return 0 },
	})
	ret, ok := end.(*ssa.Return)
	if !ok || n >= many || !fails(ret) || deferred(fn, stops) {
		return
	}
	t := m.tierOf(site)
	m.add(at(nearby(site), fn), t, "goroutine %s, started here, is left behind when %s fails in line %d: nothing on that way stops it (%s)",
		m.funcName(entry), m.funcName(fn), m.line(returnPos(ret)), cost(t))
}

// startsWaiting returns a goroutine that site starts, itself or by a call,
// and that ends when something is done with the classes it returns as well.
func (m *model) startsWaiting(site ssa.CallInstruction) (*ssa.Function, []*node) {
	var starts []*ssa.Function
	if _, ok := site.(*ssa.Go); ok {
		starts = m.callees(site)
	} else if _, ok := site.(*ssa.Call); ok {
		for _, callee := range m.callees(site) {
			starts = append(starts, m.startedIn(callee, 0, make(map[*ssa.Function]bool))...)
		}
	}
	for _, entry := range starts {
		if exits := m.waitsFor(entry); len(exits) > 0 {
			return entry, exits
		}
	}
	return nil, nil
}

// startedIn returns the goroutines that fn and what it calls start.
func (m *model) startedIn(fn *ssa.Function, depth int, seen map[*ssa.Function]bool) []*ssa.Function {
	const maxStart = 2 // newQueue -> queue.start
	if depth > maxStart || seen[fn] {
		return nil
	}
	seen[fn] = true
	var found []*ssa.Function
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch site := instr.(type) {
			case *ssa.Go:
				found = append(found, m.callees(site)...)
			case *ssa.Call:
				for _, callee := range m.callees(site) {
					found = append(found, m.startedIn(callee, depth+1, seen)...)
				}
			}
		}
	}
	return found
}

// waitsFor returns the classes that a goroutine with a loop waits for.
func (m *model) waitsFor(entry *ssa.Function) []*node {
	loops := m.loops(entry)
	worker := false
	for _, loop := range loops {
		worker = worker || !limited(loop)
	}
	if !worker {
		return nil
	}
	var classes []*node
	for _, fn := range m.runsSynchronously(entry) {
		for _, b := range fn.Blocks {
			if fn == entry && (loops[b] == nil || limited(loops[b])) {
				continue // once, or for as long as something else lasts
			}
			for _, instr := range b.Instrs {
				for _, o := range m.ops.of[instr] {
					if o.kind.blocks() && o.kind != send && !o.on.open {
						classes = append(classes, o.on)
					}
				}
			}
		}
	}
	return classes
}

// limited reports whether a loop asks before each turn for something other
// than what a channel tells, and ends by that: retries until a deadline.
func limited(loop []*ssa.BasicBlock) bool {
	head := loop[0]
	test, ok := head.Instrs[len(head.Instrs)-1].(*ssa.If)
	if !ok || fromChannel(test.Cond, 0) {
		return false
	}
	return slices.ContainsFunc(head.Succs, func(next *ssa.BasicBlock) bool { return !slices.Contains(loop, next) })
}

// fromChannel reports whether v is what came over a channel, or tells
// whether something did.
func fromChannel(v ssa.Value, depth int) bool {
	if depth > maxDepth {
		return false
	}
	switch v := v.(type) {
	case *ssa.BinOp:
		return fromChannel(v.X, depth+1) || fromChannel(v.Y, depth+1)
	case *ssa.UnOp:
		return v.Op == token.ARROW || fromChannel(v.X, depth+1)
	case *ssa.Extract:
		return fromChannel(v.Tuple, depth+1)
	case *ssa.Select:
		return true
	}
	return false
}

// runsSynchronously returns fn and what it calls directly.
func (m *model) runsSynchronously(fn *ssa.Function) []*ssa.Function {
	all := []*ssa.Function{fn}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if call, ok := instr.(*ssa.Call); ok {
				for _, callee := range m.callees(call) {
					if !slices.Contains(all, callee) {
						all = append(all, callee)
					}
				}
			}
		}
	}
	return all
}

// ofNew reports whether the goroutine belongs to an object that fn makes:
// site returns it, or is a method of one made in fn.
func ofNew(site ssa.CallInstruction, fn *ssa.Function) bool {
	if v := site.Value(); v != nil && v.Type() != nil {
		if ptr, ok := v.Type().Underlying().(*types.Pointer); ok && ptr != nil {
			return true
		}
	}
	args := site.Common().Args
	if len(args) == 0 {
		return closureOf(site.Common().Value) != nil
	}
	alloc, ok := args[0].(*ssa.Alloc)
	return ok && alloc.Parent() == fn
}

// fails reports whether ret returns an error that a call gave.
func fails(ret *ssa.Return) bool {
	if len(ret.Results) != 2 {
		return false
	}
	_, isConst := callsite.Returned(ret, 1).(*ssa.Const)
	return !isConst
}

// stops reports whether instr does something, now or when the function
// returns, that may end a goroutine that waits for exits.
func (m *model) stops(instr ssa.Instruction, exits []*node) bool {
	for _, o := range m.ops.of[instr] {
		if !o.kind.blocks() && slices.Contains(exits, o.on.rep()) || o.kind == send || o.kind == cancel {
			return true
		}
	}
	site, ok := instr.(ssa.CallInstruction)
	if !ok {
		return false
	}
	for _, callee := range m.callees(site) {
		for _, n := range exits {
			for _, kind := range []opKind{send, closing, wake} {
				for _, o := range n.of(kind) {
					if m.leadsTo(callee, o.instr.Parent(), 0) {
						return true
					}
				}
			}
		}
	}
	return false
}

// leadsTo reports whether fn is target or calls it.
func (m *model) leadsTo(fn, target *ssa.Function, depth int) bool {
	if fn == target {
		return true
	}
	if depth > maxDepth/2 {
		return false
	}
	for _, site := range m.callSites[target] {
		if _, starts := site.(*ssa.Go); !starts && site.Parent() != target && m.leadsTo(fn, site.Parent(), depth+1) {
			return true
		}
	}
	return false
}

// deferred reports whether a call that fn defers does what stops asks.
func deferred(fn *ssa.Function, stops func(ssa.Instruction) bool) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if d, ok := instr.(*ssa.Defer); ok && stops(d) {
				return true
			}
		}
	}
	return false
}
