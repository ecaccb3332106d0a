package unboundedlabel

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/internal/callsite"
	"github.com/heapvet/heapvet/passes/internal/program"
	"github.com/heapvet/heapvet/passes/internal/typeid"
)

// A nearness says how surely a value that reqflow calls request data is
// chosen by the client of the request at hand.
type nearness uint8

const (
	statusCode nearness = iota // only through a status code, of which there are few
	far                        // through fields of some object: flow through fields does not tell objects apart
	near                       // from the request that the function has in hand
)

// near follows v back to the request, as far as the function and the
// functions around it go.
func (c *checker) near(v ssa.Value, seen map[ssa.Value]bool) nearness {
	if seen[v] || isStatus(v) || !c.flow.Value(v).Tainted() {
		return statusCode
	}
	seen[v] = true
	if x, ok := v.(*ssa.Extract); ok {
		if call, ok := x.Tuple.(*ssa.Call); ok {
			return c.nearCall(call, seen) // the flow knows results, not tuples
		}
	}
	switch v := v.(type) {
	case *ssa.Parameter:
		return c.nearParam(v, seen)
	case *ssa.FreeVar:
		if b := callsite.Binding(v); b != nil {
			return c.near(b, seen)
		}
	case *ssa.Alloc:
		return c.nearStores(v, seen)
	case *ssa.UnOp:
		if v.Op == token.ARROW {
			return near // a message
		}
		return c.near(v.X, seen)
	case *ssa.FieldAddr:
		return max(far, c.near(v.X, seen))
	case *ssa.Call:
		return c.nearCall(v, seen)
	case *ssa.MakeMap, *ssa.MakeSlice, *ssa.Global:
		return far
	}
	return c.nearOperands(v.(ssa.Instruction), seen)
}

// nearParam returns the nearness of a parameter: that of the arguments of
// the function's callers, if anything calls it.
func (c *checker) nearParam(p *ssa.Parameter, seen map[ssa.Value]bool) nearness {
	fn := p.Parent()
	if fn.Signature.Recv() != nil && p == fn.Params[0] {
		return far // the server's object rather than the request's
	}
	prog := c.flow.Program()
	if heat := prog.Heat(fn); len(heat.Chain) <= 1 && heat.Root != "" {
		return near
	}
	n := statusCode
	for _, site := range prog.Callers(fn) {
		for i, arg := range program.Args(site) {
			if i < len(fn.Params) && fn.Params[i] == p {
				n = max(n, c.near(arg, seen))
			}
		}
	}
	return n
}

// nearCall returns the nearness of a tainted result of call.
func (c *checker) nearCall(call *ssa.Call, seen map[ssa.Value]bool) nearness {
	if slices.ContainsFunc(call.Operands(nil), func(op *ssa.Value) bool { return *op != nil && c.flow.Value(*op).Tainted() }) {
		return c.nearOperands(call, seen)
	}
	if callee := call.Call.StaticCallee(); callee != nil && len(callee.Blocks) > 0 {
		return far // it reads fields
	}
	return near // it reads the request
}

// nearOperands returns the nearness of the nearest operand of instr.
func (c *checker) nearOperands(instr ssa.Instruction, seen map[ssa.Value]bool) nearness {
	n := statusCode
	for _, op := range instr.Operands(nil) {
		if *op != nil {
			n = max(n, c.near(*op, seen))
		}
	}
	return n
}

// nearStores returns the nearness of the nearest value stored in a local
// variable, its fields or elements, or decoded into it by a call.
func (c *checker) nearStores(addr ssa.Value, seen map[ssa.Value]bool) nearness {
	n := statusCode
	for _, ref := range *addr.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Store:
			if ref.Addr == addr {
				n = max(n, c.near(ref.Val, seen))
			}
		case *ssa.FieldAddr, *ssa.IndexAddr, *ssa.MakeInterface:
			n = max(n, c.nearStores(ref.(ssa.Value), seen))
		case *ssa.Call:
			for _, op := range ref.Operands(nil) {
				if *op != nil && *op != addr {
					n = max(n, far, c.near(*op, seen))
				}
			}
		}
	}
	return n
}

// isStatus reports whether v is a status code by its type and name. Of
// names it holds that they may only cool.
func isStatus(v ssa.Value) bool {
	name := ""
	t := v.Type()
	switch v := v.(type) {
	case *ssa.Parameter:
		name = v.Name()
	case *ssa.FieldAddr:
		t = typeid.Deref(t)
		name = typeid.Deref(v.X.Type()).Underlying().(*types.Struct).Field(v.Field).Name()
	case *ssa.Field:
		name = v.X.Type().Underlying().(*types.Struct).Field(v.Field).Name()
	case *ssa.Call:
		if v.Call.IsInvoke() {
			name = v.Call.Method.Name()
		} else if callee := v.Call.StaticCallee(); callee != nil {
			name = callee.Name()
		}
	default:
		return false
	}
	b, ok := t.Underlying().(*types.Basic)
	if !ok || b.Info()&types.IsInteger == 0 {
		return false
	}
	name = strings.ToLower(name)
	return strings.Contains(name, "status") || strings.HasSuffix(name, "code")
}
