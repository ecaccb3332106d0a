package unboundedcache

import (
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/internal/growth"
	"github.com/heapvet/heapvet/passes/reqflow"
)

// A verdict says that nothing bounds what one growth adds.
type verdict struct {
	growth *growth.Growth
	advice bool
	flow   reqflow.Flow // of the key
	bound  growth.Effect
}

// judge returns the verdict on the container's worst growth: one finding
// per object, at the place that says most.
func judge(m *growth.Model, c *growth.Container) (best verdict, ok bool) {
	if m.Declared(c) != "" || testDouble(c) || m.Broken(c) {
		return verdict{}, false
	}
	for _, g := range c.Growths {
		v, bad := judgeGrowth(m, g)
		if bad && (!ok || best.advice && !v.advice) {
			best, ok = v, true
		}
	}
	return best, ok
}

// judgeGrowth applies the gates to one growth, cheap ones first.
func judgeGrowth(m *growth.Model, g *growth.Growth) (verdict, bool) {
	v := verdict{growth: g}
	if !runs(m, g) {
		return v, false
	}
	if g.Key != nil {
		v.flow = m.Flow.ValueAt(g.Key, g.Instr)
		if v.flow.Bounded || v.flow.Origin == reqflow.Constant {
			return v, false
		}
	}
	effect, _ := m.Bound(g)
	if effect == growth.Bound || effect == growth.Contract && !perRequestKey(g) {
		return v, false
	}
	v.bound = effect
	if m.Present(g) || m.Guarded(g) {
		return v, false
	}
	if m.Library {
		return judgeLibrary(m, v)
	}
	switch m.Lifetime(g) {
	case growth.Long:
		v.advice = g.Key != nil && !v.flow.Tainted() || v.flow.Assumed
	case growth.LikelyLong:
		v.advice = true
	default:
		return v, false
	}
	return v, true
}

// runs reports whether the growth happens while requests are served, or, in
// a library, when importers call it.
func runs(m *growth.Model, g *growth.Growth) bool {
	if m.Runs(g.Instr) {
		return true
	}
	return m.Library && g.Container.Global != nil && m.Exported(g.Func())
}

// judgeLibrary applies the rules for modules without a request root, of
// which nothing is known but what they export.
func judgeLibrary(m *growth.Model, v verdict) (verdict, bool) {
	g := v.growth
	c := g.Container
	if setsUp(m, g) {
		return v, false
	}
	v.advice = true
	switch {
	case c.Global != nil:
		v.advice = g.Key == nil || !v.flow.Tainted() || v.bound == growth.Contract
		return v, true
	case c.Named != nil:
		return v, g.Key != nil && v.flow.Tainted() && exportedType(c)
	case c.Kind == growth.SyncMap, m.Locked(c):
		return v, (g.Key == nil || v.flow.Tainted()) && m.Lifetime(g) != growth.PerRequest
	}
	return v, false
}

// exportedType reports whether importers can use the container's own type.
func exportedType(c *growth.Container) bool { return c.Named.Exported() }

// setsUp reports whether the exported function that leads to g, or the
// function that g stands in, is by its name for setting up: what programs
// register once is bounded by their text.
func setsUp(m *growth.Model, g *growth.Growth) bool {
	names := []string{outermost(g.Func()).Name()}
	if chain := m.Program.Heat(g.Func()).Chain; len(chain) > 0 {
		name := chain[0]
		names = append(names, name[strings.LastIndexByte(name, '.')+1:])
	}
	for _, name := range names {
		name = strings.ToLower(name)
		for _, verb := range [...]string{"register", "mustregister", "use", "with", "unmarshal", "decode", "parse", "publish"} {
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
func perRequestKey(g *growth.Growth) bool {
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
func testDouble(c *growth.Container) bool {
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
