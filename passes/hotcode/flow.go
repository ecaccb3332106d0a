package hotcode

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/internal/callsite"
)

// A flow follows values of one package backwards, from where they are
// called per request to the parameters that they came from: through local
// variables, closures, fields, package variables, slices and maps. It does
// not tell the values of a field apart by object.
type flow struct {
	*grader
	stores map[any][]ssa.Value // what is stored in a field (*types.Var) or package variable (*ssa.Global)
	elems  map[any][]ssa.Value // what is stored in the elements of its slice or map
	found  map[*node]*called
	types  map[*types.TypeName]*calledType
	seen   map[ssa.Value]bool
}

// A called is a function with parameters that are called per request.
type called struct {
	fn     *node
	params []int
	grade  Grade
	label  string
}

// A calledType is a type whose values hot code calls.
type calledType struct {
	obj     *types.TypeName
	methods []string
	label   string
}

func newFlow(g *grader) *flow {
	f := &flow{
		grader: g, stores: make(map[any][]ssa.Value), elems: make(map[any][]ssa.Value),
		found: make(map[*node]*called), types: make(map[*types.TypeName]*calledType),
	}
	for _, fn := range g.funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				f.index(instr)
			}
		}
	}
	f.start()
	return f
}

// start begins a trace at every value that is called per request.
func (f *flow) start() {
	for _, fn := range f.funcs {
		n := f.fold(fn)
		if n == nil || n.test {
			continue
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				site, ok := instr.(ssa.CallInstruction)
				if !ok {
					continue
				}
				for _, arg := range f.handedOver(site.Common()) {
					f.trace(arg.value, arg.rule)
				}
				if h := f.heats[n]; h.root != nil && !f.assumed[h.root.node] {
					f.dynamicCall(site.Common(), rule{grade: h.root.grade, label: h.root.label}, h.grade == Hot)
				}
			}
		}
	}
}

// dynamicCall traces the function value that hot code calls, and remembers
// its type. Of an interface the type is enough: a context or a writer, too,
// comes in as a parameter, and is no handler.
func (f *flow) dynamicCall(call *ssa.CallCommon, why rule, hot bool) {
	if call.StaticCallee() != nil {
		return
	}
	if _, ok := call.Value.(*ssa.Builtin); ok {
		return
	}
	if !call.IsInvoke() {
		f.trace(call.Value, why)
	}
	named, ok := types.Unalias(call.Value.Type()).(*types.Named)
	if !ok || !hot || named.TypeArgs().Len() > 0 {
		return
	}
	obj := named.Obj()
	if !obj.Exported() || !f.owns(obj.Pkg()) || obj.Parent() != obj.Pkg().Scope() {
		return
	}
	t := f.types[obj]
	if t == nil {
		t = &calledType{obj: obj, label: why.label}
		f.types[obj] = t
	}
	if call.IsInvoke() && !slices.Contains(t.methods, call.Method.Name()) {
		t.methods = append(t.methods, call.Method.Name())
	}
}

// trace follows v back to parameters, which it records.
func (f *flow) trace(v ssa.Value, why rule) {
	f.seen = make(map[ssa.Value]bool)
	f.back(v, why)
}

