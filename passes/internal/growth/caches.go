package growth

import (
	_ "embed"
	"fmt"
	"go/constant"
	"go/types"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/internal/modpath"
)

//go:embed caches.tsv
var cachesTable string

// A role is what a function of another module does to a cache.
type role string

const (
	adds    role = "add"
	removes role = "remove"
	makes   role = "make"
	sweeps  role = "sweep"
)

// A cacheFunc is a row of the table of caches.
type cacheFunc struct {
	role role
	args string
}

// caches is the table: by "path.Type.Method" and "path.Func".
type caches struct {
	funcs map[string]cacheFunc
	types map[string]bool // "path.Type"
	swept map[string]bool // those whose entries only go when something is called
}

// parseCaches reads the table.
func parseCaches(text string) (*caches, error) {
	c := &caches{funcs: make(map[string]cacheFunc), types: make(map[string]bool), swept: make(map[string]bool)}
	for i, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		if strings.HasPrefix(line, "#") {
			continue
		}
		fields := strings.Split(line, "\t")
		if len(fields) != 4 {
			return nil, fmt.Errorf("parsing line %d of the table of caches: %d fields, want 4", i+1, len(fields))
		}
		r := role(fields[2])
		if !slices.Contains([]role{adds, removes, makes, sweeps}, r) {
			return nil, fmt.Errorf("parsing line %d of the table of caches: unknown role %q", i+1, r)
		}
		c.funcs[fields[0]+"."+fields[1]] = cacheFunc{r, fields[3]}
		if typ, _, ok := strings.Cut(fields[1], "."); ok {
			c.types[fields[0]+"."+typ] = true
			if r == sweeps {
				c.swept[fields[0]+"."+typ] = true
			}
		}
	}
	return c, nil
}

// typeOf returns the name in the table of t, or of what it points to; "" if
// it is no cache.
func (c *caches) typeOf(t types.Type) string {
	if ptr, ok := types.Unalias(t).(*types.Pointer); ok {
		t = ptr.Elem()
	}
	named, ok := types.Unalias(t).(*types.Named)
	if !ok || named.Obj().Pkg() == nil {
		return ""
	}
	name := modpath.Versionless(named.Obj().Pkg().Path()) + "." + named.Obj().Name()
	if !c.types[name] {
		return ""
	}
	return name
}

// limits is what is known about how a cache of another module was made.
type limits struct {
	seen    bool // it was seen where it is made
	unknown bool // it is made elsewhere, too
	sized   bool // it has a number of entries
	expires bool // its entries go after some time
	swept   bool // something is called that does that
}

// cacheCall handles the calls of methods of caches.
func (m *Model) cacheCall(site ssa.CallInstruction, callee *ssa.Function) bool {
	args := site.Common().Args
	if callee.Signature.Recv() == nil || len(callee.Blocks) > 0 {
		return false
	}
	self := m.outer(args[0])
	name := m.caches.typeOf(self.Type())
	if name == "" {
		return false
	}
	f, ok := m.caches.funcs[name+"."+callee.Name()]
	if !ok {
		m.read(self, true)
		return true
	}
	switch f.role {
	case adds:
		m.cacheAdd(site, self, f.args)
	case removes:
		m.remove(site, self, nil, Filter, 0)
	case sweeps:
		for _, s := range m.tracer.sites(self) {
			if c := m.container(s.key); c != nil {
				c.limits.swept = true
			}
		}
	}
	return true
}

// cacheAdd records an entry that lives for ever, or as long as the cache
// says; others go by themselves.
func (m *Model) cacheAdd(site ssa.CallInstruction, self ssa.Value, how string) {
	args := site.Common().Args[1:]
	key, life, timed := strings.Cut(how, ",")
	i, err := strconv.Atoi(key)
	if err != nil || i >= len(args) {
		return
	}
	forever := false
	if j, err := strconv.Atoi(life); timed && err == nil && j < len(args) {
		c, ok := args[j].(*ssa.Const)
		if !ok || c.Value == nil || constant.Sign(c.Value) > 0 {
			return
		}
		forever = c.Int64() == -1
	}
	before := len(m.grown)
	m.grow(site, self, unbox(args[i]), args[len(args)-1], 0)
	for _, g := range m.grown[before:] {
		g.forever = forever
	}
}

