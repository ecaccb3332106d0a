package growth

import (
	"cmp"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/hotcode"
	"github.com/heapvet/heapvet/passes/reqflow"
)

// newModel scans all functions of the program that flow was computed for.
func newModel(flow *reqflow.Result) (*Model, error) {
	table, err := parseCaches(cachesTable)
	if err != nil {
		return nil, err
	}
	prog := flow.Program()
	m := &Model{
		Program:  prog,
		Flow:     flow,
		Library:  true,
		defects:  make(map[*Container]*Defect),
		verdicts: make(map[*Container]ruling),
		reasons:  make(map[*Container]string),
		byKey:    make(map[any]*Container),
		counters: make(map[any]bool),
		tracer:   newTracer(prog),
		caches:   table,
	}
	m.hasMain = prog.Command
	m.Library = !m.hasMain
	m.holders = newHolders(m)
	for _, fn := range prog.Funcs {
		if isLoop(prog.Heat(fn)) {
			m.findTurns(fn)
		}
	}
	for _, fn := range prog.Funcs {
		if isRoot(prog.Heat(fn)) {
			m.serves = true
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				m.scan(instr)
			}
		}
	}
	for _, c := range m.byKey {
		if c != nil && len(c.Growths) > 0 {
			m.Containers = append(m.Containers, c)
		}
	}
	slices.SortFunc(m.Containers, func(a, b *Container) int {
		return cmp.Or(cmp.Compare(a.Pos, b.Pos), strings.Compare(a.Name, b.Name))
	})
	for _, c := range m.Containers {
		slices.SortStableFunc(c.Growths, func(a, b *Growth) int { return cmp.Compare(a.Pos(), b.Pos()) })
		slices.SortStableFunc(c.Removals, func(a, b *Removal) int { return cmp.Compare(posOf(a.Instr), posOf(b.Instr)) })
	}
	m.findFailing()
	m.holders.spread()
	m.sortByPackage()
	m.name()
	return m, nil
}

// Runs reports whether code runs while requests are served: it is hot or
// warm, or runs when a request fails, which clients can repeat at will.
func (m *Model) Runs(instr ssa.Instruction) bool {
	heat := m.Program.HeatAt(instr)
	if heat.Grade != hotcode.Cold {
		return true
	}
	fn := instr.Parent()
	return m.failing[fn] || heat.Failure && m.Program.Heat(fn).Grade != hotcode.Cold
}

// findFailing finds what hot code calls on failure, and what that calls
// and nothing else does.
func (m *Model) findFailing() {
	m.failing = make(map[*ssa.Function]bool)
	var visit func(fn *ssa.Function)
	visit = func(fn *ssa.Function) {
		if m.failing[fn] {
			return
		}
		m.failing[fn] = true
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				site, ok := instr.(ssa.CallInstruction)
				if !ok {
					continue
				}
				for _, callee := range m.Program.Callees(site) {
					if heat := m.Program.Heat(callee); heat.Grade == hotcode.Cold && m.onlyFrom(callee) {
						visit(callee)
					}
				}
			}
		}
	}
	for _, fn := range m.Program.Funcs {
		if m.Program.Heat(fn).OnFailure() {
			visit(fn)
		}
	}
}

// onlyFrom reports whether nothing but failing code calls fn.
func (m *Model) onlyFrom(fn *ssa.Function) bool {
	for _, site := range m.Program.Callers(fn) {
		if !m.failing[site.Parent()] {
			return false
		}
	}
	return true
}

// container returns the container of a site, or nil if the site is not one
// of the program's, or holds no container.
func (m *Model) container(key any) *Container {
	if c, ok := m.byKey[key]; ok {
		return c
	}
	c := m.describe(key)
	m.byKey[key] = c // also if it is nil: many sites are no containers of ours
	return c
}

func (m *Model) describe(key any) *Container {
	c := &Container{}
	switch key := key.(type) {
	case *ssa.Global:
		c.Global, c.Name, c.Pos, c.Type = key, key.Name(), key.Pos(), key.Type().Underlying().(*types.Pointer).Elem()
	case *types.Var:
		c.Field, c.Name, c.Pos, c.Type = key, key.Name(), key.Pos(), key.Type()
	case *types.TypeName:
		c.Named, c.Name, c.Pos, c.Type = key, key.Name(), key.Pos(), key.Type()
	case *ssa.Alloc:
		c.Local, c.Name, c.Pos, c.Type = key, key.Comment, key.Pos(), key.Type().Underlying().(*types.Pointer).Elem()
	case *ssa.Phi:
		c.Local, c.Name, c.Pos, c.Type = key, key.Comment, key.Pos(), key.Type()
	case ssa.Value:
		c.Local, c.Name, c.Pos, c.Type = key, localName(key), key.Pos(), key.Type()
	}
	kind, ok := kindOf(c.Type)
	if m.caches.typeOf(c.Type) != "" {
		kind, ok = Cache, true
	}
	if !ok || !m.owns(key) {
		return nil
	}
	c.Kind = kind
	return c
}