func (f *flow) back(v ssa.Value, why rule) {
	if v == nil || f.seen[v] {
		return
	}
	f.seen[v] = true
	switch v := v.(type) {
	case *ssa.Parameter:
		f.parameter(v, why)
	case *ssa.FreeVar:
		f.captured(v, why)
	case *ssa.Phi:
		for _, e := range v.Edges {
			f.back(e, why)
		}
	case *ssa.ChangeType:
		f.back(v.X, why)
	case *ssa.ChangeInterface:
		f.back(v.X, why)
	case *ssa.MakeInterface:
		f.back(v.X, why)
	case *ssa.TypeAssert:
		f.back(v.X, why)
	case *ssa.Convert:
		f.back(v.X, why)
	case *ssa.Slice:
		f.back(v.X, why)
	case *ssa.Extract:
		f.back(v.Tuple, why)
	case *ssa.Next:
		f.back(v.Iter.(*ssa.Range).X, why)
	case *ssa.Lookup:
		f.back(v.X, why)
	case *ssa.Index:
		f.back(v.X, why)
	case *ssa.IndexAddr:
		f.back(v.X, why)
	case *ssa.UnOp:
		f.load(v.X, why)
	case *ssa.Field:
		strct := v.X.Type().Underlying().(*types.Struct)
		f.stored(strct.Field(v.Field).Origin(), why)
	case *ssa.Alloc:
		visitStores(v, func(v ssa.Value) { f.back(v, why) })
	case *ssa.MakeMap:
		for _, ref := range *v.Referrers() {
			if update, ok := ref.(*ssa.MapUpdate); ok {
				f.back(update.Value, why)
			}
		}
	case *ssa.MakeClosure:
		if wrapped := v.Fn.(*ssa.Function); wrapped.Synthetic != "" {
			f.back(v.Bindings[0], why) // a method value: its receiver
		}
	case *ssa.Call:
		f.result(v, why)
	}
}

// result follows what append adds to, and what functions of the package return.
func (f *flow) result(call *ssa.Call, why rule) {
	if b, ok := call.Call.Value.(*ssa.Builtin); ok {
		if b.Name() == "append" {
			for _, arg := range call.Call.Args {
				f.back(arg, why)
			}
		}
		return
	}
	fn := call.Call.StaticCallee()
	if fn == nil || f.fold(fn) == nil || call.Call.Signature().Results().Len() != 1 {
		return
	}
	for _, b := range fn.Blocks {
		if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && len(ret.Results) == 1 {
			f.back(ret.Results[0], why)
		}
	}
}

// captured follows a captured variable to what the closure was made with.
func (f *flow) captured(v *ssa.FreeVar, why rule) { f.back(callsite.Binding(v), why) }

// parameter records a parameter of a declared function, and follows it to
// the arguments of its static calls.
func (f *flow) parameter(p *ssa.Parameter, why rule) {
	n := f.fold(p.Parent())
	if n == nil || n.parent != nil || n.syntax == nil {
		return
	}
	i := slices.Index(p.Parent().Params, p)
	param := i
	if p.Parent().Signature.Recv() != nil {
		param--
	}
	callable := mayCall(p.Type())
	if h := f.heats[n]; param >= 0 && callable && (h.root == nil || f.assumed[h.root.node]) {
		c := f.found[n]
		if c == nil {
			c = &called{fn: n, grade: why.grade, label: why.label}
			f.found[n] = c
		}
		if !slices.Contains(c.params, param) {
			c.params = append(c.params, param)
		}
	}
	for _, e := range n.in {
		site, ok := e.site.(ssa.CallInstruction)
		if ok && e.kind <= spawns && site.Common().StaticCallee() == p.Parent() && i < len(site.Common().Args) {
			f.back(site.Common().Args[i], why)
		}
	}
}

// mayCall reports whether values of type t can be called, by themselves, by
// their methods or by their elements.
func mayCall(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Signature, *types.Interface:
		return true
	case *types.Slice:
		return mayCall(u.Elem())
	case *types.Map:
		return mayCall(u.Elem())
	}
	return false
}

// calledParams returns what was found, in source order.
func (f *flow) calledParams() []*called {
	var all []*called
	for _, n := range f.nodes {
		if c := f.found[n]; c != nil {
			slices.Sort(c.params)
			all = append(all, c)
		}
	}
	return all
}

// calledTypes returns the types that hot code calls, by name.
func (f *flow) calledTypes() []*calledType {
	var all []*calledType
	for _, t := range f.types {
		slices.Sort(t.methods)
		all = append(all, t)
	}
	slices.SortFunc(all, func(a, b *calledType) int { return strings.Compare(a.obj.Name(), b.obj.Name()) })
	return all
}
