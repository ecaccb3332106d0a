package hotcode

import (
	"go/types"

	"golang.org/x/tools/go/ssa"
)

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

// coolReplies makes functions cold that by their name reply with an error,
// unless they are handed one, which may be nil.
func (f *finder) coolReplies() {
	for _, n := range f.nodes {
		outer := outermost(n)
		if r := f.roots[n]; r != nil && r.label == "//heapvet:hot" || !replies(outer.fn) {
			continue
		}
		f.cold[n] = "replies with an error, by its name"
		delete(f.roots, n)
	}
}

func replies(fn *ssa.Function) bool {
	switch splitName(fn.Name())[0] {
	case "write", "send", "reply", "respond", "return", "render", "report", "print", "throw", "raise":
	default:
		return false
	}
	for p := range fn.Signature.Params().Variables() {
		if types.Identical(p.Type(), errorType) {
			return false
		}
	}
	return namesFailure(fn.Name())
}
