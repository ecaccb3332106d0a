package goroutineleak

import (
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/internal/callsite"
	"github.com/heapvet/heapvet/passes/internal/program"
)

// contexts judges the goroutines that wait for nothing but the end of a
// context that may be one that never ends.
func (m *model) contexts() {
	for _, o := range m.ops.all {
		if o.kind != recv || o.state >= 0 || !o.reached || m.hopeless[o.instr] {
			continue // has another way on
		}
		call, ok := o.instr.(*ssa.UnOp).X.(*ssa.Call)
		if !ok || callsite.Name(&call.Call) != "(context.Context).Done" {
			continue // not a context's
		}
		s := m.startedBy(o.instr.Parent())
		if s == nil {
			continue // the caller waits, too
		}
		endless := m.background(call.Call.Value, 0, make(map[ssa.Value]bool))
		if endless == nil {
			continue
		}
		t := m.tierOf(s.instr)
		m.add(at(o.pos(), o.instr.Parent()), t, "receive from channel %q blocks for ever when the context is that of line %d, which never ends: wait for the end of the work as well (%s)",
			o.name(), m.line(endless.Pos()), cost(t))
	}
}

// background returns the call that made the context v, if that may be one
// that never ends.
func (m *model) background(v ssa.Value, depth int, seen map[ssa.Value]bool) *ssa.Call {
	if seen[v] || depth > maxDepth {
		return nil
	}
	seen[v] = true
	switch v := v.(type) {
	case *ssa.Call:
		switch callsite.Name(&v.Call) {
		case "context.Background", "context.TODO", "context.WithoutCancel":
			return v
		case "context.WithValue":
			return m.background(v.Call.Args[0], depth, seen)
		}
	case *ssa.Parameter:
		i := paramIndex(v)
		for _, site := range m.callSites[v.Parent()] {
			if args := program.Args(site); i < len(args) && !m.isTest(site.Parent()) {
				if found := m.background(args[i], depth+1, seen); found != nil {
					return found
				}
			}
		}
	case *ssa.FreeVar:
		if bound, _ := callsite.Bound(v); bound != nil {
			return m.background(bound, depth, seen)
		}
	case *ssa.Phi:
		for _, e := range v.Edges {
			if found := m.background(e, depth, seen); found != nil {
				return found
			}
		}
	case *ssa.UnOp:
		if v.Op == token.MUL {
			return m.background(v.X, depth, seen)
		}
	case *ssa.Alloc:
		return m.stored(v, depth, seen)
	}
	return nil
}

// stored is like background for what is stored in a local variable.
func (m *model) stored(cell *ssa.Alloc, depth int, seen map[ssa.Value]bool) *ssa.Call {
	for _, ref := range *cell.Referrers() {
		if store, ok := ref.(*ssa.Store); ok && store.Addr == cell {
			if found := m.background(store.Val, depth, seen); found != nil {
				return found
			}
		}
	}
	return nil
}

func paramIndex(p *ssa.Parameter) int {
	for i, q := range p.Parent().Params {
		if p == q {
			return i
		}
	}
	return -1
}
