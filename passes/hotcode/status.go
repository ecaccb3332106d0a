package hotcode

import (
	"go/constant"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// reportsFailure reports whether b tells the client or the log of a failure:
// it calls http.Error or the like, hands on a constant HTTP status of 400 to
// 599, or calls what by its name replies with an error.
func (f *failures) reportsFailure(b *ssa.BasicBlock) bool {
	for _, instr := range b.Instrs {
		site, ok := instr.(ssa.CallInstruction)
		if !ok {
			continue
		}
		common := site.Common()
		fn := callee(common)
		if _, ok := f.call("failure", fn); ok {
			return true
		}
		for i, arg := range common.Args {
			if isFailureStatus(arg) && takesStatus(fn, common, i) {
				return true
			}
		}
		if f.repliesError(site) {
			return true
		}
	}
	return false
}

// repliesError reports whether site, which only some ways through its
// function reach, calls what by its name replies or returns an error:
// c.WriteError("unknown command"). Names may only cool. An error that it is
// handed must be known not to be nil, for many a handler ends with a call
// that looks at its error first.
func (f *failures) repliesError(site ssa.CallInstruction) bool {
	common, block := site.Common(), site.Block()
	fn := callee(common)
	if fn == nil || !namesFailure(fn.Name()) || len(conditions(block)) == 0 {
		return false
	}
	made := false
	for _, arg := range common.Args {
		if types.Identical(arg.Type(), errorType) {
			if !f.nonNil(arg, block, 0) {
				return false
			}
			made = true
		}
	}
	return made || site.Value() == nil || onlyReturned(site.Value())
}

// onlyReturned reports whether v is nothing but a result of its function,
// or nobody wants it.
func onlyReturned(v ssa.Value) bool {
	for _, ref := range *v.Referrers() {
		switch ref.(type) {
		case *ssa.Return, *ssa.DebugRef:
		default:
			return false
		}
	}
	return true
}

// namesFailure reports whether a function of that name tells of an error.
func namesFailure(name string) bool {
	words := splitName(name)
	switch words[0] {
	case "fail", "reject", "abort", "refuse", "deny":
		return true
	}
	switch words[len(words)-1] {
	case "error", "errorf", "err", "failure", "fail", "failf":
		return len(words) > 1 // Error alone is the text of an error, or a log's
	}
	return false
}

func isFailureStatus(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	if !ok || c.Value == nil || c.Value.Kind() != constant.Int {
		return false
	}
	status, exact := constant.Int64Val(c.Value)
	return exact && 400 <= status && status < 600
}

// takesStatus reports whether the i-th argument of a call is by its name an
// HTTP status. Names may only cool.
func takesStatus(fn *types.Func, call *ssa.CallCommon, i int) bool {
	sig := call.Signature()
	if !call.IsInvoke() && sig.Recv() != nil {
		i--
	}
	if i < 0 || i >= sig.Params().Len() {
		return false
	}
	param := strings.ToLower(sig.Params().At(i).Name())
	if strings.Contains(param, "code") || strings.Contains(param, "status") {
		return true
	}
	return fn != nil && (fn.Name() == "WriteHeader" || strings.Contains(fn.Name(), "Status"))
}
