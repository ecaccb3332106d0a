package load

import (
	"errors"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"os"
	"runtime"
	"slices"
	"sync"

	"golang.org/x/tools/go/gcexportdata"
	"golang.org/x/tools/go/packages"
)

// A unit is a package that is type-checked from its syntax.
type unit struct {
	*listed
	names []string
	files []*parsed
	pkg   *packages.Package
	waits map[string]*unit // units that must be done before this one
	done  chan struct{}
	err   error // why the package cannot be analysed
}

// A checker type-checks units in parallel, against each other and export
// data.
type checker struct {
	env   *Env
	fset  *token.FileSet
	sizes types.Sizes
	all   []*listed
	byID  map[string]*listed
	units map[string]*unit // by import path with variant
	order []*unit          // dependencies first

	mu     sync.Mutex                           // guards what follows
	worlds map[string]map[string]*types.Package // by variant ("" for none), then import path
}

// newChecker prepares the units among all, which holds dependencies first:
// what the user named, and what that imports of the same modules. Of the
// packages in no module only the named ones: these may be the standard
// library's.
func newChecker(env *Env, fset *token.FileSet, sizes types.Sizes, all []*listed, modules map[string]bool) *checker {
	c := &checker{
		env: env, fset: fset, sizes: sizes, all: all,
		byID:   make(map[string]*listed, len(all)),
		units:  make(map[string]*unit),
		worlds: map[string]map[string]*types.Package{"": {"unsafe": types.Unsafe}},
	}
	waits := make(map[string]map[string]*unit, len(all))
	for _, l := range all {
		c.byID[l.ImportPath] = l
		need := make(map[string]*unit)
		for _, imp := range l.Imports {
			if u := c.units[imp]; u != nil {
				need[imp] = u
			} else {
				maps.Copy(need, waits[imp])
			}
		}
		own := !l.DepOnly || l.module() != "" && modules[l.module()]
		names := l.files()
		if !own || len(names) == 0 || !l.compiled() {
			waits[l.ImportPath] = need
			continue
		}
		u := &unit{listed: l, names: names, waits: need, done: make(chan struct{})}
		c.units[l.ImportPath] = u
		c.order = append(c.order, u)
	}
	return c
}

// run parses and type-checks all units and adds the good ones to prog.
func (c *checker) run(prog *Program) {
	var names []string
	seen := make(map[string]bool)
	for _, u := range c.order {
		for _, name := range u.names {
			if !seen[name] { // a test variant repeats the files of its package
				seen[name] = true
				names = append(names, name)
			}
		}
	}
	files := parse(c.fset, names)
	for name, f := range files {
		prog.Sums[name] = f.sum
	}
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	for _, u := range c.order {
		for _, name := range u.names {
			u.files = append(u.files, files[name])
		}
		go func() {
			defer close(u.done)
			for _, dep := range u.waits {
				<-dep.done
			}
			slots <- struct{}{}
			c.check(u)
			<-slots
		}()
	}
	for _, u := range c.order {
		<-u.done
		c.link(u)
		if u.err != nil {
			continue
		}
		prog.Own = append(prog.Own, u.pkg)
		if !u.DepOnly {
			prog.Named = append(prog.Named, u.pkg)
		}
	}
}

// check type-checks u, whose imports among the units are done.
func (c *checker) check(u *unit) {
	u.pkg = &packages.Package{
		ID: u.ImportPath, Name: u.Name, PkgPath: u.path(), Dir: u.Dir,
		GoFiles: u.names, CompiledGoFiles: u.names, ExportFile: u.Export,
		Module: u.Module, ForTest: u.ForTest,
		Fset: c.fset, TypesSizes: c.sizes, TypesInfo: newInfo(),
		Imports: make(map[string]*packages.Package),
	}
	for _, f := range u.files {
		if f.err != nil {
			u.err = f.err
			return
		}
		u.pkg.Syntax = append(u.pkg.Syntax, f.file)
	}
	conf := types.Config{
		Importer: importer{c, u},
		Sizes:    c.sizes,
		Error:    func(err error) { u.typeError(err) },
	}
	if u.Module != nil && u.Module.GoVersion != "" {
		conf.GoVersion = "go" + u.Module.GoVersion
	}
	// The error is the first that conf.Error saw.
	u.pkg.Types, _ = conf.Check(u.path(), c.fset, u.pkg.Syntax, u.pkg.TypesInfo)
	for _, dep := range u.waits {
		if dep.err != nil && u.err == nil {
			u.err = fmt.Errorf("it depends on %s, which could not be read", dep.ImportPath)
		}
	}
	u.pkg.IllTyped = u.err != nil
	c.mu.Lock()
	defer c.mu.Unlock()
	c.world(u.ForTest)[u.path()] = u.pkg.Types
}

