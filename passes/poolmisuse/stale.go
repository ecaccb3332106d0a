package poolmisuse

import (
	"go/constant"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/internal/callsite"
	"github.com/heapvet/heapvet/passes/internal/typeid"
)

// stale reports a Put of a buffer that still holds what was written, where
// a Get goes on writing.
func (c *checker) stale(p *pool) {
	if p.open || p.many {
		return // others may reset it
	}
	var dirtyGet *use
	for _, get := range c.all(c.pools.gets, p) {
		n := aliases(get.value)
		n.findMemory()
		if c.wraps(get.call.Parent()) || n.reset(0) || c.emptied(get, 0) || c.grows(n) == unfilled {
			continue // its callers are looked at; or clean
		}
		if dirtyGet == nil {
			dirtyGet = get
		}
	}
	if dirtyGet == nil {
		return
	}
	for _, put := range c.all(c.pools.puts, p) {
		if c.wraps(put.call.Parent()) || !holdsText(put.value) {
			continue // its callers are looked at
		}
		n := aliases(canonical(put.value))
		n.findMemory()
		if callee := put.call.Common().StaticCallee(); n.reset(0) || put.via && resets(callee, 0) {
			continue
		}
		c.add(put.call, false, "sync.Pool %q: put back without Reset, and the Get in line %d writes on without one: "+
			"it finds what the last user wrote", p.name, c.pass.Fset.Position(dirtyGet.call.Pos()).Line)
	}
}

// all returns the uses of p in the order of the functions.
func (c *checker) all(uses map[*ssa.Function][]*use, p *pool) []*use {
	var found []*use
	for _, fn := range c.ssa.Funcs {
		for _, u := range uses[fn] {
			if u.pool == p {
				found = append(found, u)
			}
		}
	}
	return found
}

// wraps reports whether fn only passes values from or to a pool.
func (c *checker) wraps(fn *ssa.Function) bool {
	return c.pools.getters[fn] != nil || c.pools.putters[fn] != nil
}

// holdsText reports whether v is a buffer that keeps what was written.
func holdsText(v ssa.Value) bool {
	t := typeid.Deref(v.Type())
	return typeid.IsNamed(t, "bytes", "Buffer") || typeid.IsNamed(t, "strings", "Builder")
}

// emptied reports whether get goes through a function of the package that
// empties what it takes. Depth counts the functions followed on the way here.
func (c *checker) emptied(get *use, depth int) bool {
	if !get.via || depth > 2 {
		return false
	}
	for _, inner := range c.pools.gets[get.call.Common().StaticCallee()] {
		n := aliases(inner.value)
		n.findMemory()
		if n.emptied(0) || c.emptied(inner, depth+1) {
			return true
		}
	}
	return false
}

// reset reports whether the value that n names is emptied, or may be by
// code that is not at hand. Depth counts the calls followed on the way here.
func (n *names) reset(depth int) bool {
	for _, v := range n.order {
		for _, ref := range refs(v) {
			switch ref := ref.(type) {
			case *ssa.Store:
				if ref.Addr == v || ref.Val == v && !isLocal(ref.Addr) {
					return true // overwritten, or kept elsewhere
				}
			case *ssa.Return, *ssa.Send, *ssa.MapUpdate:
				return true // others go on
			}
		}
	}
	return n.emptied(depth)
}

// emptied reports whether a call or a slice expression empties the value.
func (n *names) emptied(depth int) bool {
	for _, v := range n.order {
		for _, ref := range refs(v) {
			if call, ok := ref.(ssa.CallInstruction); ok && empties(call, v, depth) {
				return true
			}
		}
	}
	for v := range n.memory {
		for _, ref := range refs(v) {
			if s, ok := ref.(*ssa.Slice); ok && isZero(s.High) {
				return true
			}
		}
	}
	return false
}

func isLocal(addr ssa.Value) bool {
	_, ok := addr.(*ssa.Alloc)
	return ok
}

func isZero(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	return ok && c.Value != nil && c.Value.Kind() == constant.Int && c.Int64() == 0
}

// empties reports whether call may leave the value v, which it uses, empty.
func empties(call ssa.CallInstruction, v ssa.Value, depth int) bool {
	common := call.Common()
	if common.IsInvoke() && common.Value == v {
		return resetting(common.Method.Name())
	}
	if _, ok := common.Value.(*ssa.Builtin); ok {
		return false
	}
	callee := common.StaticCallee()
	for i, arg := range common.Args {
		if arg != v {
			continue
		}
		name := callsite.Name(common)
		switch {
		case strings.HasPrefix(name, "(*sync.Pool)"):
		case callee != nil && resetting(callee.Name()):
			return true
		case i == 0 && common.Signature().Recv() != nil && callee != nil && callee.Pkg != call.Parent().Pkg:
			// A method of the value; the ones that empty it have a telling name.
		case writes(common.Signature(), i):
			// Only written to.
		default:
			return callee == nil || len(callee.Blocks) == 0 || resets(callee, depth+1)
		}
	}
	return false
}

// resetting reports whether a function of this name empties its receiver
// or argument.
func resetting(name string) bool {
	switch name = strings.ToLower(name); name {
	case "truncate", "writeto", "clear", "init", "free", "readall", "readfull":
		return true
	}
	return strings.HasPrefix(name, "reset")
}

// resets reports whether fn resets one of its parameters.
func resets(fn *ssa.Function, depth int) bool {
	if fn == nil || depth > 2 {
		return true // too deep to tell
	}
	for _, param := range fn.Params {
		n := aliases(param)
		n.findMemory()
		if n.reset(depth) {
			return true
		}
	}
	return false
}
