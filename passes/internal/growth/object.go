package growth

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/hotcode"
	"github.com/heapvet/heapvet/passes/internal/program"
)

// A Lifetime says how long the object lives that a container is part of.
type Lifetime uint8

const (
	// Unknown: nothing shows that the object outlives a request.
	Unknown Lifetime = iota
	// PerRequest: every object that the growth can see is made per request.
	PerRequest
	// LikelyLong: objects of its type are kept by long-lived ones.
	LikelyLong
	// Long: the object is kept by a package variable, is the receiver of a
	// request root, or was made by code that does not run per request.
	Long
)

// Lifetime returns how long the object lives that g's container is part of.
func (m *Model) Lifetime(g *Growth) Lifetime {
	c := g.Container
	switch {
	case c.Global != nil:
		return Long
	case c.Local != nil:
		if life := m.lifetimeOfTurns(c.Local); life != Unknown {
			return life
		}
		if m.perRequest(c.Local.Parent()) || !m.outlives(c.Local) {
			return PerRequest
		}
		return Long
	case c.Field == nil:
		return Unknown
	}
	o := &object{model: m, seen: make(map[ssa.Value]bool)}
	for _, base := range g.bases {
		o.trace(base, false, 0)
	}
	t := m.holders.owner[c.Field]
	switch {
	case o.long():
		return Long
	case o.held || o.undecided && o.fresh:
		if m.holders.stored[t] {
			return LikelyLong
		}
	case o.undecided:
		if m.holders.long[t] {
			return LikelyLong
		}
	case o.fresh:
		return PerRequest
	}
	return Unknown
}

// perRequest reports whether fn runs per request.
func (m *Model) perRequest(fn *ssa.Function) bool {
	return fn != nil && (m.failing[fn] || m.Program.Heat(fn).Grade != hotcode.Cold)
}

// An object traces a pointer back to where the object was made and to who
// keeps it.
type object struct {
	model *Model
	seen  map[ssa.Value]bool

	held, fresh, undecided bool
	found                  bool // in a container that is held and lets go of nothing
}

// maxLevels is how many callers up a parameter is traced.
const maxLevels = 4

// trace follows v; inCall says that v is the result of a call that request
// code makes, so that what the callee makes is made per request.
func (o *object) trace(v ssa.Value, inCall bool, level int) {
	if o.seen[v] {
		return
	}
	o.seen[v] = true
	switch v := v.(type) {
	case *ssa.Global:
		o.held = true
	case *ssa.Parameter:
		o.param(v, inCall, level)
	case *ssa.FreeVar:
		o.captured(v, inCall, level)
	case *ssa.Alloc:
		o.alloc(v, inCall)
	case *ssa.UnOp:
		o.load(v, inCall, level)
	case *ssa.FieldAddr:
		o.trace(v.X, inCall, level)
	case *ssa.Call:
		o.call(v, 0, inCall, level)
	case *ssa.Extract:
		o.extract(v, inCall, level)
	case *ssa.Lookup:
		o.element(v.X, v.Type(), v)
	case *ssa.IndexAddr: // an object that is itself an element
		o.element(v.X, deref(v.Type()), v)
	case *ssa.TypeAssert:
		o.trace(v.X, inCall, level)
	case *ssa.ChangeType:
		o.trace(v.X, inCall, level)
	case *ssa.ChangeInterface:
		o.trace(v.X, inCall, level)
	case *ssa.MakeInterface:
		o.trace(v.X, inCall, level)
	case *ssa.Phi:
		for _, edge := range v.Edges {
			if c, ok := edge.(*ssa.Const); !ok || c.Value != nil {
				o.trace(edge, inCall, level)
			}
		}
	case *ssa.Const:
		// nil: no object
	default:
		o.undecided = true
	}
}

func (o *object) extract(v *ssa.Extract, inCall bool, level int) {
	switch tuple := v.Tuple.(type) {
	case *ssa.Call:
		o.call(tuple, v.Index, inCall, level)
	case *ssa.TypeAssert:
		o.trace(tuple.X, inCall, level)
	case *ssa.Lookup:
		o.element(tuple.X, v.Type(), tuple)
	case *ssa.Next:
		if rng, ok := tuple.Iter.(*ssa.Range); ok && v.Index == 2 {
			o.element(rng.X, v.Type(), tuple)
			return
		}
		o.undecided = true
	default:
		o.undecided = true
	}
}

