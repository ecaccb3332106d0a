package growth

import (
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/reqflow"
)

// A Verdict says that nothing bounds what one growth adds to a container
// that outlives the request.
type Verdict struct {
	Growth *Growth
	Advice bool
	Key    reqflow.Flow // of the growth's key
	Fresh  string       // what makes the key another one each time, or ""
	Bound  Effect       // None, or what there is and is not enough
	Unread bool         // nothing reads the container either
}

// Judge returns the verdict on the container's worst growth: one finding
// per object, at the place that says most. It reports false for containers
// that are bounded, declared to be, have other names, or belong to test
// doubles.
func (m *Model) Judge(c *Container) (Verdict, bool) {
	if r, ok := m.verdicts[c]; ok {
		return r.Verdict, r.bad
	}
	v, bad := m.worst(c)
	m.verdicts[c] = ruling{v, bad}
	return v, bad
}

// A ruling is a verdict, if it is one.
type ruling struct {
	Verdict
	bad bool
}

// worst is Judge without a memory.
func (m *Model) worst(c *Container) (best Verdict, ok bool) {
	if m.Declared(c) != "" || testDouble(c) || c.aliased {
		return Verdict{}, false
	}
	for _, g := range c.Growths {
		if v, bad := m.judge(g); bad && (!ok || v.worse(best)) {
			best, ok = v, true
		}
	}
	return best, ok
}

// worse reports whether v says more than w: it is for the default tier, or
// closer to the container itself.
func (v Verdict) worse(w Verdict) bool {
	if v.Advice != w.Advice {
		return w.Advice
	}
	return v.Growth.Depth < w.Growth.Depth
}

// judge applies the gates to one growth, cheap ones first.
func (m *Model) judge(g *Growth) (Verdict, bool) {
	v := Verdict{Growth: g, Unread: m.WriteOnly(g.Container)}
	if !m.reached(g) || fillsIn(g) {
		return v, false
	}
	if g.Key != nil {
		v.Key = m.Flow.ValueAt(g.Key, g.Instr)
		v.Fresh = fresher(g.Key)
		if v.Fresh == "" && (v.Key.Bounded || v.Key.Origin == reqflow.Constant) {
			return v, false
		}
	}
	v.Bound = m.Bound(g)
	if v.Bound == Bound && m.Library && g.Container.Global != nil && perRequestKey(g) {
		v.Bound = Contract // importers have to call what removes, request by request
	}
	if v.Bound == Bound || v.Bound == Contract && !perRequestKey(g) {
		return v, false
	}
	if m.Present(g) || m.Guarded(g) || m.fallback(g) {
		return v, false
	}
	v, bad := m.tier(v)
	v.Advice = v.Advice || v.Bound != None
	return v, bad
}

// tier decides which tier a growth is for that nothing bounds, if any.
func (m *Model) tier(v Verdict) (Verdict, bool) {
	g := v.Growth
	if m.Runs(g.Instr) && !m.Program.Heat(g.Func()).Assumed {
		switch m.Lifetime(g) {
		case Long:
			v.Advice = g.Key != nil && v.Fresh == "" && !v.Key.Tainted() || v.Key.Assumed || m.setsUp(g)
			return v, true
		case Unknown:
			v.Advice = true
			if v.Unread && v.Bound == None && m.Shared(g) && !m.setsUp(g) && !constructor(g.Func()) {
				return v, true // of no use to anybody, whoever keeps it
			}
		case LikelyLong:
			v.Advice = true
			return v, (m.Shared(g) || g.Container.Local != nil) && !m.setsUp(g) && !constructor(g.Func())
		case PerRequest:
			return v, false
		}
	}
	if m.Library {
		return m.tierOfLibrary(v)
	}
	return v, false
}

// reached reports whether the growth happens while requests are served, or,
// in a library, when importers call it.
func (m *Model) reached(g *Growth) bool {
	return m.Runs(g.Instr) || m.Library && m.Exported(g.Func())
}

