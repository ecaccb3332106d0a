package growth

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/reqflow"
)

// An Adder is an exported function that adds to a container under a key
// that its caller chooses, while nothing in its package bounds it.
type Adder struct {
	Func      *types.Func
	Container *Container
	Param     int // the key, among the parameters with the receiver first
}

// Adders returns the adders of a package that is analysed by itself, in
// source order; a program as a whole needs none, it sees the callers.
func (m *Model) Adders() []Adder {
	if len(m.Program.Packages) != 1 || m.hasMain {
		return nil
	}
	var found []Adder
	for _, c := range m.Containers {
		if m.Declared(c) != "" || testDouble(c) || c.Local != nil {
			continue
		}
		for _, g := range c.Growths {
			obj, ok := g.Func().Object().(*types.Func)
			if !ok || !obj.Exported() || g.Key == nil || !m.addsForCaller(g) {
				continue
			}
			if f := m.Flow.ValueAt(g.Key, g.Instr); len(f.Params) > 0 && !f.Bounded && f.Origin != reqflow.Constant {
				found = append(found, Adder{obj, c, f.Params[0]})
			}
		}
	}
	return found
}

// addsForCaller applies the gates that do not depend on the caller.
func (m *Model) addsForCaller(g *Growth) bool {
	return m.Bound(g) == None && !m.Present(g) && !m.Guarded(g) && !fillsIn(g) && !m.setsUp(g) && !constructor(g.Func())
}

// Kept reports whether the object that v points to is shown to outlive the
// request, whatever its type.
func (m *Model) Kept(v ssa.Value) bool {
	o := &object{model: m, seen: make(map[ssa.Value]bool)}
	o.trace(v, false, 0)
	return o.long()
}
