package unboundedinput

import (
	"go/constant"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/internal/callsite"
	"github.com/heapvet/heapvet/passes/internal/program"
	"github.com/heapvet/heapvet/passes/internal/typeid"
)

// growers allocate as much as this argument says.
var growers = map[string]int{
	"(*bytes.Buffer).Grow":    0,
	"(*strings.Builder).Grow": 0,
	"slices.Grow":             1,
	"strings.Repeat":          1,
	"bytes.Repeat":            1,
	"reflect.MakeSlice":       1,
	"reflect.MakeMapWithSize": 1,
	"bufio.NewReaderSize":     1,
	"bufio.NewWriterSize":     1,
}

// wireNumbers decode a number of 32 bits or more from bytes or a reader.
var wireNumbers = map[string]bool{
	"(encoding/binary.ByteOrder).Uint32": true, "(encoding/binary.ByteOrder).Uint64": true,
	"(encoding/binary.littleEndian).Uint32": true, "(encoding/binary.littleEndian).Uint64": true,
	"(encoding/binary.bigEndian).Uint32": true, "(encoding/binary.bigEndian).Uint64": true,
	"encoding/binary.ReadUvarint": true, "encoding/binary.ReadVarint": true,
	"encoding/binary.Uvarint": true, "encoding/binary.Varint": true,
	"(*github.com/tinylib/msgp/msgp.Reader).ReadArrayHeader": true,
	"(*github.com/tinylib/msgp/msgp.Reader).ReadMapHeader":   true,
	"github.com/tinylib/msgp/msgp.ReadArrayHeaderBytes":      true,
	"github.com/tinylib/msgp/msgp.ReadMapHeaderBytes":        true,
}

// sizeOf returns the number that instr allocates by and what does it, or nil.
func sizeOf(instr ssa.Instruction) (size ssa.Value, what string) {
	switch instr := instr.(type) {
	case *ssa.MakeSlice:
		return instr.Cap, "make"
	case *ssa.MakeMap:
		return instr.Reserve, "make"
	case *ssa.MakeChan:
		return instr.Size, "make"
	case *ssa.Call:
		name := callsite.Name(instr.Common())
		if i, ok := growers[name]; ok {
			return callsite.Arg(instr.Common(), i), shortName(name)
		}
	}
	return nil, ""
}

// weightless reports whether instr makes room for elements without a size,
// which takes none: make([]struct{}, n) to range over.
func weightless(instr ssa.Instruction) bool {
	switch instr := instr.(type) {
	case *ssa.MakeSlice:
		return empty(instr.Type().Underlying().(*types.Slice).Elem())
	case *ssa.MakeChan:
		return empty(instr.Type().Underlying().(*types.Chan).Elem())
	}
	return false
}

// empty reports whether values of type t have no size.
func empty(t types.Type) bool {
	switch t := t.Underlying().(type) {
	case *types.Struct:
		for field := range t.Fields() {
			if !empty(field.Type()) {
				return false
			}
		}
		return true
	case *types.Array:
		return t.Len() == 0 || empty(t.Elem())
	}
	return false
}

// A choice says who chooses a number, if anybody outside the program does.
type choice struct {
	origin  origin
	assumed bool
	vague   bool   // nothing but the decoding speaks for its coming from outside
	what    string // the call or field that the number comes from
}

func (c choice) none() bool { return c.what == "" }

// A point is a place in a function: the end of a block, and if to is set
// the way out of it to that block.
type point struct{ block, to *ssa.BasicBlock }

// A sizer finds out who chooses numbers.
type sizer struct{ *tracer }

// chosen tells who chooses v, as known at point at.
func (z sizer) chosen(v ssa.Value, at point, f *frame, depth int) choice {
	if z.steps--; z.steps < 0 || depth > maxDepth || v == nil || small(v.Type()) || z.limitedAt(v, at) {
		return choice{}
	}
	switch v := v.(type) {
	case *ssa.Convert:
		return z.chosen(v.X, at, f, depth+1)
	case *ssa.ChangeType:
		return z.chosen(v.X, at, f, depth+1)
	case *ssa.BinOp:
		return z.binary(v, at, f, depth+1)
	case *ssa.Phi:
		for i, e := range v.Edges {
			if c := z.chosen(e, point{v.Block().Preds[i], v.Block()}, f, depth+4); !c.none() {
				return c
			}
		}
	case *ssa.Extract:
		if call, ok := v.Tuple.(*ssa.Call); ok {
			return z.result(call, v.Index, at, f, depth+1)
		}
	case *ssa.Call:
		return z.result(v, 0, at, f, depth+1)
	case *ssa.UnOp:
		if v.Op == token.MUL {
			return z.loaded(v, at, f, depth+1)
		}
	case *ssa.Field:
		return z.message(v, v.X, v.Field, f, depth+1)
	case *ssa.Parameter:
		return z.passed(v, f, depth+2)
	}
	return choice{}
}

// small reports whether numbers of type t do no harm as a size.
func small(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	if !ok || b.Info()&types.IsInteger == 0 {
		return true // not a number
	}
	switch b.Kind() {
	case types.Int8, types.Uint8, types.Int16, types.Uint16:
		return true
	}
	return false
}

