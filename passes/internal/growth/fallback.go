package growth

import (
	"go/token"

	"golang.org/x/tools/go/ssa"
)

// fallback reports whether a switch of the whole program chooses between
// what g grows and a sibling with the same keys that is bounded: it is
// there for those who turn that one off.
func (m *Model) fallback(g *Growth) bool {
	if g.Key == nil {
		return false
	}
	for _, cond := range conditions(g.Instr.Block()) {
		if !isSwitch(cond.value, 0) {
			continue
		}
		for _, other := range m.Containers {
			if other == g.Container || !m.siblings(g.Container, other) {
				continue
			}
			for _, h := range other.Growths {
				if h.Func() == g.Func() && h.Key != nil && SameValue(h.Key, g.Key) && under(h, condition{cond.value, !cond.holds}) && m.Bound(h) == Bound {
					return true
				}
			}
		}
	}
	return false
}

// under reports whether a growth is behind a condition.
func under(g *Growth, cond condition) bool {
	for _, other := range conditions(g.Instr.Block()) {
		if other == cond {
			return true
		}
	}
	return false
}

// isSwitch reports whether v is asked for with nothing but constants and
// package variables: it is the same for all requests.
func isSwitch(v ssa.Value, depth int) bool {
	if depth > 4 {
		return false
	}
	switch v := v.(type) {
	case *ssa.Const:
		return depth > 0
	case *ssa.UnOp:
		_, global := v.X.(*ssa.Global)
		return v.Op == token.MUL && global
	case *ssa.Call:
		if v.Call.IsInvoke() && !isSwitch(v.Call.Value, depth+1) {
			return false
		}
		for _, arg := range v.Call.Args {
			if !isSwitch(arg, depth+1) {
				return false
			}
		}
		return v.Call.IsInvoke() || v.Call.StaticCallee() != nil
	}
	return false
}
