package growth

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/hotcode"
)

// An Effect says what a removal is worth as a bound.
type Effect uint8

const (
	// None: it does not bound the container.
	None Effect = iota
	// Partial: it may bound the container, but nothing here shows that it
	// does: everything is dropped at once by an exported function that
	// nothing calls, or an insert elsewhere evicts what that insert adds.
	Partial
	// Contract: it bounds the container if the importers of the package
	// remove what they add, by an exported function that nothing here calls.
	Contract
	// Bound: it bounds the container.
	Bound
)

// Bound returns the strongest effect of the removals on what g grows.
func (m *Model) Bound(g *Growth) Effect {
	switch {
	case g.Container.Kind == Cache && m.limitedByItself(g):
		return Bound
	case g.Container.Kind == Chan && !m.undrained(g.Container):
		return Bound
	}
	best := None
	for _, r := range m.removals(g.Container) {
		if r.Depth <= g.Depth { // delete(m[k], x) leaves m[k]
			best = max(best, m.effect(r, g))
		}
	}
	return best
}

// removals returns the removals from c, those by methods of its type too.
func (m *Model) removals(c *Container) []*Removal {
	if named := namedContainer(c.Type); named != nil && c.Named == nil {
		if t := m.byKey[named]; t != nil {
			return append(append([]*Removal(nil), c.Removals...), t.Removals...)
		}
	}
	return c.Removals
}

// effect judges one removal.
func (m *Model) effect(r *Removal, g *Growth) Effect {
	fn := r.Instr.Parent()
	switch {
	case g.Container.Local != nil && r.Kind == Reassign:
		return Bound // a variable has no life beyond its function
	case r.Kind == Reassign && lifecycle(fn) && phased(g):
		return Bound // filled before the start, dropped at the start
	case r.Kind == Reassign && (lifecycle(fn) || constructor(fn)):
		return None // the end or the beginning of the container's life
	case r.Kind == Clear && lifecycle(fn):
		return None
	case r.Kind != Reslice && m.onFailure(r):
		return None
	}
	switch m.called(fn) {
	case called:
		if m.evictsForInsert(r, g) {
			return Partial
		}
		return Bound
	case exported:
		switch {
		case !m.Library:
			return None
		case r.Kind == Reassign || r.Kind == Clear:
			return Partial
		}
		return Contract
	}
	return None
}

// evictsForInsert reports whether a removal makes room, behind a check of
// the size, for an insert of its own function, which is not g.
func (m *Model) evictsForInsert(r *Removal, g *Growth) bool {
	fn := r.Instr.Parent()
	if r.Kind != Delete || fn == g.Func() || fn.Parent() != nil {
		return false
	}
	inserts := false
	for _, other := range g.Container.Growths {
		inserts = inserts || other.Func() == fn
		if other.Func() == g.Func() && m.calls(g.Func(), fn) {
			return false // it leaves the insert to the one that evicts
		}
	}
	if !inserts || m.calls(fn, g.Func()) {
		return false
	}
	for _, cond := range conditions(r.Instr.Block()) {
		if m.limits(cond.value, g, 0) {
			return true
		}
	}
	return false
}

// calls reports whether one function calls the other.
func (m *Model) calls(caller, callee *ssa.Function) bool {
	for _, site := range m.Program.Callers(callee) {
		if site.Parent() == caller {
			return true
		}
	}
	return false
}

// phased reports whether a growth happens only in some phase of its object's
// life: behind a check of a bool field.
func phased(g *Growth) bool {
	for _, cond := range conditions(g.Instr.Block()) {
		load, ok := cond.value.(*ssa.UnOp)
		if !ok || load.Op != token.MUL {
			continue
		}
		if _, ok := load.X.(*ssa.FieldAddr); ok {
			return true
		}
	}
	return false
}

