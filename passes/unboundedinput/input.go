package unboundedinput

import (
	"go/token"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/hotcode"
	"github.com/heapvet/heapvet/passes/internal/callsite"
	"github.com/heapvet/heapvet/passes/internal/typeid"
	"github.com/heapvet/heapvet/passes/reqflow"
)

// told returns the choice that a value of this flow is, if it comes from a
// request.
func told(flow reqflow.Flow, what string) choice {
	if flow.Origin != reqflow.Request {
		return choice{}
	}
	return choice{origin: request, assumed: flow.Assumed, what: what}
}

// decodedFrom tells about a number that is decoded from v, bytes or a
// reader. That the bytes come from a request must be seen, not only be
// possible: programs decode their own files as well.
func (z sizer) decodedFrom(v ssa.Value, what string, f *frame, depth int) choice {
	flow := z.flow.Value(v)
	if flow.Origin == reqflow.Constant {
		return choice{}
	}
	s := z.bytes(v, f, depth)
	return choice{origin: s.origin, assumed: s.assumed, vague: s.origin == unknown && flow.Origin != reqflow.Request, what: what}
}

// bytes tells where the bytes in v, or those that v reads, were read from.
func (z sizer) bytes(v ssa.Value, f *frame, depth int) stream {
	if z.steps--; z.steps < 0 || depth > maxDepth || v == nil {
		return stream{}
	}
	if isReader(v.Type()) {
		s := z.reader(v, instructionOf(v), f, depth+1)
		if s.origin == network {
			s.origin = unknown // who is at the other end is not known
		}
		return s
	}
	switch v := v.(type) {
	case *ssa.Slice:
		return z.bytes(v.X, f, depth+1)
	case *ssa.Alloc:
		return z.filled(v, f, depth+1)
	case *ssa.MakeSlice:
		return z.filled(v, f, depth+1)
	case *ssa.Extract:
		if call, ok := v.Tuple.(*ssa.Call); ok {
			if s, ok := sinkOf(call); ok && strings.HasSuffix(s.name, "ReadAll") {
				return z.reader(s.reader, call, f, depth+1)
			}
		}
	case *ssa.Parameter:
		return z.bytesPassed(v, f, depth+2)
	}
	return stream{}
}

// filled tells where the buffer v is read from.
func (z sizer) filled(v ssa.Value, f *frame, depth int) stream {
	for _, ref := range refs(v) {
		switch ref := ref.(type) {
		case *ssa.Slice:
			if s := z.filled(ref, f, depth+1); s.origin != unknown {
				return s
			}
		case *ssa.Call:
			switch name := callsite.Name(ref.Common()); {
			case name == "io.ReadFull" || name == "io.ReadAtLeast":
				return z.bytes(ref.Call.Args[0], f, depth+1)
			case ref.Call.IsInvoke() && ref.Call.Method.Name() == "Read":
				return z.bytes(ref.Call.Value, f, depth+1)
			}
		}
	}
	return stream{}
}

// bytesPassed tells where the bytes come from that callers pass as p.
func (z sizer) bytesPassed(p *ssa.Parameter, f *frame, depth int) stream {
	fn, i := p.Parent(), indexOf(p.Parent(), p)
	if f != nil && f.callee == fn {
		return z.bytes(argAt(f.site, i), f.up, depth)
	}
	for _, site := range z.prog.Callers(fn) {
		if s := z.bytes(argAt(site, i), nil, depth+4); s.origin != unknown {
			return s
		}
	}
	return stream{}
}

// instructionOf returns the place where v is known: where it is computed,
// or the beginning of its function.
func instructionOf(v ssa.Value) ssa.Instruction {
	if instr, ok := v.(ssa.Instruction); ok {
		return instr
	}
	if fn := v.Parent(); fn != nil && len(fn.Blocks) > 0 {
		return fn.Blocks[0].Instrs[0]
	}
	return nil
}

// received reports whether the message v was decoded from input here, or
// is what a handler is called with.
func (z sizer) received(v ssa.Value, f *frame, depth int) bool {
	if z.steps--; z.steps < 0 || depth > maxDepth || v == nil {
		return false
	}
	switch v := v.(type) {
	case *ssa.Alloc:
		for _, ref := range refs(v) {
			if box, ok := ref.(*ssa.MakeInterface); ok && decodedInto(box) {
				return true
			}
		}
		for _, val := range storedIn(v) {
			if z.received(val, f, depth+2) {
				return true
			}
		}
	case *ssa.UnOp:
		return v.Op == token.MUL && z.received(v.X, f, depth+1)
	case *ssa.FieldAddr:
		return z.received(v.X, f, depth+1)
	case *ssa.Field:
		return z.received(v.X, f, depth+1)
	case *ssa.Parameter:
		fn, i := v.Parent(), indexOf(v.Parent(), v)
		if f != nil && f.callee == fn {
			return z.received(argAt(f.site, i), f.up, depth+2)
		}
		heat := z.prog.Heat(fn)
		if heat.Grade == hotcode.Hot && len(heat.Chain) <= 1 && (fn.Signature.Recv() == nil || i > 0) {
			return true // the handler's own message
		}
		for _, site := range z.prog.Callers(fn) {
			if z.received(argAt(site, i), nil, depth+5) {
				return true
			}
		}
	}
	return false
}

// decodedInto reports whether the pointer in box is handed to a decoder.
func decodedInto(box *ssa.MakeInterface) bool {
	for _, ref := range refs(box) {
		call, ok := ref.(ssa.CallInstruction)
		if !ok {
			continue
		}
		fn := callsite.Func(call.Common())
		if fn == nil {
			continue
		}
		for _, verb := range [...]string{"Decode", "Unmarshal", "Bind", "ShouldBind", "BodyParser", "QueryParser", "ReadJSON"} {
			if strings.HasPrefix(fn.Name(), verb) {
				return true
			}
		}
	}
	return false
}

// narrow reports whether bits is a constant size of at most 16 bits.
func narrow(bits ssa.Value) bool {
	c, ok := bits.(*ssa.Const)
	return ok && c.Int64() > 0 && c.Int64() <= 16
}

// unpacked tells about bytes that s unpacks at once.
func (c *checker) unpacked(s sink, format string) stream {
	for _, block := range s.call.Parent().Blocks {
		for _, instr := range block.Instrs {
			if call, ok := instr.(ssa.CallInstruction); ok && strings.HasSuffix(callsite.Name(call.Common()), ".DecodedLen") {
				return stream{} // asked before
			}
		}
	}
	src := sizer{c.tracer}.bytes(s.reader, nil, 0)
	if flow := c.flow.Value(s.reader); src.origin == unknown && flow.Origin == reqflow.Request && typeid.IsBytes(s.reader.Type()) {
		src = stream{origin: network, assumed: flow.Assumed, what: "the input"}
	}
	src.packed, src.bounded = format, false
	return src
}

// shortName drops the directories of a full name: "(*bytes.Buffer).Grow",
// "binary.ReadUvarint".
func shortName(name string) string {
	if i := strings.LastIndexByte(name, '/'); i >= 0 {
		prefix := ""
		if strings.HasPrefix(name, "(*") {
			prefix = "(*"
		} else if strings.HasPrefix(name, "(") {
			prefix = "("
		}
		return prefix + name[i+1:]
	}
	return name
}