// binary tells who chooses the result of an operation.
func (z sizer) binary(op *ssa.BinOp, at point, f *frame, depth int) choice {
	switch op.Op {
	case token.REM:
		return z.chosen(op.Y, at, f, depth)
	case token.AND:
		for _, v := range [...]ssa.Value{op.X, op.Y} {
			if mask, ok := v.(*ssa.Const); ok && mask.Value != nil && constant.Compare(mask.Value, token.LSS, constant.MakeInt64(1<<26)) {
				return choice{}
			}
		}
	case token.ADD, token.OR:
		if s, ok := assembled(op, 0); ok {
			return z.decodedFrom(s, "bytes of the input", f, depth)
		}
	case token.SUB, token.QUO, token.SHR, token.SHL, token.AND_NOT:
		return z.chosen(op.X, at, f, depth)
	}
	if c := z.chosen(op.X, at, f, depth+2); !c.none() {
		return c
	}
	return z.chosen(op.Y, at, f, depth+2)
}

// assembled reports whether op puts a number together from bytes, and
// returns where the bytes are.
func assembled(op *ssa.BinOp, depth int) (bytes ssa.Value, ok bool) {
	for _, v := range [...]ssa.Value{op.X, op.Y} {
		shift, ok := v.(*ssa.BinOp)
		if !ok || depth > 4 {
			continue
		}
		if shift.Op != token.SHL {
			if b, ok := assembled(shift, depth+1); ok {
				return b, true
			}
			continue
		}
		if by, ok := shift.Y.(*ssa.Const); ok && by.Int64() < 16 {
			continue // two bytes do no harm; the next ones may
		}
		if b := byteOf(shift.X); b != nil {
			return b, true
		}
	}
	return nil, false
}

// byteOf returns the slice or reader that the byte v was read from, or nil.
func byteOf(v ssa.Value) ssa.Value {
	for {
		switch x := v.(type) {
		case *ssa.Convert:
			v = x.X
		case *ssa.BinOp:
			if x.Op != token.AND {
				return nil
			}
			v = x.X // b & 0x7f
		case *ssa.UnOp:
			addr, ok := x.X.(*ssa.IndexAddr)
			if !ok || !typeid.IsBytes(addr.X.Type()) {
				return nil
			}
			return addr.X
		case *ssa.Extract:
			call, ok := x.Tuple.(*ssa.Call)
			if !ok || x.Index != 0 || !isByte(x.Type()) {
				return nil
			}
			if call.Call.IsInvoke() {
				return call.Call.Value
			}
			if len(call.Call.Args) == 0 {
				return nil
			}
			return call.Call.Args[0]
		default:
			return nil
		}
	}
}

func isByte(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Kind() == types.Uint8
}

// result tells who chooses result i of call.
func (z sizer) result(call *ssa.Call, i int, at point, f *frame, depth int) choice {
	common := call.Common()
	if b, ok := common.Value.(*ssa.Builtin); ok {
		return z.builtin(b.Name(), common.Args, at, f, depth)
	}
	name := callsite.Name(common)
	switch {
	case wireNumbers[name] && i == 0:
		return z.decodedFrom(common.Args[len(common.Args)-1], shortName(name), f, depth)
	case wireNumbers[name]:
		return choice{} // how many bytes it took
	case name == "strconv.Atoi" || name == "strconv.ParseInt" || name == "strconv.ParseUint":
		if i > 0 || len(common.Args) == 3 && narrow(common.Args[2]) {
			return choice{}
		}
		flow := z.flow.Value(common.Args[0])
		return told(flow, shortName(name))
	}
	for _, callee := range z.prog.Callees(call) {
		if c := z.returned(call, callee, i, f, depth); !c.none() {
			return c
		}
	}
	return z.getter(call, f, depth)
}

// builtin tells who chooses the result of a builtin function.
func (z sizer) builtin(name string, args []ssa.Value, at point, f *frame, depth int) choice {
	var last choice
	switch name {
	case "min":
		for _, arg := range args {
			if last = z.chosen(arg, at, f, depth+2); last.none() {
				return choice{}
			}
		}
	case "max":
		for _, arg := range args {
			if last = z.chosen(arg, at, f, depth+2); !last.none() {
				return last
			}
		}
	}
	return last
}

// returned tells who chooses result i of callee, called at call.
func (z sizer) returned(call *ssa.Call, callee *ssa.Function, i int, f *frame, depth int) choice {
	if inside(f, callee) {
		return choice{}
	}
	in := &frame{site: call, callee: callee, up: f}
	for _, block := range callee.Blocks {
		ret, ok := block.Instrs[len(block.Instrs)-1].(*ssa.Return)
		if !ok || i >= len(ret.Results) {
			continue
		}
		if c := z.chosen(ret.Results[i], point{block: block}, in, depth+3); !c.none() {
			return c
		}
	}
	return choice{}
}

// getter tells about a number that a message's Get method returns.
func (z sizer) getter(call *ssa.Call, f *frame, depth int) choice {
	fn := callsite.Func(call.Common())
	if fn == nil || fn.Signature().Recv() == nil || !strings.HasPrefix(fn.Name(), "Get") || fn.Signature().Params().Len() > 0 {
		return choice{}
	}
	if typeid.Method(fn.Signature().Recv().Type(), "ProtoReflect") == nil && typeid.Method(fn.Signature().Recv().Type(), "ProtoMessage") == nil {
		return choice{}
	}
	if recv := program.Args(call)[0]; !z.received(recv, f, depth) {
		return choice{}
	}
	return told(z.flow.Value(call), fn.Name())
}

// passed tells who chooses a parameter.
func (z sizer) passed(p *ssa.Parameter, f *frame, depth int) choice {
	fn, i := p.Parent(), indexOf(p.Parent(), p)
	if f != nil && f.callee == fn {
		return z.chosen(argAt(f.site, i), point{block: f.site.Block()}, f.up, depth)
	}
	for _, site := range z.prog.Callers(fn) {
		if c := z.chosen(argAt(site, i), point{block: site.Block()}, nil, depth+4); !c.none() {
			return c
		}
	}
	return choice{}
}
