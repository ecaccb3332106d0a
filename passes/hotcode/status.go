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
