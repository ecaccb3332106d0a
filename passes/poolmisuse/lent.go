package poolmisuse

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/internal/callsite"
)

// lent reports a Get in fn without any Put, whose value fn lends to code that
// is not at hand and uses again afterwards: whoever had it in between did not
// put it back, so that this is up to fn.
func (c *checker) lent(fn *ssa.Function, get *use, n *names) {
	if len(get.pool.puts) == 0 || len(n.closure) > 0 || n.leaks() {
		return // told as a whole, or others may have it
	}
	var last ssa.CallInstruction
	var again ssa.Instruction
	for _, v := range n.order {
		for _, ref := range refs(v) {
			if !c.lends(ref, v) {
				if c.takes(ref, v) {
					return // may put it back
				}
				continue
			}
			call := ref.(ssa.CallInstruction)
			next := firstUse(&use{call: call, value: get.value}, n)
			if next == nil {
				return // may be there for this
			}
			last, again = call, next
		}
	}
	if last == nil {
		return // only read
	}
	c.add(get.call, true, "sync.Pool %q: the value is never put back: it is only lent to %s in line %d, for it is still used in line %d, and nobody else has it",
		get.pool.name, calleeName(last), c.line(last), c.line(again))
}

func (c *checker) line(instr ssa.Instruction) int {
	return c.pass.Fset.Position(callsite.Position(instr)).Line
}

func calleeName(call ssa.CallInstruction) string {
	if fn := callsite.Func(call.Common()); fn != nil {
		return fn.Name()
	}
	return "a function"
}

// lends reports whether instr hands v to code that is not at hand, for the
// time of a call.
func (c *checker) lends(instr ssa.Instruction, v ssa.Value) bool {
	call, ok := instr.(*ssa.Call)
	if !ok || !slices.Contains(call.Call.Args, v) || types.Identical(call.Type(), v.Type()) {
		return false // or what it returns may be v
	}
	if call.Call.IsInvoke() {
		return true
	}
	if _, ok := call.Call.Value.(*ssa.Builtin); ok || isMethodOf(&call.Call, v) {
		return false
	}
	callee := call.Call.StaticCallee()
	return callee == nil || len(callee.Blocks) == 0
}

// takes reports whether instr may put v back, or keep it.
func (c *checker) takes(instr ssa.Instruction, v ssa.Value) bool {
	call, ok := instr.(ssa.CallInstruction)
	if !ok {
		return c.keeps(instr, v)
	}
	if _, now := call.(*ssa.Call); !now || givesBack(calleeName(call)) {
		return true
	}
	return c.keeps(instr, v)
}

// givesBack reports whether a function of this name is there to end the use
// of a value.
func givesBack(name string) bool {
	name = strings.ToLower(name)
	for _, verb := range [...]string{"put", "release", "free", "close", "recycle", "done", "return", "destroy"} {
		if strings.HasPrefix(name, verb) {
			return true
		}
	}
	return false
}

// leaks reports whether memory of the pooled value, such as a slice that it
// has in a field, may be kept by others: that is why it is not put back.
func (n *names) leaks() bool {
	n.findMemory()
	for v := range n.memory {
		if n.kept(v, 0) {
			return true
		}
	}
	for _, v := range n.order {
		for _, ref := range refs(v) {
			field, ok := ref.(*ssa.FieldAddr)
			if !ok {
				continue
			}
			for _, ref := range refs(field) {
				switch ref := ref.(type) {
				case *ssa.UnOp:
					if n.kept(ref, 0) {
						return true
					}
				case *ssa.Store:
					if ref.Val == field {
						return true
					}
				case *ssa.FieldAddr, *ssa.IndexAddr, *ssa.DebugRef:
					// part of it
				default:
					return true // its address goes elsewhere
				}
			}
		}
	}
	return false
}

// kept reports whether v, memory of the pooled value, goes elsewhere.
func (n *names) kept(v ssa.Value, depth int) bool {
	if depth > 4 {
		return true
	}
	if _, ok := v.Type().Underlying().(*types.Basic); ok {
		return false
	}
	return slices.ContainsFunc(refs(v), func(ref ssa.Instruction) bool {
		switch ref := ref.(type) {
		case *ssa.Slice:
			return n.kept(ref, depth+1)
		case *ssa.Store:
			field, own := ref.Addr.(*ssa.FieldAddr)
			return ref.Val == v && !n.has[ref.Addr] && !(own && n.has[field.X])
		case *ssa.Call:
			if isBuiltin(ref.Common(), "append") && ref.Call.Args[0] != v || isBuiltin(ref.Common(), "copy", "len", "cap", "clear") {
				return false // copied
			}
			if types.Identical(ref.Type(), v.Type()) {
				return n.kept(ref, depth+1) // append, or a function that does so
			}
			callee := ref.Call.StaticCallee()
			return calleeName(ref) != "Write" && (callee == nil || !standard(callee))
		case *ssa.IndexAddr, *ssa.Index, *ssa.Convert, *ssa.BinOp, *ssa.UnOp, *ssa.DebugRef, *ssa.Range, *ssa.Lookup:
			return false
		}
		return true
	})
}
