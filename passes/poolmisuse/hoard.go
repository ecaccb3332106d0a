package poolmisuse

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/hotcode"
	"github.com/heapvet/heapvet/passes/internal/callsite"
	"github.com/heapvet/heapvet/passes/internal/typeid"
)

// hoards reports a Put of a buffer that nothing keeps from growing.
func (c *checker) hoards(put *use) {
	if put.pool.many || !growable(put.value.Type()) || guarded(put) {
		return // of size classes, of fixed size, or dropped when too large
	}
	how, heat := c.filled(put.pool)
	if how == unfilled {
		return
	}
	if at := c.heatOf(put.call); at.Grade > heat.Grade {
		heat = at
	}
	if heat.Grade < hotcode.Warm {
		return
	}
	c.add(put.call, how != fromReader || assumed(heat), "sync.Pool %q keeps every buffer, however large a request made it: "+
		"drop buffers whose capacity is above a limit instead of putting them back", put.pool.name)
}

// growable reports whether values of type t hold bytes that can grow.
func growable(t types.Type) bool {
	t = typeid.Deref(t)
	if typeid.IsNamed(t, "bytes", "Buffer") || typeid.IsBytes(t) {
		return true
	}
	s, ok := t.Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for i := range s.NumFields() {
		if f := s.Field(i).Type(); typeid.IsNamed(typeid.Deref(f), "bytes", "Buffer") || typeid.IsBytes(f) {
			return true
		}
	}
	return false
}

// guarded reports whether the function that puts back, or one that it hands
// the value to, compares a capacity or length.
func guarded(put *use) bool {
	fn := put.call.Parent()
	for f := fn; f != nil; f = f.Parent() {
		if comparesSize(f) {
			return true
		}
	}
	return anyCall(fn, func(call ssa.CallInstruction) bool {
		callee := call.Common().StaticCallee()
		return callee != nil && callee.Pkg == fn.Pkg && comparesSize(callee)
	})
}

func anyCall(fn *ssa.Function, match func(ssa.CallInstruction) bool) bool {
	found := false
	eachCall(fn, func(call ssa.CallInstruction) { found = found || match(call) })
	return found
}

// comparesSize reports whether fn compares the capacity or the length of
// something with something else.
func comparesSize(fn *ssa.Function) bool {
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			if op, ok := instr.(*ssa.BinOp); ok && ordered(op.Op) && (isSize(op.X) || isSize(op.Y)) {
				return true
			}
		}
	}
	return false
}

func ordered(op token.Token) bool {
	return op == token.LSS || op == token.LEQ || op == token.GTR || op == token.GEQ
}

// isSize reports whether v is a capacity, or a length as methods tell it.
func isSize(v ssa.Value) bool {
	if conv, ok := v.(*ssa.Convert); ok {
		v = conv.X
	}
	call, ok := v.(*ssa.Call)
	if !ok {
		return false
	}
	if isBuiltin(call.Common(), "cap") {
		return true
	}
	fn := callsite.Func(call.Common())
	return fn != nil && (fn.Name() == "Cap" || fn.Name() == "Len" || fn.Name() == "Size")
}

// A filling says how the values of a pool grow.
type filling int

const (
	unfilled   filling = iota // fixed size, or not seen to grow
	written                   // by appending, formatting, encoding
	fromReader                // by what a reader delivers
)

// filled finds how the values of p grow, and the heat of where they do.
func (c *checker) filled(p *pool) (filling, hotcode.Heat) {
	how, heat := unfilled, hotcode.Heat{}
	for _, fn := range c.ssa.Funcs {
		for _, get := range c.pools.gets[fn] {
			if get.pool != p {
				continue
			}
			n := aliases(get.value)
			n.findMemory()
			f := c.grows(n)
			if h := c.heatOf(get.call); f > how || f == how && h.Grade > heat.Grade {
				how, heat = f, h
			}
		}
	}
	return how, heat
}

// grows finds how the value that n names grows.
func (c *checker) grows(n *names) filling {
	how := unfilled
	for _, v := range n.order {
		for _, ref := range refs(v) {
			if call, ok := ref.(ssa.CallInstruction); ok {
				how = max(how, growsBy(call, v))
			}
		}
	}
	for v := range n.memory {
		for _, ref := range refs(v) {
			if call, ok := ref.(*ssa.Call); ok && isBuiltin(call.Common(), "append") && call.Call.Args[0] == v {
				how = max(how, written)
			}
		}
	}
	return how
}

// growsBy tells how call, which uses the pooled value v, makes it grow.
func growsBy(call ssa.CallInstruction, v ssa.Value) filling {
	common := call.Common()
	if isBuiltin(common, "append") && common.Args[0] == v {
		return written
	}
	switch name := callsite.Name(common); name {
	case "(*bytes.Buffer).ReadFrom":
		return reads(call, common.Args[1])
	case "io.Copy", "io.CopyBuffer":
		if common.Args[0] == v {
			return reads(call, common.Args[1])
		}
		return unfilled
	case "(*bytes.Buffer).Write", "(*bytes.Buffer).WriteString", "(*bytes.Buffer).WriteByte", "(*bytes.Buffer).WriteRune":
		return written
	}
	for i, arg := range common.Args {
		if arg == v && writes(common.Signature(), i) {
			return written
		}
	}
	return unfilled
}

// reads tells how a value grows that call fills from r. A limited reader in
// the same function is taken for the one that is read.
func reads(call ssa.CallInstruction, r ssa.Value) filling {
	limited := anyCall(call.Parent(), func(c ssa.CallInstruction) bool {
		name := callsite.Name(c.Common())
		return name == "io.LimitReader" || name == "net/http.MaxBytesReader"
	})
	t := typeid.Deref(unbox(r).Type())
	if limited || typeid.IsNamed(t, "bytes", "Reader") || typeid.IsNamed(t, "bytes", "Buffer") || typeid.IsNamed(t, "strings", "Reader") {
		return written
	}
	return fromReader
}

// writes reports whether a function of signature sig takes an io.Writer as
// argument i.
func writes(sig *types.Signature, i int) bool {
	if sig.Recv() != nil {
		i--
	}
	return i >= 0 && i < sig.Params().Len() && typeid.IsNamed(sig.Params().At(i).Type(), "io", "Writer")
}
