package hotcode

import (
	"go/types"
	"slices"
)

// methods makes roots of the methods by which the program's types implement
// handler interfaces and gRPC services.
func (f *finder) methods() {
	shapes := append(f.services(), f.shapes...)
	for _, pkg := range f.prog.Packages {
		scope := pkg.Pkg.Pkg.Scope()
		for _, name := range scope.Names() {
			obj, ok := scope.Lookup(name).(*types.TypeName)
			if !ok || obj.IsAlias() || types.IsInterface(obj.Type()) {
				continue
			}
			named, ok := obj.Type().(*types.Named)
			if !ok || named.NumMethods() == 0 || named.TypeParams().Len() > 0 {
				continue
			}
			for _, s := range shapes {
				f.implements(named, s)
			}
		}
	}
}

func (f *finder) implements(named *types.Named, s shape) {
	if s.iface == nil || s.iface.NumMethods() == 0 {
		return
	}
	ptr := types.NewPointer(named)
	tested, ok := false, false
	for method := range named.Methods() {
		if s.own != nil && !slices.Contains(s.own, method.Name()) || !hasMethod(s.iface, method.Name()) {
			continue
		}
		if !tested {
			tested, ok = true, types.Implements(ptr, s.iface)
		}
		if ok {
			f.add(f.fold(f.prog.Prog.FuncValue(method)), s.grade, s.label, nil)
		}
	}
}

// services returns the interfaces of the gRPC services that the program
// knows: those that a generated function registers, which takes the server
// and the implementation.
func (f *finder) services() []shape {
	var found []shape
	seen := make(map[*types.Package]bool)
	add := func(pkg *types.Package) {
		if seen[pkg] {
			return
		}
		seen[pkg] = true
		for _, name := range pkg.Scope().Names() {
			fn, ok := pkg.Scope().Lookup(name).(*types.Func)
			if !ok || !isServiceRegistration(fn) {
				continue
			}
			iface := fn.Signature().Params().At(1).Type().Underlying().(*types.Interface)
			found = append(found, shape{rule: rule{grade: Hot, label: "gRPC method"}, iface: iface})
		}
	}
	for _, pkg := range f.prog.Packages {
		add(pkg.Pkg.Pkg)
		for _, imp := range pkg.Pkg.Pkg.Imports() {
			add(imp)
		}
	}
	return found
}

func isServiceRegistration(fn *types.Func) bool {
	params := fn.Signature().Params()
	if params.Len() != 2 || fn.Signature().Results().Len() != 0 || !types.IsInterface(params.At(1).Type()) {
		return false
	}
	switch typeKey(params.At(0).Type()) {
	case "google.golang.org/grpc.ServiceRegistrar", "google.golang.org/grpc.Server":
		return fn.Signature().TypeParams().Len() == 0
	}
	return false
}
