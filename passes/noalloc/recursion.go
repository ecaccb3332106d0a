package noalloc

import (
	"slices"

	"golang.org/x/tools/go/ssa"
)

// A recursion is how the causes of a function rest on those of functions
// that are being judged while it is: they call each other.
type recursion struct {
	rests int // the depth of the outermost of those, 0 for none
	calls []openCall
}

// An openCall is a call whose callee's causes were not yet all known.
type openCall struct {
	site   ssa.CallInstruction
	callee callee
}

// note remembers that site's callee rests on a function being judged.
func (r *recursion) note(site ssa.CallInstruction, to callee) {
	if r.rests == 0 || to.rests < r.rests {
		r.rests = to.rests
	}
	r.calls = append(r.calls, openCall{site, to})
}

// close completes what rested on the function of root, now that all of its
// causes are known: who calls a function of a cycle calls all of it.
func (c *checker) close(root *body, mark int) {
	all := summary(root.causes)
	name := c.nameOf(root.fn)
	for _, b := range c.pending[mark:] {
		own := c.nameOf(b.fn)
		for _, call := range b.loop.calls {
			to := callee{name: call.callee.name}
			for _, cause := range all {
				if slices.Contains(cause.Chain, own) {
					continue // b's own, the long way round
				}
				if call.callee.fn != root.fn {
					cause.Chain = after(name, cause.Chain)
					cause.Param, cause.owner = 0, nil
				}
				cause.Compiler = false
				to.causes = append(to.causes, cause)
			}
			to.fn = root.fn
			b.compose(call.site, to)
		}
		b.sort()
		c.memo[b.fn] = b.causes
		delete(c.partial, b.fn)
	}
	c.pending = c.pending[:mark]
}
