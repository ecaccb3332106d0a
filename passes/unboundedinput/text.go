package unboundedinput

import (
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/hotcode"
	"github.com/heapvet/heapvet/passes/internal/callsite"
	"github.com/heapvet/heapvet/passes/internal/typeid"
)

// sent reports whether the text v is seen to be part of a request: a
// header, a cookie, a value of the query or the form, the path, or an
// argument of a handler, also cut or trimmed. That it derives from a
// request by whatever way is not enough: what a request selects from a
// configuration does as well.
func (t *tracer) sent(v ssa.Value, f *frame, depth int) bool {
	if t.steps--; t.steps < 0 || depth > maxDepth || v == nil {
		return false
	}
	switch v := v.(type) {
	case *ssa.Slice:
		return t.sent(v.X, f, depth+1)
	case *ssa.Convert:
		return t.sent(v.X, f, depth+1)
	case *ssa.ChangeType:
		return t.sent(v.X, f, depth+1)
	case *ssa.Extract:
		if call, ok := v.Tuple.(*ssa.Call); ok {
			return t.sentBy(call, v.Index, f, depth+1)
		}
		if next, ok := v.Tuple.(*ssa.Next); ok {
			if r, ok := next.Iter.(*ssa.Range); ok {
				return t.sent(r.X, f, depth+1)
			}
		}
	case *ssa.Call:
		return t.sentBy(v, 0, f, depth+1)
	case *ssa.Lookup:
		return isHTTP(v.X.Type()) || t.sent(v.X, f, depth+1)
	case *ssa.Phi:
		for _, e := range v.Edges {
			if t.sent(e, f, depth+4) {
				return true
			}
		}
	case *ssa.UnOp:
		if v.Op != token.MUL {
			return false
		}
		switch addr := v.X.(type) {
		case *ssa.FieldAddr:
			return isHTTP(addr.X.Type())
		case *ssa.IndexAddr:
			return t.sent(addr.X, f, depth+1)
		}
	case *ssa.Parameter:
		return t.sentTo(v, f, depth+2)
	}
	return false
}

// sentBy reports whether result i of call is text of a request.
func (t *tracer) sentBy(call *ssa.Call, i int, f *frame, depth int) bool {
	fn := callsite.Func(call.Common())
	if fn == nil || fn.Pkg() == nil {
		return false
	}
	recv := fn.Signature().Recv()
	switch pkg := fn.Pkg().Path(); {
	case recv != nil && isHTTP(recv.Type()):
		return true
	case pkg == "strings" && recv == nil && len(call.Call.Args) > 0:
		return t.sent(call.Call.Args[0], f, depth)
	}
	for _, callee := range t.prog.Callees(call) {
		if inside(f, callee) {
			continue
		}
		in := &frame{site: call, callee: callee, up: f}
		for _, block := range callee.Blocks {
			if ret, ok := block.Instrs[len(block.Instrs)-1].(*ssa.Return); ok && i < len(ret.Results) && t.sent(ret.Results[i], in, depth+3) {
				return true
			}
		}
	}
	return false
}

// sentTo reports whether the parameter p is text of a request.
func (t *tracer) sentTo(p *ssa.Parameter, f *frame, depth int) bool {
	fn, i := p.Parent(), indexOf(p.Parent(), p)
	if f != nil && f.callee == fn {
		return t.sent(argAt(f.site, i), f.up, depth)
	}
	if heat := t.prog.Heat(fn); heat.Grade == hotcode.Hot && len(heat.Chain) <= 1 && (fn.Signature.Recv() == nil || i > 0) {
		return true // an argument of the handler itself
	}
	for _, site := range t.prog.Callers(fn) {
		if t.sent(argAt(site, i), nil, depth+4) {
			return true
		}
	}
	return false
}

// isHTTP reports whether t is one of the types of requests, headers, URLs
// and forms.
func isHTTP(t types.Type) bool {
	named, ok := types.Unalias(typeid.Deref(t)).(*types.Named)
	if !ok || named.Obj().Pkg() == nil {
		return false
	}
	name := named.Obj().Name()
	switch pkg := named.Obj().Pkg().Path(); pkg {
	case "net/http":
		return name == "Request" || name == "Header" || name == "Cookie"
	case "net/url":
		return name == "URL" || name == "Values"
	default:
		return name == "Context" && !strings.HasPrefix(pkg, "context") // of gin, echo, fiber
	}
}