// owns reports whether a container is declared in the program.
func (m *Model) owns(key any) bool {
	var pkg *types.Package
	switch key := key.(type) {
	case *ssa.Global:
		if key.Pkg == nil {
			return false
		}
		pkg = key.Pkg.Pkg
	case types.Object:
		pkg = key.Pkg()
	case ssa.Value:
		return true
	}
	for _, p := range m.Program.Packages {
		if p.Pkg.Pkg == pkg {
			return true
		}
	}
	return false
}

// name completes the names of fields by their struct types.
func (m *Model) name() {
	for _, c := range m.Containers {
		if owner := m.holders.owner[c.Field]; c.Field != nil && owner != nil {
			c.Name = owner.Name() + "." + c.Field.Name()
		}
	}
}

// localName finds the name of a variable that closures capture by value.
func localName(v ssa.Value) string {
	for _, ref := range *v.Referrers() {
		c, ok := ref.(*ssa.MakeClosure)
		if !ok {
			continue
		}
		for i, b := range c.Bindings {
			if b == v {
				return c.Fn.(*ssa.Function).FreeVars[i].Name()
			}
		}
	}
	return assignedName(v)
}

// kindOf returns the kind of container that a variable of type t keeps,
// also behind a pointer or in an array or slice of containers.
func kindOf(t types.Type) (Kind, bool) {
	if t == nil {
		return 0, false
	}
	switch qualified(t) {
	case "sync.Map":
		return SyncMap, true
	case "container/list.List":
		return List, true
	case "bytes.Buffer", "strings.Builder":
		return Buffer, true
	case "sync/atomic.Value":
		return Map, true // what it holds shows where it grows
	case "sync/atomic.Pointer":
		return kindOf(typeArg(t))
	}
	switch u := t.Underlying().(type) {
	case *types.Map:
		return Map, true
	case *types.Slice:
		return Slice, true
	case *types.Chan:
		return Chan, true
	case *types.Array:
		return kindOf(u.Elem())
	case *types.Pointer:
		if _, ok := u.Elem().Underlying().(*types.Pointer); !ok {
			return kindOf(u.Elem())
		}
	}
	return 0, false
}

// typeArg returns the first type argument of t.
func typeArg(t types.Type) types.Type {
	if ptr, ok := types.Unalias(t).(*types.Pointer); ok {
		t = ptr.Elem()
	}
	if named, ok := types.Unalias(t).(*types.Named); ok && named.TypeArgs().Len() > 0 {
		return named.TypeArgs().At(0)
	}
	return nil
}

func isContainer(t types.Type) bool { _, ok := kindOf(t); return ok }

// qualified returns the full name of t or of what it points to.
func qualified(t types.Type) string {
	if ptr, ok := types.Unalias(t).(*types.Pointer); ok {
		t = ptr.Elem()
	}
	named, ok := types.Unalias(t).(*types.Named)
	if !ok || named.Obj().Pkg() == nil {
		return ""
	}
	return named.Obj().Pkg().Path() + "." + named.Obj().Name()
}

// SameValue reports whether a and b are the same value, or two reads of the
// same variable, field or element.
func SameValue(a, b ssa.Value) bool { return sameValue(a, b, 0) }

func sameValue(a, b ssa.Value, depth int) bool {
	if a == b {
		return true
	}
	if depth > 5 {
		return false
	}
	switch a := a.(type) {
	case *ssa.Const:
		b, ok := b.(*ssa.Const)
		return ok && a.Value != nil && b.Value != nil && a.Value.ExactString() == b.Value.ExactString()
	case *ssa.UnOp:
		b, ok := b.(*ssa.UnOp)
		return ok && a.Op == token.MUL && b.Op == token.MUL && sameValue(a.X, b.X, depth+1)
	case *ssa.FieldAddr:
		b, ok := b.(*ssa.FieldAddr)
		return ok && a.Field == b.Field && sameValue(a.X, b.X, depth+1)
	case *ssa.Field:
		b, ok := b.(*ssa.Field)
		return ok && a.Field == b.Field && sameValue(a.X, b.X, depth+1)
	case *ssa.IndexAddr:
		b, ok := b.(*ssa.IndexAddr)
		return ok && sameValue(a.X, b.X, depth+1) && sameValue(a.Index, b.Index, depth+1)
	case *ssa.Lookup:
		b, ok := b.(*ssa.Lookup)
		return ok && sameValue(a.X, b.X, depth+1) && sameValue(a.Index, b.Index, depth+1)
	case *ssa.MakeInterface:
		b, ok := b.(*ssa.MakeInterface)
		return ok && sameValue(a.X, b.X, depth+1)
	case *ssa.Convert:
		b, ok := b.(*ssa.Convert)
		return ok && types.Identical(a.Type(), b.Type()) && sameValue(a.X, b.X, depth+1)
	case *ssa.Extract:
		b, ok := b.(*ssa.Extract)
		return ok && a.Index == b.Index && sameValue(a.Tuple, b.Tuple, depth+1)
	}
	return false
}
