package unboundedinput

import (
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/internal/callsite"
	"github.com/heapvet/heapvet/passes/internal/typeid"
	"github.com/heapvet/heapvet/passes/reqflow"
)

// inMemoryOf returns the bytes or text that the reader v is made of, or nil.
func inMemoryOf(v ssa.Value) ssa.Value {
	switch v := v.(type) {
	case *ssa.MakeInterface:
		return inMemoryOf(v.X)
	case *ssa.ChangeInterface:
		return inMemoryOf(v.X)
	case *ssa.Call:
		switch callsite.Name(v.Common()) {
		case "bytes.NewReader", "bytes.NewBuffer", "bytes.NewBufferString", "strings.NewReader":
			return v.Call.Args[0]
		}
	}
	return nil
}

// carried reports whether the bytes or the text v are seen to be a part of a
// request as it came: read from its body or a value of it, and no more than
// decoded. What was decrypted is not, nor what the program has stored.
func (t *tracer) carried(v ssa.Value, f *frame, depth int) bool {
	if t.steps--; t.steps < 0 || depth > maxDepth || v == nil {
		return false
	}
	if t.sent(v, f, depth+1) || (sizer{t}).bytes(v, f, depth+1).origin == request {
		return true
	}
	switch v := v.(type) {
	case *ssa.Slice:
		return t.carried(v.X, f, depth+1)
	case *ssa.Convert:
		return t.carried(v.X, f, depth+1)
	case *ssa.ChangeType:
		return t.carried(v.X, f, depth+1)
	case *ssa.Phi:
		for _, e := range v.Edges {
			if t.carried(e, f, depth+4) {
				return true
			}
		}
	case *ssa.Field:
		return (sizer{t}).received(v.X, f, depth+1)
	case *ssa.UnOp:
		switch addr := v.X.(type) {
		case *ssa.Alloc:
			for _, val := range storedIn(addr) {
				if t.carried(val, f, depth+2) {
					return true
				}
			}
		case *ssa.FieldAddr: // of a message
			return (sizer{t}).received(addr.X, f, depth+1)
		}
	case *ssa.Extract:
		if call, ok := v.Tuple.(*ssa.Call); ok {
			return t.carriedBy(call, v.Index, f, depth+1)
		}
	case *ssa.Call:
		return t.carriedBy(v, 0, f, depth+1)
	case *ssa.Parameter:
		fn, i := v.Parent(), indexOf(v.Parent(), v)
		if f != nil && f.callee == fn {
			return t.carried(argAt(f.site, i), f.up, depth+2)
		}
		for _, site := range t.prog.Callers(fn) {
			if t.carried(argAt(site, i), nil, depth+4) {
				return true
			}
		}
	}
	return false
}

// carriedBy reports whether result i of call is a part of a request.
func (t *tracer) carriedBy(call *ssa.Call, i int, f *frame, depth int) bool {
	if fn := callsite.Func(call.Common()); fn != nil && fn.Pkg() != nil && i == 0 {
		if recv := fn.Signature().Recv(); recv != nil && inHand(recv.Type()) {
			return t.flow.Value(call).Origin == reqflow.Request // what a buffer was filled with
		}
		if pkg := fn.Pkg().Path(); pkg == "bytes" || pkg == "strings" || strings.HasPrefix(pkg, "encoding/") {
			for _, arg := range call.Call.Args {
				if (typeid.IsBytes(arg.Type()) || isText(arg.Type())) && t.carried(arg, f, depth+1) {
					return true
				}
			}
			return false
		}
	}
	for _, callee := range t.prog.Callees(call) {
		if inside(f, callee) {
			continue // recursion adds nothing
		}
		in := &frame{site: call, callee: callee, up: f}
		for _, block := range callee.Blocks {
			if ret, ok := block.Instrs[len(block.Instrs)-1].(*ssa.Return); ok && i < len(ret.Results) && t.carried(ret.Results[i], in, depth+3) {
				return true
			}
		}
	}
	return false
}

func isText(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsString != 0
}

// authenticated reports whether control comes to at only after a message
// authentication code was found right, by a function of the package if need be.
func authenticated(at ssa.Instruction) bool {
	for b := at.Block(); b != nil; b = b.Idom() {
		d := b.Idom()
		if d == nil || len(b.Preds) != 1 {
			continue // other ways lead here
		}
		branch, ok := lastIf(d)
		if !ok {
			continue
		}
		cond, holds := branch.Cond, d.Succs[0] == b
		for {
			not, ok := cond.(*ssa.UnOp)
			if !ok || not.Op != token.NOT {
				break
			}
			cond, holds = not.X, !holds
		}
		if call, ok := cond.(*ssa.Call); ok && holds && comparesMAC(call, 0) {
			return true
		}
	}
	return false
}

func comparesMAC(call *ssa.Call, depth int) bool {
	if callsite.Name(call.Common()) == "crypto/hmac.Equal" {
		return true
	}
	callee := call.Call.StaticCallee()
	if callee == nil || depth > 1 {
		return false
	}
	for _, block := range callee.Blocks {
		for _, instr := range block.Instrs {
			if inner, ok := instr.(*ssa.Call); ok && comparesMAC(inner, depth+1) {
				return true
			}
		}
	}
	return false
}
