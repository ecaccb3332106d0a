// Package buildssa builds the SSA form of a package without facts.
//
// x/tools' analyzer of the same name requires ctrlflow, whose facts make
// every driver load or visit all dependencies from source. Ours knows the
// functions that never return from a list instead.
package buildssa

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/internal/scope"
)

// SSA is the SSA form of one package's source.
type SSA struct {
	Program *Program // the program that the package is part of
	Pkg     *ssa.Package
	Files   []*ast.File
	Info    *types.Info
	Funcs   []*ssa.Function            // declared functions, methods and literals, in source order
	Nodes   map[ast.Node]*ssa.Function // the same, by *ast.FuncDecl or *ast.FuncLit
}

// A Unit is the typed syntax of one package, as the driver loaded it.
type Unit struct {
	Types *types.Package
	Files []*ast.File
	Info  *types.Info
}

// A Program is the SSA form of all the packages a driver analyses
// together, so that calls between them can be followed.
type Program struct {
	Prog     *ssa.Program
	Packages []*SSA // in the order of the units
	byTypes  map[*types.Package]*SSA
}

// Build builds one SSA program for units, which share fset.
func Build(fset *token.FileSet, units []Unit) *Program {
	prog := ssa.NewProgram(fset, ssa.InstantiateGenerics)
	prog.SetNoReturn(NoReturn)
	p := &Program{Prog: prog, byTypes: make(map[*types.Package]*SSA, len(units))}
	for _, u := range units {
		prog.CreatePackage(u.Types, u.Files, u.Info, true)
	}
	for _, u := range units {
		for _, imp := range u.Types.Imports() {
			if prog.Package(imp) == nil {
				prog.CreatePackage(imp, nil, nil, true)
			}
		}
	}
	prog.Build()
	for _, u := range units {
		s := &SSA{Program: p, Pkg: prog.Package(u.Types), Files: u.Files, Info: u.Info, Nodes: make(map[ast.Node]*ssa.Function)}
		s.collect(u.Files, u.Info)
		p.Packages = append(p.Packages, s)
		p.byTypes[u.Types] = s
	}
	return p
}

// collect lists the package's functions with their literals.
func (s *SSA) collect(files []*ast.File, info *types.Info) {
	var add func(fn *ssa.Function)
	add = func(fn *ssa.Function) {
		s.Funcs = append(s.Funcs, fn)
		if node := fn.Syntax(); node != nil {
			s.Nodes[node] = fn
		}
		for _, anon := range fn.AnonFuncs {
			add(anon)
		}
	}
	for _, file := range files {
		for _, decl := range file.Decls {
			decl, ok := decl.(*ast.FuncDecl)
			if !ok {
				continue // literals of package variables belong to init, below
			}
			obj, ok := info.Defs[decl.Name].(*types.Func)
			if !ok {
				continue // the package is ill-typed
			}
			if fn := s.Pkg.Prog.FuncValue(obj); fn != nil {
				add(fn)
			}
		}
	}
	if init := s.Pkg.Func("init"); init != nil {
		for _, anon := range init.AnonFuncs {
			add(anon)
		}
	}
	// Positions alone do not order files: drivers parse them side by side.
	index := make(map[*token.File]int, len(files))
	for i, file := range files {
		index[s.Pkg.Prog.Fset.File(file.FileStart)] = i
	}
	slices.SortStableFunc(s.Funcs, func(a, b *ssa.Function) int {
		fileA, fileB := s.Pkg.Prog.Fset.File(a.Pos()), s.Pkg.Prog.Fset.File(b.Pos())
		return cmp.Or(cmp.Compare(index[fileA], index[fileB]), cmp.Compare(a.Pos(), b.Pos()))
	})
}

// New returns the analyzer. When prog holds the package already, that is
// its result; a nil prog makes each package a program of its own. The
// result is nil for packages outside modules.
func New(prog *Program, modules scope.Modules) *analysis.Analyzer {
	return &analysis.Analyzer{
		Name:       "buildssa",
		Doc:        "build SSA form, without facts (no diagnostics)",
		ResultType: reflect.TypeFor[*SSA](),
		Run: func(pass *analysis.Pass) (any, error) {
			if prog != nil && prog.byTypes[pass.Pkg] != nil {
				return prog.byTypes[pass.Pkg], nil
			}
			if !modules.Includes(pass) {
				return (*SSA)(nil), nil
			}
			unit := Unit{Types: pass.Pkg, Files: pass.Files, Info: pass.TypesInfo}
			return Build(pass.Fset, []Unit{unit}).Packages[0], nil
		},
	}
}

// noReturn lists functions and methods, as types.Func.FullName prints
// them, that never return although their body is not at hand.
var noReturn = map[string]bool{
	"os.Exit": true, "runtime.Goexit": true, "syscall.Exit": true,
	"log.Fatal": true, "log.Fatalf": true, "log.Fatalln": true,
	"log.Panic": true, "log.Panicf": true, "log.Panicln": true,
	"(*log.Logger).Fatal": true, "(*log.Logger).Fatalf": true, "(*log.Logger).Fatalln": true,
	"(*log.Logger).Panic": true, "(*log.Logger).Panicf": true, "(*log.Logger).Panicln": true,
	"(*testing.common).FailNow": true, "(*testing.common).Fatal": true, "(*testing.common).Fatalf": true,
	"(*testing.common).Skip": true, "(*testing.common).SkipNow": true, "(*testing.common).Skipf": true,
	"(*go.uber.org/zap.Logger).Fatal": true, "(*go.uber.org/zap.Logger).Panic": true,
	"(*go.uber.org/zap.SugaredLogger).Fatal": true, "(*go.uber.org/zap.SugaredLogger).Fatalf": true,
	"(*go.uber.org/zap.SugaredLogger).Fatalw": true, "(*go.uber.org/zap.SugaredLogger).Panic": true,
	"(*go.uber.org/zap.SugaredLogger).Panicf": true, "(*go.uber.org/zap.SugaredLogger).Panicw": true,
	"github.com/sirupsen/logrus.Fatal": true, "github.com/sirupsen/logrus.Fatalf": true, "github.com/sirupsen/logrus.Fatalln": true,
	"(*github.com/sirupsen/logrus.Logger).Fatal": true, "(*github.com/sirupsen/logrus.Logger).Fatalf": true,
	"(*github.com/sirupsen/logrus.Entry).Fatal": true, "(*github.com/sirupsen/logrus.Entry).Fatalf": true,
	"k8s.io/klog.Fatal": true, "k8s.io/klog.Fatalf": true, "k8s.io/klog.Exit": true, "k8s.io/klog.Exitf": true,
	"k8s.io/klog/v2.Fatal": true, "k8s.io/klog/v2.Fatalf": true, "k8s.io/klog/v2.Exit": true, "k8s.io/klog/v2.Exitf": true,
}

// NoReturn reports whether fn is known never to return.
func NoReturn(fn *types.Func) bool { return noReturn[fn.FullName()] }

// Of returns the SSA form of pkg, or nil if it is not among p's packages.
func (p *Program) Of(pkg *types.Package) *SSA { return p.byTypes[pkg] }
