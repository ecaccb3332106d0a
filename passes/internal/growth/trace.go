package growth

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/internal/program"
)

// A site is where a container value is kept: a *ssa.Global, the *types.Var
// of a field, the *types.TypeName of a named type, or the ssa.Value of a
// captured local variable; depth counts the containers between. Base is the
// object that a field is selected from.
type site struct {
	key   any
	depth int
	base  ssa.Value
}

// A tracer finds where container values are kept.
type tracer struct {
	prog     *program.Program
	closures map[*ssa.Function][]*ssa.MakeClosure
	turns    map[*ssa.Phi][]*ssa.Call // slices that a receive loop adds to at each turn
	memo     map[ssa.Value][]site
}

// Limits keep tracing cheap: longer ways than these were not needed on
// real programs.
const (
	maxSteps   = 12 // values between a use and where it is kept
	maxCallers = 16 // callers that a parameter is traced to
)

func newTracer(prog *program.Program) *tracer {
	t := &tracer{prog: prog, closures: make(map[*ssa.Function][]*ssa.MakeClosure), turns: make(map[*ssa.Phi][]*ssa.Call), memo: make(map[ssa.Value][]site)}
	for _, fn := range prog.Funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				if c, ok := instr.(*ssa.MakeClosure); ok {
					t.closures[c.Fn.(*ssa.Function)] = append(t.closures[c.Fn.(*ssa.Function)], c)
				}
			}
		}
	}
	return t
}

// sites returns where the container v is kept, or where the variable is
// that v points to.
func (t *tracer) sites(v ssa.Value) []site {
	if found, ok := t.memo[v]; ok {
		return found
	}
	w := &walk{tracer: t, seen: make(map[ssa.Value]bool)}
	w.value(v, 0, 0)
	t.memo[v] = w.found
	return w.found
}

// A walk traces one value.
type walk struct {
	*tracer
	seen  map[ssa.Value]bool
	found []site
}

func (w *walk) keep(key any, depth int, base ssa.Value) {
	if s := (site{key, depth, base}); !slices.Contains(w.found, s) {
		w.found = append(w.found, s)
	}
}

func (w *walk) value(v ssa.Value, depth, steps int) {
	if v == nil || w.seen[v] || steps > maxSteps {
		return
	}
	w.seen[v] = true
	steps++
	switch v := v.(type) {
	case *ssa.Global:
		w.keep(v, depth, nil)
	case *ssa.FieldAddr:
		w.keep(fieldOf(v), depth, v.X)
	case *ssa.Field:
		w.keep(fieldOf(v), depth, v.X)
	case *ssa.UnOp:
		if v.Op == token.MUL {
			w.value(v.X, depth, steps)
		}
	case *ssa.Alloc:
		w.local(v, depth, steps)
	case *ssa.MakeMap, *ssa.MakeSlice:
		if outlivesTurns(w.prog, v) {
			w.keep(v, depth, nil)
		}
		w.stored(v, depth, steps)
	case *ssa.Call:
		w.result(v, 0, depth, steps)
	case *ssa.Extract:
		w.extract(v, depth, steps)
	case *ssa.Lookup:
		w.value(v.X, depth+1, steps)
	case *ssa.IndexAddr:
		w.value(v.X, depth+1, steps)
	case *ssa.Index:
		w.value(v.X, depth+1, steps)
	case *ssa.Phi:
		if w.turns[v] != nil {
			w.keep(v, depth, nil)
		}
		for _, edge := range v.Edges {
			w.value(edge, depth, steps)
		}
	case *ssa.ChangeType:
		w.value(v.X, depth, steps)
	case *ssa.MakeInterface:
		w.value(v.X, depth, steps)
	case *ssa.TypeAssert:
		w.value(v.X, depth, steps)
	case *ssa.Slice:
		w.value(v.X, depth, steps)
	case *ssa.Parameter:
		w.param(v, depth, steps)
	case *ssa.FreeVar:
		w.captured(v, depth, steps)
	}
}

// local handles a local variable: what is stored in it, or the variable
// itself if closures share it.
func (w *walk) local(v *ssa.Alloc, depth, steps int) {
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Store:
			if ref.Addr == v {
				w.value(ref.Val, depth, steps)
			} else {
				w.address(ref.Addr, depth, steps)
			}
		case *ssa.MakeClosure:
			w.keep(v, depth, nil)
		case *ssa.Call:
			w.published(ref, v, depth, steps)
		}
	}
}

