package unboundedinput

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/internal/callsite"
	"github.com/heapvet/heapvet/passes/internal/program"
	"github.com/heapvet/heapvet/passes/internal/typeid"
	"github.com/heapvet/heapvet/passes/reqflow"
)

// An origin says where the data of a stream come from. Higher is worse.
type origin uint8

const (
	unknown  origin = iota
	upstream        // the answer to a call that the program makes
	network         // a connection; who is at the other end is not known
	request         // a request or a message
)

// A stream is what is known about a reader.
type stream struct {
	origin  origin
	bounded bool   // it ends after a number of bytes that the program chose
	packed  string // the format that it unpacks without limit, or ""
	assumed bool   // from a request only if a library's API is called per request
	what    string // the source in words: "r.Body"
	params  []int  // parameters of the function asked about that it reads
}

// worse reports whether s is the worse news of two.
func (s stream) worse(t stream) bool {
	return s.danger() > t.danger()
}

func (s stream) danger() int {
	d := int(s.origin) * 4
	if s.bounded {
		return d / 4
	}
	if s.packed != "" {
		d += 2
	}
	if !s.assumed {
		d++
	}
	return d
}

// A frame is a call that the tracer followed into its callee.
type frame struct {
	site   ssa.CallInstruction
	callee *ssa.Function
	up     *frame
}

// A tracer finds out where readers come from and whether they end.
type tracer struct {
	*index
	flow  *reqflow.Result
	known func(*types.Func) *summary // facts about functions of other packages
	wide  bool                       // a wrapper of the module limits all bodies
	open  bool                       // parameters are told, not followed to the callers
	steps int                        // left before the tracer gives up
	// limiters are functions known to limit the Body of a request, or not.
	limiters map[*ssa.Function]bool
}

// maxDepth bounds how far a value is followed, maxSteps how much for one
// question.
const (
	maxDepth = 20
	maxSteps = 2000
)

// reader tells about the reader v, as known at instruction at.
func (t *tracer) reader(v ssa.Value, at ssa.Instruction, f *frame, depth int) stream {
	if t.steps--; v == nil || depth > maxDepth || t.steps < 0 {
		return stream{} // callers of callers of callers: nothing that a reader of the finding could follow
	}
	if s, ok := t.byType(v, f, depth); ok {
		return s
	}
	switch v := v.(type) {
	case *ssa.MakeInterface:
		return t.reader(v.X, at, f, depth+1)
	case *ssa.ChangeInterface:
		return t.reader(v.X, at, f, depth+1)
	case *ssa.ChangeType:
		return t.reader(v.X, at, f, depth+1)
	case *ssa.TypeAssert:
		return t.reader(v.X, at, f, depth+1)
	case *ssa.Extract:
		if call, ok := v.Tuple.(*ssa.Call); ok {
			return t.call(call, v.Index, at, f, depth+1)
		}
		if assert, ok := v.Tuple.(*ssa.TypeAssert); ok && v.Index == 0 {
			return t.reader(assert.X, at, f, depth+1)
		}
	case *ssa.Call:
		return t.call(v, 0, at, f, depth+1)
	case *ssa.Phi:
		return t.worst(v.Edges, at, f, depth+4) // phis multiply
	case *ssa.UnOp:
		if v.Op == token.MUL {
			return t.load(v, f, depth+1)
		}
	case *ssa.Parameter:
		return t.param(v, f, depth+2)
	case *ssa.FreeVar:
		if binding, made := callsite.Bound(v); binding != nil {
			return t.reader(binding, made, nil, depth+1)
		}
	case *ssa.Alloc:
		return t.alloc(v, at, f, depth+1)
	}
	return t.connection(v)
}

// byType tells about readers whose type says enough.
func (t *tracer) byType(v ssa.Value, f *frame, depth int) (stream, bool) {
	typ := v.Type()
	switch {
	case ends(typ):
		flow := t.flow.Value(v)
		s := stream{bounded: true, assumed: flow.Assumed, what: flow.Source}
		switch flow.Origin {
		case reqflow.Request:
			s.origin = request
		case reqflow.Upstream:
			s.origin = upstream
		}
		return s, true
	case decompressorOf(typ) != "":
		for _, ref := range refs(v) {
			call, ok := ref.(ssa.CallInstruction)
			if ok && !call.Common().IsInvoke() && len(call.Common().Args) > 1 && call.Common().Args[0] == v &&
				callsite.Func(call.Common()) != nil && callsite.Func(call.Common()).Name() == "Reset" {
				return t.unpack(decompressorOf(typ), call.Common().Args[1], call, f, depth+1), true
			}
		}
	}
	return stream{}, false
}

// connection tells about a value of which nothing but its type is known.
func (t *tracer) connection(v ssa.Value) stream {
	if !isConnection(v.Type()) {
		return stream{}
	}
	s := stream{origin: network, what: "a connection"}
	if flow := t.flow.Value(v); flow.Origin == reqflow.Request && !flow.Assumed {
		s.origin = request
	}
	return s
}

// unpack tells about a reader that unpacks the data of v.
func (t *tracer) unpack(format string, v ssa.Value, at ssa.Instruction, f *frame, depth int) stream {
	s := t.reader(v, at, f, depth)
	if data := inMemoryOf(v); data != nil && s.origin == request && (!t.carried(data, f, depth+1) || authenticated(at)) {
		s.origin = network // of whoever has the key, or the program's own
	}
	s.packed, s.bounded = format, false
	return s
}

// worst tells the worst about several readers.
func (t *tracer) worst(vs []ssa.Value, at ssa.Instruction, f *frame, depth int) stream {
	var worst stream
	for i, v := range vs {
		if s := t.reader(v, at, f, depth); i == 0 || s.worse(worst) {
			worst = s
		}
	}
	return worst
}

