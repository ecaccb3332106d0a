package growth

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// A change is what becomes of a slice or map that is stored back where it
// came from.
type change uint8

const (
	replaced change = iota // by something else
	appended
	cut
	kept // stored back as it was, or a copy
)

// change says how v was made from a value for which self holds.
func (m *Model) change(v ssa.Value, self func(ssa.Value) bool) change {
	return (&changes{model: m, self: self, seen: make(map[ssa.Value]bool)}).of(v)
}

type changes struct {
	model *Model
	self  func(ssa.Value) bool
	seen  map[ssa.Value]bool
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
	case *ssa.UnOp:
		if cell := c.model.tracer.cell(v.X); cell != nil && v.Op == token.MUL {
			return c.variable(cell)
		}
	case *ssa.MakeMap:
		if c.copied(v) {
			return kept
		}
	case *ssa.Call:
		return c.call(v)
	}
	return replaced
}

// call handles append and the functions that copy.
func (c *changes) call(v *ssa.Call) change {
	switch calleeName(&v.Call) {
	case "maps.Clone", "slices.Clone":
		if c.of(v.Call.Args[0]) != replaced {
			return kept
		}
	}
	if !isBuiltin(&v.Call, "append") {
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
	return replaced
}

// phi joins the ways: a slice that is appended to on one way and kept on
// the others grows; one that is cut or replaced on one does not. That there
// is nothing on the ways on which nothing was found changes nothing.
func (c *changes) phi(v *ssa.Phi) change {
	joined := kept
	for i, edge := range v.Edges {
		if isNil(edge) && c.absent(v.Block().Preds[i], v.Block()) {
			continue
		}
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

// absent reports whether the step from a block to the next is taken only if
// an element was not found that self holds for.
func (c *changes) absent(from, to *ssa.BasicBlock) bool {
	for _, cond := range conditionsOf(from, to) {
		if l := foundBy(condition{cond.value, !cond.holds}); l != nil && c.self(l) {
			return true
		}
	}
	return false
}

// variable joins all that is stored in a local variable.
func (c *changes) variable(cell *ssa.Alloc) change {
	if c.seen[cell] {
		return kept
	}
	c.seen[cell] = true
	joined, some := kept, false
	for _, st := range c.model.tracer.stores(cell) {
		if isNil(st.Val) {
			continue // declared empty
		}
		some = true
		switch c.of(st.Val) {
		case replaced:
			return replaced
		case cut:
			return cut
		case appended:
			joined = appended
		}
	}
	if !some {
		return replaced
	}
	return joined
}

// copied reports whether a new map is filled from one for which self holds.
func (c *changes) copied(m *ssa.MakeMap) bool {
	for _, ref := range *m.Referrers() {
		switch ref := ref.(type) {
		case *ssa.MapUpdate:
			if rng := rangeOf(ref.Key); rng != nil && ref.Map == m && !selective(ref, rng) && c.of(rng.X) == kept {
				return true
			}
		case *ssa.Call:
			if calleeName(&ref.Call) == "maps.Copy" && ref.Call.Args[0] == m && c.of(ref.Call.Args[1]) == kept {
				return true
			}
		}
	}
	return false
}

// selective reports whether only some elements of a range are copied.
func selective(copying *ssa.MapUpdate, rng *ssa.Range) bool {
	conds := conditions(copying.Block())
	if len(conds) == 0 {
		return false
	}
	if x, ok := conds[0].value.(*ssa.Extract); ok {
		if next, ok := x.Tuple.(*ssa.Next); ok && next.Iter == rng {
			return false // nothing was decided since the range went on
		}
	}
	return true
}

// rangeOf returns the range that a key comes from, or nil.
func rangeOf(key ssa.Value) *ssa.Range {
	x, ok := key.(*ssa.Extract)
	if !ok || x.Index != 1 {
		return nil
	}
	next, ok := x.Tuple.(*ssa.Next)
	if !ok {
		return nil
	}
	rng, _ := next.Iter.(*ssa.Range)
	return rng
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

// calleeName returns the full name of a function of another package that
// is called, that of the declaration for instances of generics; "" for
// others.
func calleeName(call *ssa.CallCommon) string {
	callee := call.StaticCallee()
	if callee == nil {
		return ""
	}
	if orig := callee.Origin(); orig != nil {
		callee = orig
	}
	if len(callee.Blocks) > 0 && callee.Object() == nil {
		return "" // a literal
	}
	return callee.String()
}

func isNil(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	return ok && c.Value == nil && !types.IsInterface(c.Type())
}