// lifecycle reports whether fn begins or ends the life of its object: types
// cannot tell, names may.
func lifecycle(fn *ssa.Function) bool {
	for fn.Parent() != nil {
		fn = fn.Parent()
	}
	name := strings.ToLower(fn.Name())
	for _, verb := range [...]string{
		"start", "stop", "close", "open", "restore", "unmarshal", "decode", "provision", "shutdown", "init", "setup", "load", "teardown", "destroy",
	} {
		if strings.HasPrefix(name, verb) {
			return true
		}
	}
	return false
}

func constructor(fn *ssa.Function) bool {
	return isInit(fn) || fn.Signature.Recv() == nil && (strings.HasPrefix(fn.Name(), "New") || strings.HasPrefix(fn.Name(), "new"))
}

// onFailure reports whether a removal only takes back what an operation
// that failed had put in: it stands behind a check of an error, outside
// loops, where reading fails at the end of a connection.
func (m *Model) onFailure(r *Removal) bool {
	block := r.Instr.Block()
	if inLoop(block) || hasLoop(r.Instr.Parent()) {
		return false
	}
	for _, cond := range conditions(block) {
		switch v := cond.value.(type) {
		case *ssa.BinOp:
			if isErrorType(v.X.Type()) && cond.holds == (v.Op == token.NEQ) {
				return true
			}
		case *ssa.Call:
			callee := v.Call.StaticCallee()
			if cond.holds && callee != nil && (callee.String() == "errors.Is" || callee.String() == "errors.As") {
				return true
			}
		}
	}
	return false
}

func isErrorType(t types.Type) bool { return types.Identical(t, types.Universe.Lookup("error").Type()) }

// inLoop reports whether b can run again after itself.
func inLoop(b *ssa.BasicBlock) bool {
	seen := make(map[*ssa.BasicBlock]bool)
	var visit func(x *ssa.BasicBlock) bool
	visit = func(x *ssa.BasicBlock) bool {
		for _, succ := range x.Succs {
			if succ == b {
				return true
			}
			if !seen[succ] {
				seen[succ] = true
				if visit(succ) {
					return true
				}
			}
		}
		return false
	}
	return visit(b)
}

// hasLoop reports whether fn has an endless loop, as those that serve a
// connection until reading fails.
func hasLoop(fn *ssa.Function) bool {
	if fn.Syntax() == nil {
		return false
	}
	found := false
	ast.Inspect(fn.Syntax(), func(n ast.Node) bool {
		if loop, ok := n.(*ast.ForStmt); ok && loop.Cond == nil {
			found = true
		}
		return !found
	})
	return found
}

// A reach says how a function may come to run.
type reach uint8

const (
	never    reach = iota // nothing calls it
	exported              // only importers of its package could call it
	called                // the program calls it, or hands it on as a value
)

// called says how fn may come to run.
func (m *Model) called(fn *ssa.Function) reach {
	for fn.Parent() != nil {
		fn = fn.Parent()
	}
	if m.calledBy(fn, make(map[*ssa.Function]bool)) {
		return called
	}
	obj, ok := fn.Object().(*types.Func)
	if ok && obj.Exported() {
		return exported
	}
	if !ok {
		return called // a package initialiser or a synthetic function
	}
	return never
}

// calledBy reports whether a root, another function or a value reaches fn.
func (m *Model) calledBy(fn *ssa.Function, seen map[*ssa.Function]bool) bool {
	if seen[fn] {
		return false
	}
	seen[fn] = true
	heat := m.Program.Heat(fn)
	if heat.Grade != hotcode.Cold && !heat.Assumed || isInit(fn) || fn.Name() == "main" || m.holders.isValue(fn) {
		return true
	}
	for _, site := range m.Program.Callers(fn) {
		caller := site.Parent()
		if caller.Syntax() == nil {
			if m.calledBy(caller, seen) {
				return true // a wrapper is called if something calls it
			}
			continue
		}
		if caller != fn {
			return true
		}
	}
	return false
}