// typeError records an error of the type checker; the first one counts.
func (u *unit) typeError(err error) {
	var terr types.Error
	if errors.As(err, &terr) {
		u.pkg.TypeErrors = append(u.pkg.TypeErrors, terr)
	}
	if u.err == nil {
		u.err = err
	}
}

// link enters the units that u imports. Packages without syntax are left
// out: analyzers with facts would be run on each of them.
func (c *checker) link(u *unit) {
	if u.pkg == nil {
		return
	}
	for _, imp := range u.Imports {
		if dep := c.units[imp]; dep != nil && dep.err == nil {
			u.pkg.Imports[dep.path()] = dep.pkg
		}
	}
}

// broken says why the package l cannot be analysed, or "".
func (c *checker) broken(l *listed) string {
	if u := c.units[l.ImportPath]; u != nil && u.err != nil {
		return c.env.local(firstLine(u.err.Error()))
	}
	return l.problem(c.env)
}

// world returns the packages by import path as the test variants of the
// package forTest see them. The caller holds c.mu.
func (c *checker) world(forTest string) map[string]*types.Package {
	w := c.worlds[forTest]
	if w == nil {
		w = make(map[string]*types.Package)
		c.worlds[forTest] = w
	}
	return w
}

// An importer resolves the import declarations of one unit.
type importer struct {
	c *checker
	u *unit
}

// Import returns the package that path stands for in the unit's files.
func (im importer) Import(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	if mapped, ok := im.u.ImportMap[path]; ok {
		path = mapped // vendored, or a test variant
	}
	if dep := im.c.units[path]; dep != nil {
		if !slices.Contains(im.u.Imports, path) {
			return nil, fmt.Errorf("go list does not name the import of %s", path)
		}
		if dep.pkg == nil || dep.pkg.Types == nil {
			return nil, fmt.Errorf("could not read %s", path)
		}
		return dep.pkg.Types, nil
	}
	l := im.c.byID[path]
	if l == nil {
		return nil, fmt.Errorf("go list does not name %s", path)
	}
	im.c.mu.Lock()
	defer im.c.mu.Unlock()
	return im.c.export(l)
}

// export reads the export data of l. The caller holds c.mu.
func (c *checker) export(l *listed) (*types.Package, error) {
	world := c.world(l.ForTest)
	if pkg := world[l.path()]; pkg != nil && pkg.Complete() {
		return pkg, nil
	}
	if l.Export == "" {
		return nil, fmt.Errorf("%s could not be compiled: %s", l.ImportPath, l.problem(c.env))
	}
	if l.ForTest != "" {
		// What is not compiled anew for the test is shared with the others.
		for path, pkg := range c.worlds[""] {
			if _, ok := world[path]; !ok && c.byID[path+" ["+l.ForTest+".test]"] == nil {
				world[path] = pkg
			}
		}
	}
	file, err := os.Open(l.Export)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	//lint:ignore SA1019 up to Go 1.27 go list -export names archives, which Read alone does not take
	r, err := gcexportdata.NewReader(file)
	if err != nil {
		return nil, fmt.Errorf("reading the export data of %s: %w", l.ImportPath, err)
	}
	return gcexportdata.Read(r, c.fset, world, l.path())
}

// newInfo returns an Info that records all that analyzers may ask for.
func newInfo() *types.Info {
	return &types.Info{
		Types:        make(map[ast.Expr]types.TypeAndValue),
		Defs:         make(map[*ast.Ident]types.Object),
		Uses:         make(map[*ast.Ident]types.Object),
		Implicits:    make(map[ast.Node]types.Object),
		Instances:    make(map[*ast.Ident]types.Instance),
		Scopes:       make(map[ast.Node]*types.Scope),
		Selections:   make(map[*ast.SelectorExpr]*types.Selection),
		FileVersions: make(map[*ast.File]string),
	}
}
