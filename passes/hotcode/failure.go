package hotcode

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// failures knows which blocks of functions are left by failure only.
type failures struct {
	rules
	memo   map[*ssa.Function][]bool
	always map[*ssa.Function]bool // functions that return a non-nil error, always
}

func newFailures(table rules) *failures {
	return &failures{table, make(map[*ssa.Function][]bool), make(map[*ssa.Function]bool)}
}

// block reports whether all ways on from block lead to a non-nil error
// result, a panic, an exit of the process, or back to the caller with a
// failure that the client or the log is told of.
func (f *failures) block(block *ssa.BasicBlock) bool {
	if block == nil {
		return false
	}
	fn := block.Parent()
	failing, ok := f.memo[fn]
	if !ok {
		f.memo[fn] = make([]bool, len(fn.Blocks)) // for recursion
		failing = f.function(fn)
		f.memo[fn] = failing
	}
	return block.Index < len(failing) && failing[block.Index]
}

// function computes the failing blocks of fn, by index.
//
// It is a least fixed point: a loop that handles a failure and goes on is
// no failure.
func (f *failures) function(fn *ssa.Function) []bool {
	failing := make([]bool, len(fn.Blocks))
	for _, b := range fn.Blocks {
		failing[b.Index] = f.ends(b)
	}
	for changed := true; changed; {
		changed = false
		for i := len(fn.Blocks) - 1; i >= 0; i-- {
			b := fn.Blocks[i]
			if failing[i] || len(b.Succs) == 0 {
				continue
			}
			all := true
			for _, succ := range b.Succs {
				all = all && failing[succ.Index]
			}
			if all {
				failing[i], changed = true, true
			}
		}
	}
	return failing
}

// ends reports whether b itself shows that it ends in failure.
func (f *failures) ends(b *ssa.BasicBlock) bool {
	switch last := b.Instrs[len(b.Instrs)-1].(type) {
	case *ssa.Panic:
		return true
	case *ssa.Return:
		if err, ok := errorResult(last); ok {
			return f.nonNil(err, b, 0) || f.reportsFailure(b)
		}
	}
	return (f.reportsFailure(b) || onError(b) && leavesEmpty(b)) && leaves(b)
}

// leavesEmpty reports whether b can only leave a function that has no error
// result with nothing: a handler that gives up. What returns another value
// after an error, the host where there was no port, has not failed.
func leavesEmpty(b *ssa.BasicBlock) bool {
	if returnsError(b.Parent()) {
		return false
	}
	for _, other := range b.Parent().Blocks {
		ret, ok := other.Instrs[len(other.Instrs)-1].(*ssa.Return)
		if ok && b.Dominates(other) && slices.ContainsFunc(ret.Results, func(v ssa.Value) bool { return !isZero(v) }) {
			return false
		}
	}
	return true
}

// isZero reports whether v is nil, false, 0 or "".
func isZero(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	if !ok || c.Value == nil {
		return ok
	}
	switch c.Value.Kind() {
	case constant.Bool:
		return !constant.BoolVal(c.Value)
	case constant.String:
		return constant.StringVal(c.Value) == ""
	case constant.Int:
		return constant.Sign(c.Value) == 0
	}
	return false
}

// errorResult returns the last result of ret if it is an error.
func errorResult(ret *ssa.Return) (ssa.Value, bool) {
	if n := len(ret.Results); n > 0 && returnsError(ret.Parent()) {
		return ret.Results[n-1], true
	}
	return nil, false
}

var errorType = types.Universe.Lookup("error").Type()

func returnsError(fn *ssa.Function) bool {
	results := fn.Signature.Results()
	return results.Len() > 0 && types.Identical(results.At(results.Len()-1).Type(), errorType)
}

// nonNil reports whether the error v is known not to be nil in block b.
func (f *failures) nonNil(v ssa.Value, b *ssa.BasicBlock, depth int) bool {
	if depth > 5 {
		return false
	}
	if knownNonNil(v, b) {
		return true
	}
	switch v := v.(type) {
	case *ssa.MakeInterface:
		return true
	case *ssa.ChangeInterface:
		return f.nonNil(v.X, b, depth+1)
	case *ssa.Phi:
		for i, e := range v.Edges {
			if !f.nonNil(e, v.Block().Preds[i], depth+1) {
				return false
			}
		}
		return true
	case *ssa.UnOp:
		if v.Op != token.MUL {
			return false
		}
		if global, ok := v.X.(*ssa.Global); ok {
			return global.String() != "io.EOF" // ErrNotFound and the like; the end of input is no failure
		}
		if stored := lastStore(v); stored != nil {
			return f.nonNil(stored, b, depth+1)
		}
	case *ssa.Extract:
		if call, ok := v.Tuple.(*ssa.Call); ok && v.Index == call.Call.Signature().Results().Len()-1 {
			return f.makesError(call, b, depth+1)
		}
	case *ssa.Call:
		return f.makesError(v, b, depth+1)
	}
	return false
}

// lastStore returns what the block of load, or a block that must run before
// it, stores last in the variable that load reads.
func lastStore(load *ssa.UnOp) ssa.Value {
	alloc, ok := load.X.(*ssa.Alloc)
	if !ok {
		return nil
	}
	var before ssa.Instruction = load
	for b := load.Block(); ; {
		var stored ssa.Value
		for _, instr := range b.Instrs {
			if instr == before {
				break
			}
			if store, ok := instr.(*ssa.Store); ok && store.Addr == alloc {
				stored = store.Val
			}
		}
		if stored != nil || len(b.Preds) != 1 || b.Preds[0] == load.Block() {
			return stored
		}
		b, before = b.Preds[0], nil
	}
}

