package hotcode

import (
	"go/token"
	"go/types"
	"slices"

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

// ends reports whether b itself shows that it ends in failure, or is run
// because of one.
func (f *failures) ends(b *ssa.BasicBlock) bool {
	if afterPanic(b) {
		return true
	}
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