// call tells about result i of call.
func (t *tracer) call(call *ssa.Call, i int, at ssa.Instruction, f *frame, depth int) stream {
	common := call.Common()
	name := callsite.Name(common)
	if format := decompressors[name]; format != "" {
		return t.unpack(format, common.Args[0], call, f, depth)
	}
	if arg, ok := limits[name]; ok {
		s := t.reader(common.Args[arg], call, f, depth)
		s.bounded, s.packed = true, ""
		return s
	}
	if arg, ok := wrappers[name]; ok {
		return t.wrapper(call, arg, f, depth)
	}
	if callees := t.prog.Callees(call); len(callees) > 0 {
		return t.callees(call, callees, i, f, depth)
	}
	if fn := callsite.Func(common); fn != nil {
		if known := t.known(fn); known != nil && known.bounds(i) {
			return stream{bounded: true}
		}
	}
	for _, arg := range common.Args {
		if isConnection(arg.Type()) || t.reader(arg, call, f, depth+4).origin == network {
			return stream{origin: network, what: "a connection"}
		}
	}
	return t.connection(call)
}

// wrapper tells about the reader that call makes of its argument arg.
func (t *tracer) wrapper(call *ssa.Call, arg int, f *frame, depth int) stream {
	v := call.Call.Args[0]
	if arg >= 0 {
		v = callsite.Arg(call.Common(), arg)
	}
	if isRequest(v.Type()) {
		return t.body(v, call, f, depth)
	}
	return t.reader(v, call, f, depth)
}

// callees tells the worst about result i of the functions that call may call.
func (t *tracer) callees(call *ssa.Call, callees []*ssa.Function, i int, f *frame, depth int) stream {
	var worst stream
	first := true
	for _, callee := range callees {
		if inside(f, callee) {
			continue // recursion adds nothing
		}
		in := &frame{site: call, callee: callee, up: f}
		for _, block := range callee.Blocks {
			ret, ok := block.Instrs[len(block.Instrs)-1].(*ssa.Return)
			if !ok || i >= len(ret.Results) || isNil(ret.Results[i]) {
				continue
			}
			if s := t.reader(ret.Results[i], ret, in, depth+2); first || s.worse(worst) {
				worst, first = s, false
			}
		}
	}
	return worst
}

func inside(f *frame, fn *ssa.Function) bool {
	for ; f != nil; f = f.up {
		if f.callee == fn {
			return true
		}
	}
	return false
}

// param tells about a parameter: what the call passes that led here, or
// the worst that any caller passes.
func (t *tracer) param(p *ssa.Parameter, f *frame, depth int) stream {
	fn := p.Parent()
	i := indexOf(fn, p)
	if f != nil && f.callee == fn {
		return t.reader(argAt(f.site, i), f.site, f.up, depth)
	}
	if t.open {
		return stream{params: []int{i}}
	}
	s := t.connection(p)
	for _, site := range t.prog.Callers(fn) {
		if c := t.reader(argAt(site, i), site, nil, depth+2); c.worse(s) {
			s = c
		}
	}
	return s
}

// indexOf returns the place of p among fn's parameters, receiver first.
func indexOf(fn *ssa.Function, p *ssa.Parameter) int {
	for i, q := range fn.Params {
		if p == q {
			return i
		}
	}
	return -1
}

// argAt returns the argument for a callee's i-th parameter, receiver first,
// or nil where the call does not spell it out.
func argAt(site ssa.CallInstruction, i int) ssa.Value {
	args := program.Args(site)
	if i < 0 || i >= len(args) {
		return nil
	}
	return args[i]
}

// load tells about what is read from a field or variable.
func (t *tracer) load(v *ssa.UnOp, f *frame, depth int) stream {
	switch addr := v.X.(type) {
	case *ssa.FieldAddr:
		if isBody(addr.X.Type(), addr.Field, "Request") {
			return t.body(addr.X, v, f, depth)
		}
		if isBody(addr.X.Type(), addr.Field, "Response") {
			return stream{origin: upstream, what: "the response's Body"}
		}
		field := fieldVar(addr)
		if s := t.worst(t.stored(field), v, nil, depth+4); s.origin != unknown || s.bounded {
			return s
		}
	case *ssa.Alloc:
		if vs := storedIn(addr); len(vs) > 0 {
			return t.worst(vs, v, f, depth+2)
		}
		return t.alloc(addr, v, f, depth) // a struct by value
	case *ssa.FreeVar:
		if binding, made := callsite.Bound(addr); binding != nil {
			if alloc, ok := binding.(*ssa.Alloc); ok {
				return t.worst(storedIn(alloc), made, nil, depth+2)
			}
		}
	}
	return t.connection(v)
}

// alloc tells about a reader that is a struct of the program: one that
// compares sizes as it reads counts, another passes on what it holds.
func (t *tracer) alloc(a *ssa.Alloc, at ssa.Instruction, f *frame, depth int) stream {
	if m := typeid.Method(a.Type(), "Read"); m != nil {
		if read := t.prog.Prog.FuncValue(m); read != nil && comparesAny(read) {
			return stream{bounded: true}
		}
	}
	var worst stream
	for _, ref := range refs(a) {
		addr, ok := ref.(*ssa.FieldAddr)
		if !ok {
			continue
		}
		for _, v := range storedIn(addr) {
			if !isReader(v.Type()) {
				continue
			}
			if s := t.reader(v, at, f, depth+1); s.worse(worst) {
				worst = s
			}
		}
	}
	return worst
}
