package growth

import (
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/internal/program"
)

// outlives reports whether a closure that captures the local variable v
// outlives the call that makes it: it is a request root, or is returned or
// kept.
func (m *Model) outlives(v ssa.Value) bool {
	for _, ref := range *v.Referrers() {
		if c, ok := ref.(*ssa.MakeClosure); ok && m.closureOutlives(c, 0) {
			return true
		}
	}
	return false
}

func (m *Model) closureOutlives(c *ssa.MakeClosure, depth int) bool {
	heat := m.Program.Heat(c.Fn.(*ssa.Function))
	return isRoot(heat) && !strings.HasSuffix(heat.Root, " loop") || m.leaves(c, depth)
}

// leaves reports whether a value is returned, stored in an object, or
// captured by a closure that outlives the call.
func (m *Model) leaves(v ssa.Value, depth int) bool {
	if depth > 3 {
		return false
	}
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Return, *ssa.MapUpdate:
			return true
		case *ssa.Store:
			switch addr := ref.Addr.(type) {
			case *ssa.FieldAddr, *ssa.Global:
				return true
			case *ssa.Alloc:
				if m.captures(addr, depth+1) {
					return true
				}
			}
		case *ssa.MakeClosure:
			if ref != v && m.closureOutlives(ref, depth+1) {
				return true
			}
		case *ssa.ChangeType:
			if m.leaves(ref, depth+1) {
				return true
			}
		case *ssa.MakeInterface:
			if m.leaves(ref, depth+1) {
				return true
			}
		}
	}
	return false
}

// captures reports whether a closure that outlives the call captures a
// local variable.
func (m *Model) captures(local *ssa.Alloc, depth int) bool {
	for _, ref := range *local.Referrers() {
		if c, ok := ref.(*ssa.MakeClosure); ok && depth <= 3 && m.closureOutlives(c, depth) {
			return true
		}
	}
	return false
}

// handedOn reports whether a closure is run by a goroutine, or is handed to
// a function that does more than to call it at once.
func (m *Model) handedOn(v ssa.Value, depth int) bool {
	if depth > 3 {
		return false
	}
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Go:
			return true
		case *ssa.ChangeType:
			if m.handedOn(ref, depth+1) {
				return true
			}
		case *ssa.MakeInterface:
			if m.handedOn(ref, depth+1) {
				return true
			}
		case *ssa.Call:
			if ref.Call.Value != v && m.mayKeep(ref, v, depth) {
				return true
			}
		}
	}
	return false
}

// mayKeep reports whether what is called with v may keep it. Functions of
// dependencies may: closures are handed to them to be called back.
func (m *Model) mayKeep(call *ssa.Call, v ssa.Value, depth int) bool {
	callees := m.Program.Callees(call)
	args := program.Args(call)
	for _, callee := range callees {
		for i, arg := range args {
			if arg == v && i < len(callee.Params) && !m.onlyCalled(callee.Params[i], depth) {
				return true
			}
		}
	}
	return len(callees) == 0
}

// onlyCalled reports whether a function only calls the function it is given,
// by itself, in a closure that is only called, too, or by handing it to a
// function that does the same: the walk over a part of a collection.
func (m *Model) onlyCalled(p *ssa.Parameter, depth int) bool {
	if depth > 3 {
		return true // it calls itself, or hands it far down
	}
	for _, ref := range *p.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Call:
			if ref.Call.Value != p && m.mayKeep(ref, p, depth+1) {
				return false
			}
		case *ssa.Store:
			local, ok := ref.Addr.(*ssa.Alloc)
			if !ok || m.sharedWith(local, depth) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// sharedWith reports whether a closure that captures a local variable may
// be kept.
func (m *Model) sharedWith(local *ssa.Alloc, depth int) bool {
	for _, ref := range *local.Referrers() {
		if c, ok := ref.(*ssa.MakeClosure); ok && (m.closureOutlives(c, 0) || m.handedOn(c, depth+1)) {
			return true
		}
	}
	return false
}