// outer returns the object that v is, or is embedded in, of which another
// module has the methods.
func (m *Model) outer(v ssa.Value) ssa.Value {
	for range 3 {
		field, ok := v.(*ssa.FieldAddr)
		if load, isLoad := v.(*ssa.UnOp); isLoad {
			field, ok = load.X.(*ssa.FieldAddr)
		}
		if !ok || !fieldOf(field).Embedded() || m.owns(fieldOf(field)) {
			return v
		}
		v = field.X
	}
	return v
}

// cacheMade notes how a cache is made that is stored somewhere.
func (m *Model) cacheMade(st *ssa.Store) {
	if m.caches.typeOf(st.Val.Type()) == "" {
		return
	}
	for _, s := range m.tracer.sites(st.Addr) {
		c := m.container(s.key)
		if c == nil || c.Kind != Cache {
			continue
		}
		call, ok := st.Val.(*ssa.Call)
		if !ok || call.Call.StaticCallee() == nil {
			c.limits.unknown = c.limits.unknown || !isNil(st.Val)
			continue
		}
		callee := call.Call.StaticCallee()
		if orig := callee.Origin(); orig != nil {
			callee = orig
		}
		obj, ok := callee.Object().(*types.Func)
		if !ok || obj.Pkg() == nil {
			c.limits.unknown = true
			continue
		}
		f, ok := m.caches.funcs[modpath.Versionless(obj.Pkg().Path())+"."+obj.Name()]
		if !ok || f.role != makes {
			c.limits.unknown = true
			continue
		}
		c.limits.seen = true
		c.limits.sized = c.limits.sized || limited(f.args, "size:", call.Call.Args)
		c.limits.expires = c.limits.expires || limited(f.args, "life:", call.Call.Args)
	}
}

// limited reports whether a cache is made with a limit of one kind: by
// arguments that may all be positive, or by one of the options.
func limited(how, kind string, args []ssa.Value) bool {
	for _, part := range strings.Fields(how) {
		list, ok := strings.CutPrefix(part, kind)
		if !ok {
			continue
		}
		positive := true
		for _, what := range strings.Split(list, ",") {
			i, err := strconv.Atoi(what)
			if err != nil {
				if len(args) > 0 && hasOption(args[len(args)-1], what) {
					return true
				}
				positive = false
				continue
			}
			if c, ok := args[min(i, len(args)-1)].(*ssa.Const); ok && (c.Value == nil || constant.Sign(c.Value) <= 0) {
				positive = false
			}
		}
		return positive
	}
	return false
}

// hasOption reports whether the options that v holds are not all known, or
// one of them comes from a call of the function name.
func hasOption(v ssa.Value, name string) bool {
	list, ok := v.(*ssa.Slice)
	if !ok {
		return !isNil(v)
	}
	array, ok := list.X.(*ssa.Alloc)
	if !ok {
		return true
	}
	for _, ref := range *array.Referrers() {
		elem, ok := ref.(*ssa.IndexAddr)
		if !ok {
			continue
		}
		for _, use := range *elem.Referrers() {
			st, ok := use.(*ssa.Store)
			if !ok {
				continue
			}
			call, ok := unbox(st.Val).(*ssa.Call)
			if !ok || call.Call.StaticCallee() == nil {
				return true // chosen elsewhere
			}
			callee := call.Call.StaticCallee()
			if orig := callee.Origin(); orig != nil {
				callee = orig
			}
			if callee.Name() == name {
				return true
			}
		}
	}
	return false
}

// limitedByItself reports whether a cache of another module bounds what g
// adds to it, or is not known not to.
func (m *Model) limitedByItself(g *Growth) bool {
	l := g.Container.limits
	if !l.seen || l.unknown || l.sized {
		return true
	}
	swept := l.swept || !m.caches.swept[m.caches.typeOf(g.Container.Type)]
	return l.expires && !g.forever && swept
}
