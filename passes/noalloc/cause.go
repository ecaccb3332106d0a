package noalloc

import (
	"fmt"
	"go/token"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// A kind says what is wrong with a cause.
type kind uint8

const (
	allocates kind = iota // allocates, each time
	grows                 // allocates at times: when a buffer is full, or the value is large
	byMethod              // calls a method of an unknown type
	byValue               // calls an unknown function value
	unknown               // calls a function that nothing is known about, or the compiler said nothing
	unasked               // does what only the compiler can judge, and it was not asked about the package
)

// An effect is what makes a function allocate on its way to success, or
// leaves it open whether it does.
type effect struct {
	Kind     kind
	Text     string   // "make([]byte, n) escapes"; of kind unasked, the package's name
	Where    string   // "grow.go:31", where that is
	Chain    []string // the functions called on the way there, outermost first
	Compiler bool     // gc's verdict on the function's own body: void where that is inlined
	Asked    bool     // only gc could tell
	// Param is the parameter that is called, counted from 1 with the receiver
	// first, or 0. Method is its method that is, or "" for the function itself.
	Param  int
	Method string
}

// A cause is an effect and its place in the function that is judged.
type cause struct {
	effect
	pos, end token.Pos
	owner    *ssa.Function // whose parameter Param is; nil for another package's function
}

// what tells what happens, and where if that is in another function.
func (c *effect) what() string {
	happens := c.Text
	if c.Kind == unasked {
		happens = "the compiler was not asked about package " + c.Text
	}
	if len(c.Chain) == 0 {
		return happens
	}
	names := c.Chain
	if len(names) > 4 {
		names = []string{names[0], "...", names[len(names)-2], names[len(names)-1]}
	}
	text := strings.Join(names, " -> ") + ": " + happens
	if c.Where != "" {
		text += " (" + c.Where + ")"
	}
	return text
}

// said tells what c means for a function that must not allocate.
func (c *effect) said() string {
	switch c.Kind {
	case allocates:
		return "allocates: "
	case grows:
		return "may allocate: "
	}
	return "is not proved: "
}

// allocs is the fact that a function allocates, or is not proved not to.
type allocs struct{ Effects []effect }

func (*allocs) AFact() {}

// String is what tests want.
func (f *allocs) String() string {
	var parts []string
	for _, c := range f.Effects {
		switch {
		case c.Param > 0 && c.Method != "":
			parts = append(parts, fmt.Sprintf("calls %d.%s", c.Param, c.Method))
		case c.Param > 0:
			parts = append(parts, fmt.Sprintf("calls %d", c.Param))
		default:
			parts = append(parts, c.said()+c.what())
		}
	}
	return strings.Join(parts, "; ")
}

// judged is the fact that a package's functions were judged, by the compiler
// or without it: those without a fact of their own do not allocate.
type judged struct{}

func (*judged) AFact() {}

// String is what tests want.
func (*judged) String() string { return "judged" }

// summary returns what callers need to know of a function's causes: every
// parameter that is called, and of the rest the first of each kind, because
// one is enough to break a contract.
func summary(causes []cause) []cause {
	type class struct {
		kind            kind
		compiler, asked bool
		param           int
		method          string
		owner           *ssa.Function
	}
	seen := make(map[class]bool)
	var kept []cause
	for _, c := range causes {
		if key := (class{c.Kind, c.Compiler, c.Asked, c.Param, c.Method, c.owner}); !seen[key] {
			seen[key] = true
			kept = append(kept, c)
		}
	}
	return kept
}

// effects returns what the callers of fn in other packages need to know of
// its causes. Of a function that allocates for certain the rest is cut
// short: few contracts are about that alone. What the compiler was not asked
// about does not matter then.
func effects(fn *ssa.Function, causes []cause) []effect {
	certain := slices.ContainsFunc(causes, func(c cause) bool { return c.Kind == allocates && !c.Compiler })
	var all []effect
	for _, c := range summary(causes) {
		if certain && c.Kind == unasked {
			continue
		}
		if certain && c.Kind != allocates || c.Kind == unasked {
			c.Chain = nil
		}
		if c.owner != fn {
			c.Param, c.Method = 0, ""
		}
		all = append(all, c.effect)
	}
	return all
}

// promised returns what remains of the causes of a function that is held to
// a contract of its own: what breaks that is told there, but what it calls
// of its parameters is judged where it is called.
func promised(fn *ssa.Function, causes []cause) []cause {
	var kept []cause
	for _, c := range causes {
		if c.Param > 0 && c.owner == fn {
			kept = append(kept, c)
		}
	}
	return kept
}

// after returns a chain that begins with a call of name. Of a long one the
// ends remain.
func after(name string, chain []string) []string {
	const most = 6
	if len(chain) == most {
		chain = append(chain[:2:2], chain[3:]...)
	}
	return append([]string{name}, chain...)
}
