package retention

import (
	"fmt"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/internal/growth"
)

// pop judges s = s[1:] of a field whose elements hold pointers: the array
// keeps what was popped until it is next grown.
func (c *checker) pop(store *ssa.Store) {
	addr, ok := store.Addr.(*ssa.FieldAddr)
	if !ok {
		return
	}
	cut, ok := store.Val.(*ssa.Slice)
	if !ok || cut.High != nil || !isConst(cut.Low) || !loads(cut.X, addr) {
		return // not a pop at the front
	}
	elems, ok := cut.Type().Underlying().(*types.Slice)
	if !ok || !hasPointers(elems.Elem(), 0) || zeroes(store.Parent(), addr) {
		return // nothing, or nothing more, to keep
	}
	queue := c.queue(fieldOf(addr))
	if queue == nil {
		return // nobody puts elements in
	}
	for _, g := range queue.Growths {
		if g.Func() == store.Parent() || c.model.Lifetime(g) == growth.PerRequest {
			return // a work list
		}
	}
	c.report(c.site(store, growth.LikelyLong), true, fmt.Sprintf("queue %q keeps what it pops: the array behind it still refers to the element; set it to its zero value first", name(addr)))
}

// queue returns the container of a field that elements are added to, or nil.
func (c *checker) queue(field *types.Var) *growth.Container {
	for _, container := range c.model.Containers {
		if container.Field == field && container.Kind == growth.Slice {
			return container
		}
	}
	return nil
}

// zeroes reports whether fn clears elements of the slice at addr, or drops
// the array when the slice is empty.
func zeroes(fn *ssa.Function, addr ssa.Value) bool {
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			switch instr := instr.(type) {
			case *ssa.Store:
				if sameAddr(instr.Addr, addr) && isZero(instr.Val) {
					return true
				}
				index, ok := instr.Addr.(*ssa.IndexAddr)
				if ok && isZero(instr.Val) && loads(index.X, addr) {
					return true
				}
			case *ssa.Call:
				if b, ok := instr.Call.Value.(*ssa.Builtin); ok && (b.Name() == "clear" || b.Name() == "copy") {
					return true
				}
			}
		}
	}
	return false
}

// isZero reports whether v is a zero value.
func isZero(v ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.Const:
		return true
	case *ssa.UnOp: // T{}, or a variable that nothing was stored in
		cell, ok := v.X.(*ssa.Alloc)
		if !ok || v.Op != token.MUL {
			return false
		}
		for _, ref := range *cell.Referrers() {
			if _, ok := ref.(*ssa.Store); ok {
				return false
			}
		}
		return true
	}
	return false
}

// hasPointers reports whether values of type t can keep others alive.
func hasPointers(t types.Type, depth int) bool {
	switch t := t.Underlying().(type) {
	case *types.Basic:
		return t.Info()&types.IsString != 0 || t.Kind() == types.UnsafePointer
	case *types.Array:
		return hasPointers(t.Elem(), depth+1)
	case *types.Struct:
		for f := range t.Fields() {
			if depth > 4 || hasPointers(f.Type(), depth+1) {
				return true
			}
		}
		return false
	}
	return true
}
