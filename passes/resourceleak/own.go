package resourceleak

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/internal/callsite"
	"github.com/heapvet/heapvet/passes/internal/typeid"
)

// ownKind is the kind of what no table lists, and the function itself
// releases on some way: that it must be released is its author's word.
var ownKind = kind{ID: "own", Verb: "closed", Cost: "stays open"}

// making are the first words of the names of functions that make something
// new, which nobody else has.
var making = []string{
	"accept", "acquire", "begin", "connect", "create", "dial", "fork", "listen", "make", "must", "new", "open", "spawn", "start", "subscribe", "watch",
}

// closing are the methods that must be called, of all that end something.
var closing = []string{"Close", "CloseNow", "Destroy", "Disconnect", "Free", "Release", "Shutdown", "Stop"}

// ownResource returns the acquisition of something that is in no table.
func (e *engine) ownResource(call *ssa.Call) (acquisition, bool) {
	fn := callsite.Func(&call.Call)
	if fn == nil || fn.Pkg() == nil || !makes(fn) {
		return acquisition{}, false
	}
	sig := fn.Signature()
	if sig.Results().Len() == 0 || fn.Pkg().Path() == "time" || fn.Pkg().Path() == "context" {
		return acquisition{}, false
	}
	a := acquisition{call: call, kind: &ownKind}
	results := extracts(call)
	typ := sig.Results().At(0).Type()
	if a.value = results[0]; a.value == nil || isErrorType(typ) || releaseMethod(typ) == nil || e.table.ofType(typ) != nil {
		return acquisition{}, false
	}
	if returnsError(sig) {
		a.err = results[len(results)-1]
	}
	return a, slices.ContainsFunc(releaseCalls(call.Parent(), a.value), closes)
}

// closes reports whether call is one that must be made.
func closes(call ssa.CallInstruction) bool {
	fn := callsite.Func(call.Common())
	return fn != nil && slices.Contains(closing, fn.Name())
}

// makes reports whether fn, by its name, makes something new that holds
// more than memory. What reads from or writes to something that its caller
// has is closed only to flush it.
func makes(fn *types.Func) bool {
	for p := range fn.Signature().Params().Variables() {
		if typeid.IsNamed(p.Type(), "io", "Reader") || typeid.IsNamed(p.Type(), "io", "Writer") {
			return false
		}
	}
	word := strings.ToLower(fn.Name())
	return slices.ContainsFunc(making, func(w string) bool { return strings.HasPrefix(word, w) })
}

// releaseCalls returns the calls, deferred ones too, by which fn and its
// literals release v.
func releaseCalls(fn *ssa.Function, v ssa.Value) []ssa.CallInstruction {
	s := &scan{seen: make(map[ssa.Value]bool)}
	s.value(v, 0)
	return s.found
}

// A scan follows the names of a value, whatever the way.
type scan struct {
	seen  map[ssa.Value]bool
	found []ssa.CallInstruction
}

func (s *scan) value(v ssa.Value, depth int) {
	const maxDepth = 8
	if s.seen[v] || depth > maxDepth || v.Referrers() == nil {
		return
	}
	s.seen[v] = true
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case ssa.CallInstruction:
			fn := callsite.Func(ref.Common())
			if fn != nil && receiver(ref.Common()) == v && releases(fn.Name()) || ref.Common().Value == v && !ref.Common().IsInvoke() {
				s.found = append(s.found, ref)
			}
		case *ssa.Store:
			if alloc, ok := ref.Addr.(*ssa.Alloc); ok && ref.Val == v {
				s.cell(alloc, depth+1)
			}
		case *ssa.FieldAddr:
			if embedded(ref) {
				s.value(ref, depth+1)
			}
			s.loads(ref, depth+1)
		case *ssa.UnOp:
			if _, ok := v.(*ssa.FieldAddr); ok {
				s.value(ref, depth+1)
			}
		case *ssa.MakeInterface, *ssa.ChangeInterface, *ssa.ChangeType, *ssa.Phi, *ssa.TypeAssert:
			s.value(ref.(ssa.Value), depth+1)
		}
	}
}

// cell follows what a local variable holds, in literals that capture it too.
func (s *scan) cell(addr ssa.Value, depth int) {
	if s.seen[addr] {
		return
	}
	s.seen[addr] = true
	for _, ref := range *addr.Referrers() {
		switch ref := ref.(type) {
		case *ssa.UnOp:
			s.value(ref, depth+1)
		case *ssa.MakeClosure:
			for i, b := range ref.Bindings {
				if b == addr {
					s.cell(ref.Fn.(*ssa.Function).FreeVars[i], depth+1)
				}
			}
		}
	}
}

// loads follows the field Body of a response.
func (s *scan) loads(field *ssa.FieldAddr, depth int) {
	if partOf(field.X.Type()) != field.Field {
		return
	}
	for _, ref := range *field.Referrers() {
		if load, ok := ref.(*ssa.UnOp); ok {
			s.value(load, depth+1)
		}
	}
}

// releasedAfter reports whether the function itself releases the resource
// on some way on from call: whoever is called does not take it over.
func (w *walk) releasedAfter(call *ssa.Call) bool {
	var after map[*ssa.BasicBlock]bool
	for _, r := range w.releases {
		if r.Parent() != w.fn {
			continue // in a literal; when it runs is not known
		}
		if r.Block() == call.Block() && indexOf(r) > indexOf(call) {
			return true
		}
		if after == nil {
			after = callsite.Reachable(call.Block(), nil)
		}
		if after[r.Block()] && r != ssa.CallInstruction(call) {
			return true
		}
	}
	return false
}
