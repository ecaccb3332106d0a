package growth

import (
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// element judges an object that instr takes out of a container. It lives as
// long as the container if nothing takes it out of there; else the types
// are asked.
func (o *object) element(container ssa.Value, elem types.Type, instr ssa.Instruction) {
	if !types.IsInterface(elem) && o.keepsForGood(container, instr) { // what an interface holds differs
		o.found = true
		return
	}
	o.undecided = true
}

// keepsForGood reports whether a container is shown to outlive the request,
// and nothing to be removed from it.
func (o *object) keepsForGood(container ssa.Value, at ssa.Instruction) bool {
	sites := o.model.tracer.sites(container)
	for _, s := range sites {
		c := o.model.container(s.key)
		if c == nil || o.model.Bound(&Growth{Container: c, Instr: at, Depth: s.depth}) != None || !o.outlives(c, s.base) {
			return false
		}
	}
	return len(sites) > 0
}

// outlives reports whether the container c, a field of base or a variable,
// is shown to outlive the request.
func (o *object) outlives(c *Container, base ssa.Value) bool {
	switch {
	case c.Global != nil:
		return true
	case c.Local != nil:
		return !o.model.perRequest(c.Local.Parent()) && o.model.outlives(c.Local)
	case c.Field == nil || base == nil:
		return false
	}
	whole := &object{model: o.model, seen: o.seen}
	whole.trace(base, false, 0)
	return whole.long() && !whole.fresh
}

// takenOut handles an object that a call takes out of a sync.Map; it
// reports false for other calls.
func (o *object) takenOut(call *ssa.Call) bool {
	callee := call.Call.StaticCallee()
	if callee == nil || len(callee.Blocks) > 0 {
		return false
	}
	switch callee.String() {
	case "(*sync.Map).LoadOrStore":
		o.trace(unbox(call.Call.Args[2]), false, 0)
	case "(*sync.Map).Load":
	default:
		return false
	}
	if o.keepsForGood(call.Call.Args[0], call) {
		o.found = true
	} else {
		o.undecided = true
	}
	return true
}

// long reports whether something that outlives requests is shown to keep
// the object: always, or so that later requests find it there.
func (o *object) long() bool { return o.held && !o.fresh || o.found }
