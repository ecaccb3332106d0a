package reqflow

import (
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/answers"
	"github.com/heapvet/heapvet/passes/hotcode"
	"github.com/heapvet/heapvet/passes/internal/program"
)

// analyze follows the data of all sources of prog. If none of its packages
// is a command, importers may call all that it exports per request. What is
// known about the only package of prog may be nil.
func analyze(prog *program.Program, facts func(*types.Func) *flows, known *answers.Package) *engine {
	e := newEngine(prog, facts)
	if known != nil {
		e.learn(known) // first: how it is worded there is how it is worded here
	}
	for _, fn := range prog.Funcs {
		if !prog.Command && isAPI(fn) {
			e.seedParams(fn, assumed)
		}
		heat := prog.Heat(fn)
		if heat.Root != "" && len(heat.Chain) <= 1 {
			e.seedRoot(fn, heat)
		}
		if heat.Grade != hotcode.Cold {
			e.seedCalls(fn)
		}
	}
	e.run()
	return e
}

// seedRoot makes sources of what a root gets per call.
func (e *engine) seedRoot(fn *ssa.Function, heat *hotcode.Func) {
	if strings.HasSuffix(heat.Root, " loop") {
		e.seedLoop(fn)
		return
	}
	origin := request
	if heat.Assumed {
		origin = assumed
	}
	e.seedParams(fn, origin)
}

// isAPI reports whether importers can call fn.
func isAPI(fn *ssa.Function) bool {
	obj, ok := fn.Object().(*types.Func)
	return ok && obj.Exported()
}

// seedParams makes sources of fn's parameters, without its receiver.
func (e *engine) seedParams(fn *ssa.Function, origin bits) {
	for i, p := range fn.Params {
		if i == 0 && fn.Signature.Recv() != nil {
			continue // the server, not the request
		}
		e.seed(p, origin)
	}
}

// seedLoop makes sources of what a receive loop reads.
func (e *engine) seedLoop(fn *ssa.Function) {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.UnOp:
				if instr.Op == token.ARROW && typeName(elem(instr.X.Type())) != "time.Time" {
					e.add(node{obj: instr}, request, node{})
				}
			case *ssa.Call:
				callee := calleeOf(&instr.Call)
				if callee == nil || e.index.ownsPackage(callee.Pkg()) || !receives(callee) {
					continue // no message comes from here
				}
				e.source(instr, request)
			}
		}
	}
}

func elem(t types.Type) types.Type {
	if ch, ok := t.Underlying().(*types.Chan); ok {
		return ch.Elem()
	}
	return t
}

// seedCalls makes sources of calls that return what a client or another
// server sent, wherever they stand in code that is not cold.
func (e *engine) seedCalls(fn *ssa.Function) {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok {
				continue
			}
			callee := calleeOf(&call.Call)
			if callee != nil && fresh(callee) {
				e.source(call, request)
			}
			if callee == nil || e.index.ownsPackage(callee.Pkg()) {
				continue // its body says what it returns
			}
			for i := range call.Call.Signature().Results().Len() {
				if isResponse(call.Call.Signature().Results().At(i).Type()) {
					e.result(call, i, upstream, node{})
				}
			}
		}
	}
}

// source makes a call's results, and what its arguments point to, sources.
func (e *engine) source(call *ssa.Call, origin bits) {
	for i := range call.Call.Signature().Results().Len() {
		if !isError(call.Call.Signature().Results().At(i).Type()) {
			e.result(call, i, origin, node{})
		}
	}
	for _, arg := range call.Call.Args {
		switch arg := arg.(type) {
		case *ssa.Slice:
			e.put(call.Parent(), origin, node{}, arg.X, whole, 0)
			e.add(node{obj: arg}, origin, node{})
		case *ssa.MakeSlice, *ssa.UnOp:
			e.put(call.Parent(), origin, node{}, arg, whole, 0)
		}
	}
}

func isError(t types.Type) bool { return types.Identical(t, types.Universe.Lookup("error").Type()) }

// flow returns what is known of v.
func (e *engine) flow(v ssa.Value) Flow {
	f := Flow{Bounded: Finite(v.Type())}
	n := node{obj: v}
	s := e.states[n]
	switch {
	case s == nil && isStruct(v.Type()):
		return e.fields(v.Type().Underlying().(*types.Struct), f)
	case s == nil || !Carries(v.Type()) || isError(v.Type()):
		if e.constant(v, 0) {
			f.Origin, f.Bounded = Constant, true
		}
		return f
	}
	if fn := v.Parent(); fn != nil {
		for i := range fn.Params {
			if i < maxParams && s.bits&(1<<i) != 0 {
				f.Params = append(f.Params, i)
			}
		}
	}
	return e.judge(n, f)
}

// judge adds to f what the origins of n say.
func (e *engine) judge(n node, f Flow) Flow {
	switch origin := e.origin(n); {
	case origin&request != 0:
		f.Origin = Request
	case origin&assumed != 0:
		f.Origin, f.Assumed = Request, true
	case origin&upstream != 0:
		f.Origin = Upstream
	default:
		f.Bounded = f.Bounded || origin&few != 0
		return f
	}
	f.Source = e.explain(n)
	return f
}

// fields joins what is known of the fields of a struct value, which keep
// their data by themselves. Few values of some fields, and no data from a
// request in the others, make few values of the struct.
func (e *engine) fields(s *types.Struct, f Flow) Flow {
	joined, some := f, false
	for field := range s.Fields() {
		part := e.judge(node{obj: field.Origin()}, Flow{Bounded: Finite(field.Type())})
		some = some || part.Bounded
		if rank(part) > rank(joined) && part.Origin != Unknown {
			joined = part
		}
	}
	if joined.Origin == Unknown {
		joined.Bounded = joined.Bounded || some
	}
	return joined
}

func isStruct(t types.Type) bool { _, ok := t.Underlying().(*types.Struct); return ok }

// constant reports whether v is written in the program, or read from a
// table that set-up code fills.
func (e *engine) constant(v ssa.Value, depth int) bool {
	if depth > maxDepth {
		return false
	}
	switch v := v.(type) {
	case *ssa.Const:
		return true
	case *ssa.Phi:
		for _, edgeValue := range v.Edges {
			if edgeValue != v && !e.constant(edgeValue, depth+1) {
				return false
			}
		}
		return true
	case *ssa.Convert:
		return e.constant(v.X, depth+1)
	case *ssa.ChangeType:
		return e.constant(v.X, depth+1)
	case *ssa.MakeInterface:
		return e.constant(v.X, depth+1)
	case *ssa.Lookup:
		return e.index.table(v.X)
	case *ssa.Range:
		return e.index.table(v.X)
	case *ssa.Next:
		return e.constant(v.Iter, depth+1)
	case *ssa.Extract:
		return e.constant(v.Tuple, depth+1)
	case *ssa.BinOp:
		return e.constant(v.X, depth+1) && e.constant(v.Y, depth+1)
	}
	return false
}
