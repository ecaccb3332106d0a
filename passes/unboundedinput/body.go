package unboundedinput

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/hotcode"
	"github.com/heapvet/heapvet/passes/internal/callsite"
	"github.com/heapvet/heapvet/passes/internal/program"
	"github.com/heapvet/heapvet/passes/internal/typeid"
	"github.com/heapvet/heapvet/passes/reqflow"
)

// isRequest reports whether t is *http.Request.
func isRequest(t types.Type) bool {
	_, ptr := types.Unalias(t).(*types.Pointer)
	return ptr && typeid.IsNamed(typeid.Deref(t), "net/http", "Request")
}

// body tells about the Body of the request req, as known at instruction at.
func (t *tracer) body(req ssa.Value, at ssa.Instruction, f *frame, depth int) stream {
	s := stream{what: "the request's Body"}
	flow := t.flow.Value(req)
	if flow.Origin == reqflow.Request && !t.client(at) {
		s.origin, s.assumed = request, flow.Assumed
	}
	if t.open {
		if p, ok := req.(*ssa.Parameter); ok {
			s.params = []int{indexOf(p.Parent(), p)}
		}
	}
	s.bounded = t.wide
	bounded, packed := t.limited(req, at, f, depth)
	s.bounded = s.bounded || bounded
	if packed != "" {
		s.packed, s.bounded = packed, false
	}
	return s
}

// client reports whether at belongs to a client's transport: the requests
// there are its own.
func (t *tracer) client(at ssa.Instruction) bool {
	return strings.Contains(t.prog.Heat(at.Parent()).Root, "round tripper")
}

// limited reports whether the Body of req was limited before instruction
// at, in this function or in all of its callers, or else what format a new
// Body unpacks.
func (t *tracer) limited(req ssa.Value, at ssa.Instruction, f *frame, depth int) (bounded bool, packed string) {
	if depth > maxDepth {
		return false, ""
	}
	for _, instr := range before(at) {
		switch instr := instr.(type) {
		case *ssa.Store:
			if !setsBody(instr) {
				continue
			}
			if s := t.reader(instr.Val, instr, f, depth+2); s.bounded {
				return true, ""
			} else if s.packed != "" {
				packed = s.packed
			}
		case *ssa.BinOp:
			if ordered(instr.Op) && (isContentLength(instr.X) && !isZero(instr.Y) || isContentLength(instr.Y) && !isZero(instr.X)) {
				return true, ""
			}
		case ssa.CallInstruction:
			if t.limiting(instr) {
				return true, ""
			}
		}
	}
	if packed != "" {
		return false, packed
	}
	return t.limitedOutside(req, at, f, depth+1)
}

// limitedOutside looks where req comes from.
func (t *tracer) limitedOutside(req ssa.Value, at ssa.Instruction, f *frame, depth int) (bounded bool, packed string) {
	switch v := req.(type) {
	case *ssa.Call: // r.WithContext(ctx), c.Request()
		for _, arg := range v.Call.Args {
			if isRequest(arg.Type()) {
				return t.limited(arg, v, f, depth)
			}
		}
	case *ssa.FreeVar:
		if binding, made := callsite.Bound(v); binding != nil {
			return t.limited(binding, made, nil, depth)
		}
	case *ssa.Parameter:
		fn, i := v.Parent(), indexOf(v.Parent(), v)
		if f != nil && f.callee == fn {
			return t.limited(argAt(f.site, i), f.site, f.up, depth)
		}
		callers := t.prog.Callers(fn)
		bounded = len(callers) > 0
		for _, site := range callers {
			b, p := t.limited(argAt(site, i), site, nil, depth+4)
			bounded = bounded && b
			if p != "" {
				packed = p
			}
		}
		return bounded, packed
	}
	return false, ""
}

// before returns the instructions that control may pass on its way to at.
func before(at ssa.Instruction) []ssa.Instruction {
	seen := make(map[*ssa.BasicBlock]bool)
	var found []ssa.Instruction
	var visit func(b *ssa.BasicBlock)
	visit = func(b *ssa.BasicBlock) {
		for _, pred := range b.Preds {
			if !seen[pred] {
				seen[pred] = true
				visit(pred)
				found = append(found, pred.Instrs...)
			}
		}
	}
	visit(at.Block())
	if !seen[at.Block()] {
		i := slices.Index(at.Block().Instrs, at)
		found = append(found, at.Block().Instrs[:max(i, 0)]...)
	}
	return found
}

// setsBody reports whether store replaces the Body of a request.
func setsBody(store *ssa.Store) bool {
	addr, ok := store.Addr.(*ssa.FieldAddr)
	return ok && isBody(addr.X.Type(), addr.Field, "Request")
}

// isContentLength reports whether v is the declared length of a request.
func isContentLength(v ssa.Value) bool {
	load, ok := v.(*ssa.UnOp)
	if !ok {
		return false
	}
	addr, ok := load.X.(*ssa.FieldAddr)
	if !ok || !typeid.IsNamed(typeid.Deref(addr.X.Type()), "net/http", "Request") {
		return false
	}
	field := fieldVar(addr)
	return field != nil && field.Name() == "ContentLength"
}

// limiting reports whether call hands a request to a function that limits
// its Body.
func (t *tracer) limiting(call ssa.CallInstruction) bool {
	for i, arg := range program.Args(call) {
		if !isRequest(arg.Type()) {
			continue
		}
		for _, callee := range t.prog.Callees(call) {
			if !handles(callee.Signature) && t.limitsParam(callee) {
				return true
			}
		}
		if fn := callsite.Func(call.Common()); fn != nil {
			if known := t.known(fn); known != nil && known.limits(i) {
				return true
			}
		}
	}
	return false
}

// limitsParam reports whether fn sets the Body of a request to a reader
// that ends.
func (t *tracer) limitsParam(fn *ssa.Function) bool {
	if known, ok := t.limiters[fn]; ok {
		return known
	}
	t.limiters[fn] = false // until known: a function that calls itself adds nothing
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			if store, ok := instr.(*ssa.Store); ok && setsBody(store) && t.reader(store.Val, store, nil, maxDepth/2).bounded {
				t.limiters[fn] = true
			}
		}
	}
	return t.limiters[fn]
}

// handles reports whether sig is that of a handler or of a function that
// serves: limits set there do not outlive the call.
func handles(sig *types.Signature) bool {
	return sig.Params().Len() > 0 && typeid.IsNamed(sig.Params().At(0).Type(), "net/http", "ResponseWriter") && sig.Results().Len() == 0 &&
		sig.Params().Len() == 2
}

// wraps reports whether fn limits the Body of its request and passes the
// request on to another handler: a wrapper around all that it is set before.
func (t *tracer) wraps(fn *ssa.Function) bool {
	if t.prog.Heat(fn).Grade == hotcode.Cold || !t.limitsParam(fn) {
		return false
	}
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			if call, ok := instr.(ssa.CallInstruction); ok && servesNext(call.Common()) {
				return true
			}
		}
	}
	return false
}

// servesNext reports whether call calls another handler.
func servesNext(call *ssa.CallCommon) bool {
	if fn := callsite.Func(call); fn != nil {
		return fn.Name() == "ServeHTTP" || fn.Name() == "Next"
	}
	sig := call.Signature()
	return call.StaticCallee() == nil && sig.Params().Len() >= 1 && isHandlerParam(sig.Params().At(sig.Params().Len()-1).Type())
}

func isHandlerParam(t types.Type) bool {
	named, ok := types.Unalias(typeid.Deref(t)).(*types.Named)
	return isRequest(t) || ok && named.Obj().Name() == "Context"
}
