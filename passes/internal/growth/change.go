package growth

import "golang.org/x/tools/go/ssa"

// A change is what becomes of a slice that is stored back where it came
// from.
type change uint8

const (
	replaced change = iota // by something else
	appended
	cut
	kept // stored back as it was
)

// change says how v was made from a value for which self holds.
func (m *Model) change(v ssa.Value, self func(ssa.Value) bool) change {
	return (&changes{self: self, seen: make(map[ssa.Value]bool)}).of(v)
}

type changes struct {
	self func(ssa.Value) bool
	seen map[ssa.Value]bool
}

func (c *changes) of(v ssa.Value) change {
	if c.self(v) {
		return kept
	}
	if c.seen[v] {
		return kept // a loop: what else flows in decides
	}
	c.seen[v] = true
	switch v := v.(type) {
	case *ssa.ChangeType:
		return c.of(v.X)
	case *ssa.Slice:
		if c.of(v.X) != replaced {
			return cut
		}
	case *ssa.Phi:
		return c.phi(v)
	case *ssa.Call:
		b, ok := v.Call.Value.(*ssa.Builtin)
		if !ok || b.Name() != "append" {
			return replaced
		}
		switch c.of(v.Call.Args[0]) {
		case kept, appended:
			return appended
		case cut:
			return cut
		}
		if len(v.Call.Args) > 1 && copies(v.Call.Args[0]) && c.of(v.Call.Args[1]) != replaced {
			return kept // append([]T(nil), s...): a copy
		}
	}
	return replaced
}

// phi joins the ways: a slice that is appended to on one way and kept on
// the others grows; one that is cut or replaced on one does not.
func (c *changes) phi(v *ssa.Phi) change {
	joined := kept
	for _, edge := range v.Edges {
		switch c.of(edge) {
		case replaced:
			return replaced
		case cut:
			return cut
		case appended:
			joined = appended
		}
	}
	return joined
}

// copies reports whether appending to v makes a copy: v is nil or fresh.
func copies(v ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.Const, *ssa.MakeSlice:
		return true
	case *ssa.Slice:
		_, fresh := v.X.(*ssa.Alloc)
		return fresh
	}
	return false
}