// param handles the receiver of a root, else goes on to hot callers.
func (o *object) param(v *ssa.Parameter, inCall bool, level int) {
	fn := v.Parent()
	heat := o.model.Program.Heat(fn)
	if len(fn.Params) > 0 && fn.Params[0] == v && fn.Signature.Recv() != nil && isRoot(heat) {
		o.held = true
		return
	}
	i := 0
	for i < len(fn.Params) && fn.Params[i] != v {
		i++
	}
	traced := false
	for _, site := range o.model.Program.Callers(fn) {
		caller := site.Parent()
		wrapper := caller.Syntax() == nil
		if !wrapper && !o.model.perRequest(caller) || level >= maxLevels {
			continue
		}
		if args := program.Args(site); i < len(args) {
			traced = true
			next := level + 1
			if wrapper {
				next = level
			}
			o.trace(args[i], inCall, next)
		}
	}
	if !traced {
		o.undecided = true
	}
}

// isRoot reports whether a function is a request root, known as one.
func isRoot(heat *hotcode.Func) bool {
	return heat.Root != "" && len(heat.Chain) <= 1 && !heat.Assumed
}

// captured handles a variable of a function around: what set-up code
// captures in a handler lives as long as the handler.
func (o *object) captured(v *ssa.FreeVar, inCall bool, level int) {
	for i, fv := range v.Parent().FreeVars {
		if fv != v {
			continue
		}
		for _, c := range o.model.tracer.closures[v.Parent()] {
			if !o.model.perRequest(c.Parent()) {
				if o.model.closureOutlives(c, 0) || o.model.handedOn(c, 0) {
					o.held = true
				} else {
					o.fresh = true // it dies with the call that makes it
				}
				continue
			}
			o.trace(c.Bindings[i], inCall, level)
		}
	}
}

// alloc judges where an object is made. A variable that holds a pointer is
// not the object: what is stored in it is traced.
func (o *object) alloc(v *ssa.Alloc, inCall bool) {
	if _, isPointer := v.Type().Underlying().(*types.Pointer).Elem().Underlying().(*types.Pointer); isPointer {
		for _, ref := range *v.Referrers() {
			if st, ok := ref.(*ssa.Store); ok && st.Addr == v {
				o.trace(st.Val, inCall, 0)
			}
		}
		return
	}
	if from := copiedElements(v); len(from) > 0 {
		for _, elem := range from {
			o.trace(elem, inCall, 0)
		}
		return
	}
	if inCall || o.model.perRequest(v.Parent()) {
		o.fresh = true
	} else {
		o.held = true
	}
}

// load handles pointers that are kept somewhere.
func (o *object) load(v *ssa.UnOp, inCall bool, level int) {
	if v.Op != token.MUL {
		o.undecided = true // received from a channel
		return
	}
	switch addr := v.X.(type) {
	case *ssa.Global:
		o.held = true
	case *ssa.Alloc, *ssa.FreeVar:
		o.trace(addr, inCall, level)
	case *ssa.IndexAddr:
		o.element(addr.X, v.Type(), v)
	case *ssa.FieldAddr:
		if isStruct(v.Type()) {
			o.trace(addr.X, inCall, level) // part of it, whoever sets it
			return
		}
		o.part(addr, inCall, level)
	default:
		o.undecided = true // kept in a container: ask the types
	}
}

// part handles an object that a field of another one refers to. If only
// set-up code sets the field, it lives as long as the other one.
func (o *object) part(field *ssa.FieldAddr, inCall bool, level int) {
	v := fieldOf(field)
	if !o.model.holders.replaced[v] && !types.IsInterface(v.Type()) { // what an interface holds differs
		whole := &object{model: o.model, seen: o.seen}
		whole.trace(field.X, inCall, level)
		if whole.held || whole.fresh || whole.found {
			o.held = o.held || whole.held
			o.found = o.found || whole.found
			o.fresh = o.fresh || whole.fresh
			o.undecided = o.undecided || whole.undecided
			return
		}
	}
	o.undecided = true
}

// call traces a call's result into the callees.
func (o *object) call(call *ssa.Call, result int, inCall bool, level int) {
	inCall = inCall || o.model.perRequest(call.Parent())
	if callee := call.Call.StaticCallee(); callee != nil && callee.String() == "(*sync.Pool).Get" {
		o.fresh = true
		return
	}
	if o.takenOut(call) {
		return
	}
	if call.Call.IsInvoke() && call.Call.Method.FullName() == "(context.Context).Value" {
		o.fresh = true
		return
	}
	callees := o.model.Program.Callees(call)
	if len(callees) == 0 {
		o.undecided = true
	}
	for _, callee := range callees {
		for _, b := range callee.Blocks {
			ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
			if ok && result < len(ret.Results) {
				o.trace(ret.Results[result], inCall, level)
			}
		}
	}
}
