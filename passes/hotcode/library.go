package hotcode

import "go/types"

// exported returns the entry points of a library: without any root, its
// exported functions and methods are taken to run per request, and so are
// the methods by which its types are what an exported interface asks for.
// Those of the packages in reached are left out.
func (g *grader) exported(reached map[*types.Package]bool) []*root {
	var seeds []*root
	for _, n := range g.nodes {
		obj := n.fn.Object()
		if obj == nil || !obj.Exported() || reached[obj.Pkg()] || !g.mayBeEntry(n) || isConstructor(n.fn) {
			continue
		}
		if recv := n.fn.Signature.Recv(); recv != nil {
			if named := namedOf(recv.Type()); named == nil || !named.Obj().Exported() && !offered(named, obj.Name()) {
				continue
			}
		}
		seeds = append(seeds, g.assume(n))
	}
	return seeds
}

// reached returns the packages in which something is hot. The others of a
// module without a command are a library, though maybe one with loops of its
// own, or beside a handler. A package shown alone is judged in the same way.
func (g *grader) reached() map[*types.Package]bool {
	pkgs := make(map[*types.Package]bool)
	for _, n := range g.nodes {
		if h := g.heats[n]; h != nil && h.grade == Hot && n.fn.Pkg != nil {
			pkgs[n.fn.Pkg.Pkg] = true
		}
	}
	return pkgs
}

// offered reports whether named, an unexported type, has the method of that
// name because an exported interface of its package asks for it.
func offered(named *types.Named, method string) bool {
	if named.TypeParams() != nil {
		return false
	}
	scope := named.Obj().Pkg().Scope()
	for _, name := range scope.Names() {
		typ, ok := scope.Lookup(name).(*types.TypeName)
		if !ok || !typ.Exported() || typ.IsAlias() {
			continue
		}
		if n, ok := typ.Type().(*types.Named); ok && n.TypeParams() == nil && asks(n, method) && implements(named, n) {
			return true
		}
	}
	return false
}

// asks reports whether iface is an interface with a method of that name.
func asks(iface *types.Named, method string) bool {
	u, ok := iface.Underlying().(*types.Interface)
	if !ok {
		return false
	}
	for m := range u.Methods() {
		if m.Name() == method {
			return true
		}
	}
	return false
}

func implements(named, iface *types.Named) bool {
	u := iface.Underlying().(*types.Interface)
	return types.Implements(named, u) || types.Implements(types.NewPointer(named), u)
}

// offeredToHandlers returns the entry points of a framework: the exported
// methods of the types of its own that it hands to handlers, which other
// modules write.
func (g *grader) offeredToHandlers() []*root {
	own := make(map[*types.Package]bool)
	for _, n := range g.nodes {
		if n.fn.Pkg != nil {
			own[n.fn.Pkg.Pkg] = true
		}
	}
	var seeds []*root
	for _, n := range g.nodes {
		obj := n.fn.Object()
		if obj == nil || !obj.Exported() || n.fn.Signature.Recv() == nil || g.roots[n] != nil || !g.mayBeEntry(n) {
			continue
		}
		named := namedOf(n.fn.Signature.Recv().Type())
		if named == nil || named.TypeParams() != nil {
			continue
		}
		for t := range g.requests { // in any order: one is enough
			if own[t.Obj().Pkg()] && (t == named || types.IsInterface(t) && asks(t, obj.Name()) && implements(named, t)) {
				seeds = append(seeds, g.assume(n))
				break
			}
		}
	}
	return seeds
}

// hasMain reports whether a command is among the packages.
func (g *grader) hasMain() bool {
	for _, n := range g.nodes {
		if n.fn.Pkg != nil && n.fn.Pkg.Pkg.Name() == "main" {
			return true
		}
	}
	return false
}

// mayBeEntry reports whether other modules may call n per request.
func (g *grader) mayBeEntry(n *node) bool {
	return !n.test && n.syntax != nil && g.cold[n] == "" && !g.spine[n] && n.fn.Pkg.Pkg.Name() != "main"
}

// assume makes n a root that rests on an assumption.
func (g *grader) assume(n *node) *root {
	g.assumed[n] = true
	return &root{node: n, grade: Hot, label: libraryRoot}
}
