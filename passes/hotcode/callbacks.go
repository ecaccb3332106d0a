package hotcode

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// callbacks knows which methods of a value another module may call back.
type callbacks struct {
	*catalogue
	graph  *graph
	ifaces map[*types.Package][]*types.Interface
	memo   map[callbackKey][]*ssa.Function
	boxes  map[*types.Named][]types.Type // what is converted to an interface of another module
	all    []types.Type                  // the program's types that are converted to any interface
}

type callbackKey struct {
	value, param types.Type
	pkg          *types.Package
}

func newCallbacks(g *graph, known *catalogue) *callbacks {
	c := &callbacks{
		catalogue: known, graph: g, ifaces: make(map[*types.Package][]*types.Interface),
		memo: make(map[callbackKey][]*ssa.Function), boxes: make(map[*types.Named][]types.Type),
	}
	for _, fn := range g.funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				if box, ok := instr.(*ssa.MakeInterface); ok {
					c.box(box)
				}
			}
		}
	}
	for _, t := range g.prog.Prog.RuntimeTypes() {
		if c.isOwn(t) {
			c.all = append(c.all, t)
		}
	}
	slices.SortFunc(c.all, func(a, b types.Type) int { return strings.Compare(a.String(), b.String()) })
	return c
}

// box remembers a conversion to an interface of another module.
func (c *callbacks) box(box *ssa.MakeInterface) {
	iface := foreign(c.graph, box.Type())
	if iface == nil || !c.isOwn(box.X.Type()) || slices.ContainsFunc(c.boxes[iface], func(t types.Type) bool { return types.Identical(t, box.X.Type()) }) {
		return
	}
	c.boxes[iface] = append(c.boxes[iface], box.X.Type())
}

// isOwn reports whether t is a concrete type of the program, or a pointer
// to one.
func (c *callbacks) isOwn(t types.Type) bool {
	named := namedOf(t)
	return named != nil && c.graph.owns(named.Obj().Pkg()) && !types.IsInterface(t)
}

// foreign returns t if it is an interface that another module declares.
func foreign(g *graph, t types.Type) *types.Named {
	named, ok := types.Unalias(t).(*types.Named)
	if !ok || named.Obj().Pkg() == nil || g.owns(named.Obj().Pkg()) || !types.IsInterface(t) {
		return nil
	}
	return named
}

// maxBoxed is how many types may stand behind an interface of another
// module before it tells nothing: those of io are made for everything.
const maxBoxed = 3

// boxed returns the methods behind a value of an interface type of another
// module, if the program converts only few types to it.
func (c *callbacks) boxed(t types.Type) []*ssa.Function {
	iface := foreign(c.graph, t)
	if iface == nil || len(c.boxes[iface]) > maxBoxed {
		return nil
	}
	var fns []*ssa.Function
	for _, box := range c.boxes[iface] {
		fns = append(fns, c.methods(box, t, nil)...)
	}
	return fns
}

// implementations returns what a call of an interface's method may run, by
// the types that are converted to any interface at all.
func (c *callbacks) implementations(t types.Type, method *types.Func) []*ssa.Function {
	iface, ok := t.Underlying().(*types.Interface)
	if !ok {
		return nil
	}
	var fns []*ssa.Function
	for _, own := range c.all {
		if !types.Implements(own, iface) {
			continue
		}
		if sel := c.graph.prog.Prog.MethodSets.MethodSet(own).Lookup(method.Pkg(), method.Name()); sel != nil {
			fns = append(fns, c.graph.prog.Prog.FuncValue(sel.Obj().(*types.Func).Origin()))
		}
	}
	return fns
}

// exported returns the exported methods of a type of the program.
func (c *callbacks) exported(t types.Type) []*ssa.Function {
	if !c.isOwn(t) {
		return nil
	}
	var fns []*ssa.Function
	mset := c.graph.prog.Prog.MethodSets.MethodSet(t)
	for sel := range mset.Methods() {
		if sel.Obj().Exported() {
			fns = append(fns, c.graph.prog.Prog.FuncValue(sel.Obj().(*types.Func).Origin()))
		}
	}
	return fns
}

// methods returns the methods of values of type t that pkg may call when it
// gets one as a parameter of type param: those of the parameter's own
// interface, and those of the interfaces that pkg declares and may ask for,
// as io.Copy asks for io.WriterTo and fmt for fmt.Stringer. A nil pkg asks
// for none.
func (c *callbacks) methods(t, param types.Type, pkg *types.Package) []*ssa.Function {
	if !c.isOwn(t) {
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