// fillsIn reports whether a growth is part of making its object: of reading
// its encoded form, or of initialising it.
func fillsIn(g *Growth) bool {
	if g.Container.Global != nil {
		return false
	}
	name := strings.ToLower(outermost(g.Func()).Name())
	for _, verb := range [...]string{"unmarshal", "decode", "init"} {
		if strings.HasPrefix(name, verb) {
			return true
		}
	}
	return false
}

// tierOfLibrary applies the rules for code of which nothing is known but
// that importers may call it.
func (m *Model) tierOfLibrary(v Verdict) (Verdict, bool) {
	g := v.Growth
	c := g.Container
	if m.setsUp(g) {
		return v, false
	}
	v.Advice = true
	switch {
	case c.Global != nil:
		v.Advice = m.serves || g.Key == nil || !v.Key.Tainted()
		return v, true
	case c.Named != nil:
		return v, g.Key != nil && v.Key.Tainted() && exportedType(c)
	case c.Kind == SyncMap, m.Locked(c), m.lockedAround(c):
		return v, (g.Key == nil || v.Key.Tainted()) && m.Lifetime(g) != PerRequest
	}
	return v, false
}

// exportedType reports whether importers can use the container's own type.
func exportedType(c *Container) bool { return c.Named.Exported() }

// setsUp reports whether the exported function that leads to g, or the
// function that g stands in, is by its name for setting up: what programs
// register once is bounded by their text.
func (m *Model) setsUp(g *Growth) bool {
	names := []string{outermost(g.Func()).Name()}
	if chain := m.Program.Heat(g.Func()).Chain; len(chain) == 2 {
		name := chain[0] // what is farther away does not tell what for it calls
		names = append(names, name[strings.LastIndexByte(name, '.')+1:])
	}
	for _, name := range names {
		name = strings.ToLower(name)
		for _, verb := range [...]string{"register", "mustregister", "use", "with", "unmarshal", "decode", "parse"} {
			if strings.HasPrefix(name, verb) {
				return true
			}
		}
		for _, what := range [...]string{"middleware", "plugin", "handler", "listener", "trigger", "hook", "option"} {
			if (strings.HasPrefix(name, "add") || strings.HasPrefix(name, "set") || strings.HasPrefix(name, "on")) && strings.Contains(name, what) {
				return true
			}
		}
		if strings.HasPrefix(name, "set") && takesCode(outermost(g.Func())) {
			return true
		}
	}
	return false
}

// takesCode reports whether a parameter is a function or an interface with
// methods: configuration rather than data.
func takesCode(fn *ssa.Function) bool {
	for p := range fn.Signature.Params().Variables() {
		switch u := p.Type().Underlying().(type) {
		case *types.Signature:
			return true
		case *types.Interface:
			if u.NumMethods() > 0 {
				return true
			}
		}
	}
	return false
}

func outermost(fn *ssa.Function) *ssa.Function {
	for fn.Parent() != nil {
		fn = fn.Parent()
	}
	return fn
}

// perRequestKey reports whether each request brings a key of its own by the
// key's type: a pointer to what servers make per request, or a function.
func perRequestKey(g *Growth) bool {
	if g.Key == nil {
		return false
	}
	t := g.Key.Type()
	if _, ok := t.Underlying().(*types.Signature); ok {
		return true
	}
	ptr, ok := types.Unalias(t).(*types.Pointer)
	if !ok {
		return false
	}
	named, ok := types.Unalias(ptr.Elem()).(*types.Named)
	return ok && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == "net/http" && named.Obj().Name() == "Request"
}

// testDouble reports whether a container belongs to code that stands in for
// other code in tests.
func testDouble(c *Container) bool {
	words := []string{c.Name}
	if pkg := c.Package(); pkg != nil {
		words = append(words, strings.Split(pkg.Path(), "/")...)
	}
	for _, word := range words {
		word = strings.ToLower(word)
		for _, double := range [...]string{"mock", "stub", "fake"} {
			if strings.HasPrefix(word, double) || strings.HasSuffix(word, double) {
				return true
			}
		}
		if word == "test" || strings.HasSuffix(word, "test") || strings.HasSuffix(word, "testing") || strings.HasPrefix(word, "test.") || strings.HasPrefix(word, "testutil") {
			return true
		}
	}
	return false
}