// stored follows a fresh container to where it is put.
func (w *walk) stored(v ssa.Value, depth, steps int) {
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Store:
			if ref.Val == v {
				w.address(ref.Addr, depth, steps)
			}
		case *ssa.MapUpdate:
			if ref.Value == v {
				w.value(ref.Map, depth+1, steps)
			}
		case *ssa.ChangeType:
			w.stored(ref, depth, steps)
		case *ssa.MakeInterface:
			w.stored(ref, depth, steps)
		case *ssa.Call:
			w.published(ref, v, depth, steps)
		case *ssa.Phi:
			if !w.seen[ref] {
				w.seen[ref] = true
				w.stored(ref, depth, steps)
			}
		case *ssa.MakeClosure:
			w.keep(v, depth, nil)
		}
	}
}

// address handles the variable that addr points to; the value of a local
// variable is not traced back once more.
func (w *walk) address(addr ssa.Value, depth, steps int) {
	switch addr.(type) {
	case *ssa.Global, *ssa.FieldAddr, *ssa.FreeVar, *ssa.IndexAddr, *ssa.Alloc:
		w.value(addr, depth, steps)
	}
}

func (w *walk) extract(v *ssa.Extract, depth, steps int) {
	switch tuple := v.Tuple.(type) {
	case *ssa.Lookup:
		w.value(tuple.X, depth+1, steps)
	case *ssa.TypeAssert:
		w.value(tuple.X, depth, steps)
	case *ssa.Call:
		w.result(tuple, v.Index, depth, steps)
	case *ssa.Next:
		if rng, ok := tuple.Iter.(*ssa.Range); ok && v.Index == 2 {
			w.value(rng.X, depth+1, steps)
		}
	}
}

// result traces a call's result to what the callees return. A container
// that comes out of another one, by Load or Get, is inside that.
func (w *walk) result(call *ssa.Call, i, depth, steps int) {
	if callee := call.Call.StaticCallee(); callee != nil && len(callee.Blocks) == 0 {
		switch name := calleeName(&call.Call); {
		case name == "(*sync.Map).Load" || name == "(*sync.Map).LoadOrStore":
			w.value(call.Call.Args[0], depth+1, steps)
		case name == "maps.Clone" || name == "slices.Clone":
			w.stored(call, depth, steps)
		case atomicMethod(&call.Call) == "Load":
			w.value(call.Call.Args[0], depth, steps)
		}
		return
	}
	if b, ok := call.Call.Value.(*ssa.Builtin); ok {
		if b.Name() == "append" {
			w.value(call.Call.Args[0], depth, steps)
		}
		return
	}
	for _, callee := range w.prog.Callees(call) {
		for _, b := range callee.Blocks {
			ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
			if ok && i < len(ret.Results) {
				w.value(ret.Results[i], depth, steps)
			}
		}
	}
}

// param traces a parameter to what callers pass; the receiver of a method
// of a named map or slice type stands for that type as well.
func (w *walk) param(v *ssa.Parameter, depth, steps int) {
	fn := v.Parent()
	i := 0
	for i < len(fn.Params) && fn.Params[i] != v {
		i++
	}
	if i == 0 && fn.Signature.Recv() != nil {
		if named := namedContainer(v.Type()); named != nil {
			w.keep(named, depth, nil)
		}
	}
	callers := w.prog.Callers(fn)
	if len(callers) > maxCallers {
		return
	}
	for _, call := range callers {
		if args := program.Args(call); i < len(args) {
			w.value(args[i], depth, steps)
		}
	}
}

// captured traces a captured variable to the functions around.
func (w *walk) captured(v *ssa.FreeVar, depth, steps int) {
	for i, fv := range v.Parent().FreeVars {
		if fv != v {
			continue
		}
		for _, c := range w.closures[v.Parent()] {
			switch b := c.Bindings[i].(type) {
			case *ssa.MakeMap, *ssa.MakeSlice:
				w.keep(b, depth, nil)
			}
			w.value(c.Bindings[i], depth, steps)
		}
	}
}

// namedContainer returns the name of a map or slice type that has one, also
// behind a pointer.
func namedContainer(t types.Type) *types.TypeName {
	if ptr, ok := types.Unalias(t).(*types.Pointer); ok {
		t = ptr.Elem()
	}
	named, ok := types.Unalias(t).(*types.Named)
	if !ok {
		return nil
	}
	switch named.Underlying().(type) {
	case *types.Map, *types.Slice:
		return named.Origin().Obj()
	}
	return nil
}

// fieldOf returns the field, as declared, that v is or points to.
func fieldOf(v ssa.Value) *types.Var {
	var t types.Type
	var i int
	switch v := v.(type) {
	case *ssa.FieldAddr:
		t, i = v.X.Type().Underlying().(*types.Pointer).Elem(), v.Field
	case *ssa.Field:
		t, i = v.X.Type(), v.Field
	}
	return t.Underlying().(*types.Struct).Field(i).Origin()
}
