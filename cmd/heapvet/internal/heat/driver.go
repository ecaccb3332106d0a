package heat

import (
	"fmt"
	"go/types"
	"os"
	"reflect"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/packages"

	"github.com/heapvet/heapvet/cmd/heapvet/internal/session"
)

// A driver runs analyzers on one package after the other, imports first, as
// go vet does. Of a package it keeps nothing but facts: checker.Analyze keeps
// what all analyzers made of all packages, which takes gigabytes where each
// package has an SSA form of its own.
type driver struct {
	analyzers []*analysis.Analyzer
	objects   map[objectKey]analysis.Fact
	packages  map[packageKey]analysis.Fact
	imports   map[*packages.Package]map[*types.Package]bool // direct or not, with the package itself
}

type objectKey struct {
	obj  types.Object
	fact reflect.Type
}

type packageKey struct {
	pkg  *types.Package
	fact reflect.Type
}

func newDriver(analyzers []*analysis.Analyzer) *driver {
	session.Guard(analyzers)
	return &driver{
		analyzers: analyzers,
		objects:   make(map[objectKey]analysis.Fact),
		packages:  make(map[packageKey]analysis.Fact),
		imports:   make(map[*packages.Package]map[*types.Package]bool),
	}
}

// An outcome is what an analyzer made of a package.
type outcome struct {
	result      any
	diagnostics []analysis.Diagnostic
}

// run analyses pkg and returns the outcomes of the driver's analyzers, in
// their order.
func (d *driver) run(pkg *packages.Package) ([]outcome, error) {
	done := make(map[*analysis.Analyzer]outcome)
	var all []outcome
	for _, a := range d.analyzers {
		if err := d.analyse(a, pkg, done); err != nil {
			return nil, err
		}
		all = append(all, done[a])
	}
	return all, nil
}

// analyse runs a, after what it requires, unless that is done.
func (d *driver) analyse(a *analysis.Analyzer, pkg *packages.Package, done map[*analysis.Analyzer]outcome) error {
	if _, ok := done[a]; ok {
		return nil
	}
	results := make(map[*analysis.Analyzer]any)
	for _, req := range a.Requires {
		if err := d.analyse(req, pkg, done); err != nil {
			return err
		}
		results[req] = done[req].result
	}
	var o outcome
	pass := d.pass(a, pkg)
	pass.ResultOf = results
	pass.Report = func(diag analysis.Diagnostic) { o.diagnostics = append(o.diagnostics, diag) }
	var err error
	if o.result, err = a.Run(pass); err != nil {
		return fmt.Errorf("running %s on %s: %w", a.Name, pkg.PkgPath, err)
	}
	done[a] = o
	return nil
}

// pass describes pkg to a.
func (d *driver) pass(a *analysis.Analyzer, pkg *packages.Package) *analysis.Pass {
	pass := &analysis.Pass{
		Analyzer: a, Fset: pkg.Fset, Files: pkg.Syntax, OtherFiles: pkg.OtherFiles, IgnoredFiles: pkg.IgnoredFiles,
		Pkg: pkg.Types, TypesInfo: pkg.TypesInfo, TypesSizes: pkg.TypesSizes, TypeErrors: pkg.TypeErrors,
		ReadFile: os.ReadFile,
		ImportObjectFact: func(obj types.Object, fact analysis.Fact) bool {
			return d.sees(pkg, obj) && load(fact, d.objects[objectKey{obj, reflect.TypeOf(fact)}])
		},
		ImportPackageFact: func(imp *types.Package, fact analysis.Fact) bool {
			return load(fact, d.packages[packageKey{imp, reflect.TypeOf(fact)}])
		},
		ExportObjectFact: func(obj types.Object, fact analysis.Fact) {
			d.objects[objectKey{obj, reflect.TypeOf(fact)}] = fact
		},
		ExportPackageFact: func(fact analysis.Fact) {
			d.packages[packageKey{pkg.Types, reflect.TypeOf(fact)}] = fact
		},
		AllObjectFacts:  func() []analysis.ObjectFact { return d.objectFacts(a, pkg) },
		AllPackageFacts: func() []analysis.PackageFact { return d.packageFacts(a, pkg) },
	}
	if mod := pkg.Module; mod != nil {
		pass.Module = &analysis.Module{Path: mod.Path, Version: mod.Version, GoVersion: mod.GoVersion}
	}
	return pass
}

// load copies from, which may be nil, to the fact that to points to.
func load(to, from analysis.Fact) bool {
	if from == nil {
		return false
	}
	reflect.ValueOf(to).Elem().Set(reflect.ValueOf(from).Elem())
	return true
}

// sees reports whether facts about obj reach pkg: those about what other
// packages do not export stay there.
func (d *driver) sees(pkg *packages.Package, obj types.Object) bool {
	return obj.Pkg() == pkg.Types || obj.Exported() && d.closure(pkg)[obj.Pkg()]
}

// closure returns the packages of the module that pkg imports, directly or
// not, and itself.
func (d *driver) closure(pkg *packages.Package) map[*types.Package]bool {
	if set, ok := d.imports[pkg]; ok {
		return set
	}
	set := map[*types.Package]bool{pkg.Types: true}
	for _, imp := range pkg.Imports {
		for p := range d.closure(imp) {
			set[p] = true
		}
	}
	d.imports[pkg] = set
	return set
}

func (d *driver) objectFacts(a *analysis.Analyzer, pkg *packages.Package) []analysis.ObjectFact {
	var all []analysis.ObjectFact
	for key, fact := range d.objects {
		if owns(a, key.fact) && d.sees(pkg, key.obj) {
			all = append(all, analysis.ObjectFact{Object: key.obj, Fact: fact})
		}
	}
	return all
}

func (d *driver) packageFacts(a *analysis.Analyzer, pkg *packages.Package) []analysis.PackageFact {
	var all []analysis.PackageFact
	for key, fact := range d.packages {
		if owns(a, key.fact) && d.closure(pkg)[key.pkg] {
			all = append(all, analysis.PackageFact{Package: key.pkg, Fact: fact})
		}
	}
	return all
}

// owns reports whether facts of type t are a's.
func owns(a *analysis.Analyzer, t reflect.Type) bool {
	for _, fact := range a.FactTypes {
		if reflect.TypeOf(fact) == t {
			return true
		}
	}
	return false
}
