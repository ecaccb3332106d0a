package reqflow

import (
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// maxSteps bounds how far a value is traced back for a message.
const maxSteps = 200

// explain returns in the words of the source where the data of n enters,
// such as r.URL.Path or r.FormValue(...), or "" if that cannot be told.
func (e *engine) explain(n node) string {
	var path []node // from n back to the source
	seen := make(map[node]bool)
	for range maxSteps {
		if n.obj == nil || seen[n] {
			break
		}
		seen[n] = true
		path = append(path, n)
		n = e.before(n)
	}
	if len(path) == 0 {
		return ""
	}
	return spell(path)
}

// before returns where the data of n came from.
func (e *engine) before(n node) node {
	if p, ok := n.obj.(*ssa.Parameter); ok {
		return e.params[p].via
	}
	s := e.states[n]
	if s == nil {
		return node{}
	}
	for _, via := range append([]node{s.via}, s.more...) {
		if e.origin(via)&request != 0 {
			return via // not what came first, such as the name that a cookie is asked for by
		}
	}
	return s.via
}

// spell writes the source at the end of path, with the selectors and
// method calls that follow it. A request that is only handed on goes by
// the name it has where something is read from it.
func spell(path []node) string {
	last := len(path) - 1
	text := sourceText(path[last])
	for i := last - 1; i >= 0 && text != ""; i-- {
		next, ok := path[i].obj.(ssa.Value)
		if !ok {
			break
		}
		switch next.(type) {
		case *ssa.Parameter, *ssa.FreeVar:
			if strings.ContainsAny(text, ".(") {
				return text // what was read is handed on
			}
			text = next.Name()
			continue
		}
		more, ok := selector(next, path[i+1].obj)
		if !ok {
			break
		}
		text += more
	}
	return text
}

// sourceText names the source itself.
func sourceText(n node) string {
	switch v := n.obj.(type) {
	case source:
		return string(v)
	case *ssa.Parameter:
		if v.Name() != "_" {
			return v.Name()
		}
	case *ssa.Call:
		return callText(v)
	case *ssa.Extract:
		if call, ok := v.Tuple.(*ssa.Call); ok {
			return callText(call)
		}
	case *ssa.UnOp:
		return "a received message"
	}
	return ""
}

// selector returns how v is selected from the value before it; it reports
// false where the data goes on in another way.
func selector(v ssa.Value, from any) (string, bool) {
	switch v := v.(type) {
	case *ssa.FieldAddr, *ssa.Field:
		return "." + fieldOf(v).Name(), true
	case *ssa.UnOp, *ssa.Phi, *ssa.ChangeType, *ssa.MakeInterface, *ssa.ChangeInterface, *ssa.Convert:
		return "", true // the same value in another form
	case *ssa.Alloc:
		return "", true // a local variable that holds it
	case *ssa.Call:
		callee := calleeOf(&v.Call)
		if callee == nil || callee.Signature().Recv() == nil || receiverOf(&v.Call) != from {
			return "", false
		}
		return "." + callee.Name() + "(" + arguments(v) + ")", true
	}
	return "", false
}

func receiverOf(call *ssa.CallCommon) any {
	if call.IsInvoke() {
		return call.Value
	}
	if len(call.Args) == 0 {
		return nil
	}
	return call.Args[0]
}

// arguments prints a single constant argument, and dots for others.
func arguments(call *ssa.Call) string {
	args := call.Call.Args
	if !call.Call.IsInvoke() {
		args = args[1:]
	}
	if len(args) == 0 {
		return ""
	}
	if c, ok := args[0].(*ssa.Const); ok && len(args) == 1 && c.Value != nil {
		return c.Value.String()
	}
	return "..."
}

// callText names a call that is a source itself.
func callText(call *ssa.Call) string {
	callee := calleeOf(&call.Call)
	if callee == nil {
		return ""
	}
	if recv := callee.Signature().Recv(); recv != nil {
		return typeBase(recv.Type()) + "." + callee.Name() + "(...)"
	}
	return callee.Pkg().Name() + "." + callee.Name() + "(...)"
}

func typeBase(t types.Type) string {
	if ptr, ok := t.(*types.Pointer); ok {
		t = ptr.Elem()
	}
	if named, ok := types.Unalias(t).(*types.Named); ok {
		return named.Obj().Name()
	}
	return t.String()
}
