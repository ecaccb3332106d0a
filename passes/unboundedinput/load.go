package unboundedinput

import (
	"go/types"
	"reflect"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/internal/callsite"
	"github.com/heapvet/heapvet/passes/internal/typeid"
)

// loaded tells who chooses what is read from a variable or field.
func (z sizer) loaded(load *ssa.UnOp, at point, f *frame, depth int) choice {
	if isContentLength(load) {
		if z.wide {
			return choice{} // a wrapper that limits bodies looks at it, or may
		}
		return told(z.flow.Value(load), "ContentLength")
	}
	switch addr := load.X.(type) {
	case *ssa.Alloc:
		if store := lastWrite(addr, load); store != nil {
			return z.unclamped(z.chosen(store.Val, at, f, depth), load, f, depth)
		}
		return z.unclamped(z.variable(addr, at, f, depth), load, f, depth)
	case *ssa.FreeVar:
		if binding, _ := callsite.Bound(addr); binding != nil {
			if alloc, ok := binding.(*ssa.Alloc); ok {
				return z.unclamped(z.variable(alloc, at, nil, depth), load, f, depth)
			}
		}
	case *ssa.FieldAddr:
		if alloc, ok := addr.X.(*ssa.Alloc); ok {
			if c := z.decoded(alloc, f, depth); !c.none() {
				return c
			}
		}
		if c := z.message(load, addr.X, addr.Field, f, depth); !c.none() {
			return c
		}
		if c := z.decoded(addr, f, depth); !c.none() {
			return c
		}
		for _, store := range z.fields[fieldVar(addr)] {
			if c := z.chosen(store.Val, point{block: store.Block()}, nil, depth+5); !c.none() {
				return c
			}
		}
	}
	return choice{}
}

// unclamped returns c, which is told about a captured variable, or nothing if
// on all ways to load the variable was compared with a maximum or is given
// another value that nobody chooses: if n > most { n = most }.
func (z sizer) unclamped(c choice, load *ssa.UnOp, f *frame, depth int) choice {
	if c.none() {
		return c
	}
	seen := make(map[*ssa.BasicBlock]bool)
	var open func(b *ssa.BasicBlock, instrs []ssa.Instruction) bool
	open = func(b *ssa.BasicBlock, instrs []ssa.Instruction) bool {
		for _, instr := range slices.Backward(instrs) {
			if store, ok := instr.(*ssa.Store); ok && store.Addr == load.X {
				return !z.chosen(store.Val, point{block: b}, f, depth+2).none()
			}
		}
		for _, pred := range b.Preds {
			if branch, ok := lastIf(pred); ok && pred.Succs[0] != pred.Succs[1] && caps(branch.Cond, pred.Succs[0] == b, load) || seen[pred] {
				continue
			}
			seen[pred] = true
			if open(pred, pred.Instrs) {
				return true
			}
		}
		return len(b.Preds) == 0
	}
	block := load.Block()
	if open(block, block.Instrs[:slices.Index(block.Instrs, ssa.Instruction(load))]) {
		return c
	}
	return choice{}
}

// variable tells who chooses the value of a local variable whose address
// is taken.
func (z sizer) variable(alloc *ssa.Alloc, at point, f *frame, depth int) choice {
	if c := z.decoded(alloc, f, depth); !c.none() {
		return c
	}
	for _, v := range storedIn(alloc) {
		if c := z.chosen(v, at, f, depth+2); !c.none() {
			return c
		}
	}
	return choice{}
}

// lastWrite returns the assignment to a variable that every way to load
// passes last, if that is not a call that is handed its address.
func lastWrite(alloc *ssa.Alloc, load ssa.Instruction) *ssa.Store {
	block := load.Block()
	instrs := block.Instrs[:slices.Index(block.Instrs, load)]
	for {
		for _, instr := range slices.Backward(instrs) {
			if store, ok := instr.(*ssa.Store); ok && store.Addr == alloc {
				return store
			}
			if box, ok := instr.(*ssa.MakeInterface); ok && box.X == alloc {
				return nil
			}
		}
		if block = block.Idom(); block == nil {
			return nil
		}
		instrs = block.Instrs
	}
}

// decoded tells about a variable or field whose address is handed to a
// decoder of fixed-size binary data.
func (z sizer) decoded(addr ssa.Value, f *frame, depth int) choice {
	for _, ref := range refs(addr) {
		box, ok := ref.(*ssa.MakeInterface)
		if !ok {
			continue
		}
		for _, use := range refs(box) {
			if call, ok := use.(*ssa.Call); ok && callsite.Name(call.Common()) == "encoding/binary.Read" {
				return z.decodedFrom(call.Call.Args[0], "binary.Read", f, depth)
			}
		}
	}
	return choice{}
}

// message tells about a number in a decoded message: a field with a tag.
func (z sizer) message(load, base ssa.Value, i int, f *frame, depth int) choice {
	s, ok := typeid.Deref(base.Type()).Underlying().(*types.Struct)
	if !ok || i >= s.NumFields() || !tagged(s.Tag(i)) || !z.received(base, f, depth) {
		return choice{}
	}
	return told(z.flow.Value(load), "field "+s.Field(i).Name())
}

// tagged reports whether a decoder fills fields with this tag.
func tagged(tag string) bool {
	for _, key := range [...]string{"json", "protobuf", "form", "query", "xml", "msgpack", "yaml", "cbor", "schema", "uri", "param", "header"} {
		if _, ok := reflect.StructTag(tag).Lookup(key); ok {
			return true
		}
	}
	return false
}