// makesError reports whether the error that call returns is never nil: it
// is a constructor of errors, or wraps an error that is not nil.
func (f *failures) makesError(call *ssa.Call, b *ssa.BasicBlock, depth int) bool {
	if fn := callee(&call.Call); fn != nil && fn.Pkg() != nil {
		switch modulePath(fn.Pkg().Path()) + "." + fn.Name() {
		case "errors.New", "fmt.Errorf", "github.com/pkg/errors.New", "github.com/pkg/errors.Errorf",
			"google.golang.org/grpc/status.Error", "google.golang.org/grpc/status.Errorf":
			return true
		}
	}
	for _, arg := range call.Call.Args {
		if types.Identical(arg.Type(), errorType) && f.nonNil(arg, b, depth) {
			return true
		}
	}
	fn := call.Call.StaticCallee()
	return fn != nil && len(fn.Blocks) > 0 && fn.Signature.Results().Len() == 1 && f.alwaysFails(fn, depth)
}

// alwaysFails reports whether every return of fn has a non-nil error.
func (f *failures) alwaysFails(fn *ssa.Function, depth int) bool {
	if fails, ok := f.always[fn]; ok {
		return fails
	}
	f.always[fn] = false // for recursion
	fails := true
	for _, b := range fn.Blocks {
		if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok {
			err, ok := errorResult(ret)
			fails = fails && ok && f.nonNil(err, b, depth)
		}
	}
	f.always[fn] = fails
	return fails
}

// knownNonNil reports whether b runs only after a test found the error v
// not to be nil.
func knownNonNil(v ssa.Value, b *ssa.BasicBlock) bool {
	for _, cond := range conditions(b) {
		if tested := nonNilTest(cond); tested != nil && sameVar(tested, v) {
			return true
		}
	}
	return false
}

// onError reports whether b runs only after some error was found not to be nil.
func onError(b *ssa.BasicBlock) bool {
	for _, cond := range conditions(b) {
		if tested := nonNilTest(cond); tested != nil && types.Identical(tested.Type(), errorType) {
			return true
		}
	}
	return false
}

// sameVar reports whether two values are one, or two loads of one variable.
func sameVar(x, y ssa.Value) bool {
	if x == y {
		return true
	}
	lx, ok1 := x.(*ssa.UnOp)
	ly, ok2 := y.(*ssa.UnOp)
	return ok1 && ok2 && lx.Op == token.MUL && ly.Op == token.MUL && lx.X == ly.X
}

// A condition is a test with its known outcome.
type condition struct {
	test    ssa.Value
	outcome bool
}

// conditions returns the tests that decided that b runs.
func conditions(b *ssa.BasicBlock) []condition {
	var conds []condition
	for d := b; d != nil; d = d.Idom() {
		if len(d.Preds) != 1 {
			continue
		}
		pred := d.Preds[0]
		test, ok := pred.Instrs[len(pred.Instrs)-1].(*ssa.If)
		if ok && pred.Succs[0] != pred.Succs[1] {
			conds = append(conds, condition{test.Cond, pred.Succs[0] == d})
		}
	}
	return conds
}

// nonNilTest returns the value that cond shows not to be nil, or nil.
func nonNilTest(cond condition) ssa.Value {
	switch test := cond.test.(type) {
	case *ssa.BinOp:
		if test.Op == token.NEQ && cond.outcome || test.Op == token.EQL && !cond.outcome {
			if isNil(test.Y) {
				return test.X
			}
			if isNil(test.X) {
				return test.Y
			}
		}
		if test.Op == token.EQL && cond.outcome && types.Identical(test.X.Type(), errorType) && !isNil(test.Y) && !isNil(test.X) {
			return test.X // equal to a sentinel
		}
	case *ssa.Call:
		fn := callee(&test.Call)
		if cond.outcome && fn != nil && fn.Pkg() != nil && fn.Pkg().Path() == "errors" && len(test.Call.Args) > 0 {
			return test.Call.Args[0] // errors.Is, errors.As
		}
	case *ssa.UnOp:
		if test.Op == token.NOT {
			return nonNilTest(condition{test.X, !cond.outcome})
		}
	}
	return nil
}

func isNil(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	return ok && c.Value == nil
}

// reportsFailure reports whether b tells the client or the log of a failure:
// it calls http.Error or the like, or hands on a constant HTTP status of 400
// to 599.
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

// leaves reports whether b goes on only to leave the function: every block
// that follows runs only after b, or does nothing but return.
func leaves(b *ssa.BasicBlock) bool {
	seen := map[*ssa.BasicBlock]bool{b: true}
	queue := []*ssa.BasicBlock{b}
	for len(queue) > 0 {
		next := queue[0]
		queue = queue[1:]
		for _, succ := range next.Succs {
			if seen[succ] {
				if succ == b {
					return false // a loop
				}
				continue
			}
			seen[succ] = true
			if !b.Dominates(succ) && !onlyReturns(succ) {
				return false
			}
			queue = append(queue, succ)
		}
	}
	return true
}

// onlyReturns reports whether b does nothing of weight before it leaves.
func onlyReturns(b *ssa.BasicBlock) bool {
	for _, instr := range b.Instrs {
		switch instr.(type) {
		case *ssa.Return, *ssa.RunDefers, *ssa.Phi, *ssa.Jump, *ssa.DebugRef:
		case *ssa.UnOp: // reads a named result
		default:
			return false
		}
	}
	return true
}
