package growth

import (
	"strings"

	"golang.org/x/tools/go/ssa"
)

// outlives reports whether a closure that captures the local variable v
// outlives the call that makes it: it is a request root, or is returned or
// kept.
func (m *Model) outlives(v ssa.Value) bool {
	for _, ref := range *v.Referrers() {
		if c, ok := ref.(*ssa.MakeClosure); ok && m.closureOutlives(c) {
			return true
		}
	}
	return false
}

func (m *Model) closureOutlives(c *ssa.MakeClosure) bool {
	heat := m.Program.Heat(c.Fn.(*ssa.Function))
	return isRoot(heat) && !strings.HasSuffix(heat.Root, " loop") || m.leaves(c, 0)
}

// leaves reports whether a value is returned or stored in an object.
func (m *Model) leaves(v ssa.Value, depth int) bool {
	if depth > 3 {
		return false
	}
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Return, *ssa.MapUpdate:
			return true
		case *ssa.Store:
			switch ref.Addr.(type) {
			case *ssa.FieldAddr, *ssa.Global:
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

// spawned reports whether a closure is run by a goroutine.
func spawned(c *ssa.MakeClosure) bool {
	for _, ref := range *c.Referrers() {
		if _, ok := ref.(*ssa.Go); ok {
			return true
		}
	}
	return false
}
