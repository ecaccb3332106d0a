package hotcode

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// valuesOf returns the values that v may stand for, as far as one function
// shows: through conversions, branches, local variables and the elements
// of slices built for variadic parameters.
func valuesOf(v ssa.Value) []ssa.Value {
	var found []ssa.Value
	seen := make(map[ssa.Value]bool)
	var visit func(v ssa.Value)
	visit = func(v ssa.Value) {
		if v == nil || seen[v] {
			return
		}
		seen[v] = true
		switch v := v.(type) {
		case *ssa.ChangeType:
			visit(v.X)
		case *ssa.ChangeInterface:
			visit(v.X)
		case *ssa.Convert:
			visit(v.X)
		case *ssa.MakeInterface:
			if types.IsInterface(v.X.Type()) || isFunc(v.X.Type()) {
				visit(v.X)
			}
			found = append(found, v)
		case *ssa.Phi:
			for _, edge := range v.Edges {
				visit(edge)
			}
		case *ssa.UnOp:
			if alloc, ok := v.X.(*ssa.Alloc); ok {
				visitStores(alloc, visit)
			} else {
				found = append(found, v)
			}
		case *ssa.Slice:
			if alloc, ok := v.X.(*ssa.Alloc); ok {
				visitStores(alloc, visit)
			}
		default:
			found = append(found, v)
		}
	}
	visit(v)
	return found
}

// visitStores visits what is stored in a local variable or in the elements
// of a local array.
func visitStores(alloc *ssa.Alloc, visit func(ssa.Value)) {
	for _, ref := range *alloc.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Store:
			if ref.Addr == alloc {
				visit(ref.Val)
			}
		case *ssa.IndexAddr:
			for _, ref := range *ref.Referrers() {
				if store, ok := ref.(*ssa.Store); ok {
					visit(store.Val)
				}
			}
		}
	}
}

func isFunc(t types.Type) bool {
	_, ok := t.Underlying().(*types.Signature)
	return ok
}

// callbacks knows which methods of a value another module may call back.
type callbacks struct {
	graph  *graph
	ifaces map[*types.Package][]*types.Interface
	memo   map[callbackKey][]*ssa.Function
}

type callbackKey struct {
	value, param types.Type
	pkg          *types.Package
}

func newCallbacks(g *graph) *callbacks {
	return &callbacks{g, make(map[*types.Package][]*types.Interface), make(map[callbackKey][]*ssa.Function)}
}

// methods returns the methods of values of type t that pkg may call when it
// gets one as a parameter of type param: those of the parameter's own
// interface, and those of the interfaces that pkg declares and may ask for,
// as io.Copy asks for io.WriterTo and fmt for fmt.Stringer. A nil pkg asks
// for none.
func (c *callbacks) methods(t, param types.Type, pkg *types.Package) []*ssa.Function {
	named := namedOf(t)
	if named == nil || !c.graph.owns(named.Obj().Pkg()) || types.IsInterface(t) {
		return nil
	}
	key := callbackKey{t, param, pkg}
	if fns, ok := c.memo[key]; ok {
		return fns
	}
	var ifaces []*types.Interface
	if pkg != nil {
		ifaces = c.declared(pkg)
	}
	if param != nil {
		if iface, ok := param.Underlying().(*types.Interface); ok {
			ifaces = append(slices.Clip(ifaces), iface)
		}
	}
	mset := c.graph.prog.Prog.MethodSets.MethodSet(t)
	var fns []*ssa.Function
	for sel := range mset.Methods() {
		method := sel.Obj().(*types.Func)
		wanted := slices.ContainsFunc(ifaces, func(iface *types.Interface) bool {
			return hasMethod(iface, method.Name()) && types.Implements(t, iface)
		})
		if !wanted {
			continue
		}
		if fn := c.graph.prog.Prog.FuncValue(method.Origin()); fn != nil {
			fns = append(fns, fn)
		}
	}
	c.memo[key] = fns
	return fns
}

// declared returns the interfaces that pkg declares.
func (c *callbacks) declared(pkg *types.Package) []*types.Interface {
	if ifaces, ok := c.ifaces[pkg]; ok {
		return ifaces
	}
	ifaces := []*types.Interface{errorType.Underlying().(*types.Interface)}
	for _, name := range pkg.Scope().Names() {
		obj, ok := pkg.Scope().Lookup(name).(*types.TypeName)
		if !ok {
			continue
		}
		if named, ok := obj.Type().(*types.Named); ok && named.TypeParams().Len() > 0 {
			continue // an interface only when it is instantiated
		}
		if iface, ok := obj.Type().Underlying().(*types.Interface); ok && iface.NumMethods() > 0 {
			ifaces = append(ifaces, iface)
		}
	}
	c.ifaces[pkg] = ifaces
	return ifaces
}

func hasMethod(iface *types.Interface, name string) bool {
	for method := range iface.Methods() {
		if method.Name() == name {
			return true
		}
	}
	return false
}
