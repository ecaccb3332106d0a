package hotcode_test

import (
	"fmt"
	"go/ast"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/heapvet/heapvet/passes/hotcode"
	"github.com/heapvet/heapvet/passes/internal/buildssa"
)

// corpus are the packages of the corpus, loaded in one go: the standard
// library is loaded anew by each run.
var corpus = []string{
	"hotcode/server", "hotcode/frameworks", "hotcode/loops", "hotcode/library", "hotcode/colddir", "hotcode/program",
	"hotcode/facts/app",
}

func testdata(tb testing.TB) string {
	dir, err := filepath.Abs(filepath.Join("..", "..", "testdata"))
	if err != nil {
		tb.Fatal(err)
	}
	return dir
}

func TestHeat(t *testing.T) {
	heat := hotcode.New(buildssa.New(nil, nil), nil, nil)
	results := analysistest.Run(t, testdata(t), reporter(heat), corpus...)
	t.Run("Facts", func(t *testing.T) { testFacts(t, results, heat) })
	t.Run("Module", func(t *testing.T) { testModule(t, results) })
	t.Run("Library", func(t *testing.T) { testLibrary(t, results) })
	t.Run("Answers", func(t *testing.T) { testAnswers(t, results) })
}

// testFacts checks the facts about the project's own framework. That they
// survive their encoding is checked by analysistest.
func testFacts(t *testing.T, results []*analysistest.Result, heat *analysis.Analyzer) {
	want := []string{
		"mid.Route: callsParam([0], net/http handler)",
		"mid.Route: setsUp",
		"web.Add: callsParam([1], net/http handler)",
		"web.After: callsParam([0], net/http handler)",
		"web.Checker: hotType(Check)",
		"web.Handle: callsParam([1], net/http handler)",
		"web.Handle: setsUp",
		"web.Handler: hotType(call)",
	}
	var got []string
	app := results[len(results)-1].Action
	i := slices.IndexFunc(app.Deps, func(dep *checker.Action) bool { return dep.Analyzer == heat })
	for _, f := range app.Deps[i].AllObjectFacts() {
		if strings.HasPrefix(f.Object.Pkg().Path(), "hotcode/") { // without modules, the standard library is in scope
			got = append(got, fmt.Sprintf("%s.%s: %s", f.Object.Pkg().Name(), f.Object.Name(), f.Fact))
		}
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("facts:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// testModule checks that a module's packages know of each other's heat.
func testModule(t *testing.T, results []*analysistest.Result) {
	root := results[len(results)-1].Action.Package
	var units []hotcode.Unit
	for _, pkg := range []*packages.Package{root.Imports["hotcode/facts/web"], root.Imports["hotcode/facts/mid"], root} {
		units = append(units, hotcode.Unit{Types: pkg.Types, Files: pkg.Syntax, Info: pkg.TypesInfo})
	}
	module := hotcode.NewModule(root.Fset, units)
	var got []string
	for _, fn := range module.Result(root.Types).Funcs() {
		got = append(got, describe(fn))
	}
	want := []string{
		"hot: net/http handler: web.Handle.func1 -> routes.func1 -> probe",
		"hot: net/http handler: web.Handle.func1 -> routes.func1",
		"hot: net/http handler: web.Handle.func1 -> mid.Route.func1 -> deep",
		"hot: net/http handler: web.Handle.func1 -> mid.Route.func1 -> deep -> helper",
		"hot: net/http handler: (*web.Router).ServeHTTP -> web.wrap.func1 -> handler",
		"hot: net/http handler: (*web.Router).ServeHTTP -> first",
		"hot: net/http handler: (*web.Router).ServeHTTP -> second",
		"hot: net/http handler: (*web.Router).ServeHTTP -> checker.Check",
	}
	if !slices.Equal(got, want) {
		t.Errorf("heat of the module:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	again := hotcode.NewModule(root.Fset, units)
	for i, fn := range module.All() {
		if first, second := describe(fn), describe(again.All()[i]); first != second {
			t.Errorf("two runs differ: %s, %s", first, second)
		}
	}
	counts := module.Counts()
	if all := len(module.All()); counts.HotOnly+counts.Both+counts.Background+counts.SetUp+counts.None != all {
		t.Errorf("counts %+v do not add up to %d functions", counts, all)
	}
}

// testLibrary checks that a package which no request reaches is a library,
// though there is a handler in another package, unless there is a command.
func testLibrary(t *testing.T, results []*analysistest.Result) {
	heatBeside := func(other string) (got []string) {
		var units []hotcode.Unit
		var library *packages.Package
		for _, r := range results {
			pkg := r.Action.Package
			if pkg.PkgPath != "hotcode/library" && pkg.PkgPath != other {
				continue
			}
			if pkg.PkgPath == "hotcode/library" {
				library = pkg
			}
			units = append(units, hotcode.Unit{Types: pkg.Types, Files: pkg.Syntax, Info: pkg.TypesInfo})
		}
		for _, fn := range hotcode.NewModule(library.Fset, units).Result(library.Types).Funcs() {
			got = append(got, describe(fn))
		}
		return got
	}
	want := []string{
		"hot assumed: exported function of a library: (*Table).Get",
		"hot assumed: exported function of a library: (*Table).Get -> (*Table).find",
		"hot assumed: exported function of a library: Sum",
	}
	if got := heatBeside("hotcode/server"); !slices.Equal(got, want) {
		t.Errorf("heat beside a handler:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if got := heatBeside("hotcode/program"); got != nil {
		t.Errorf("heat beside a command:\n%s\nwant none", strings.Join(got, "\n"))
	}
}

// reporter returns an analyzer that reports each function that is not cold,
// and the heat of each call of a function named probe.
func reporter(heat *analysis.Analyzer) *analysis.Analyzer {
	return &analysis.Analyzer{
		Name:     "reportheat",
		Doc:      "report heat, for tests",
		Requires: []*analysis.Analyzer{heat},
		Run: func(pass *analysis.Pass) (any, error) {
			result := pass.ResultOf[heat].(*hotcode.Result)
			for _, fn := range result.Funcs() {
				pass.Report(analysis.Diagnostic{Pos: fn.Node.Pos(), Message: describe(fn)})
			}
			for _, file := range pass.Files {
				ast.Inspect(file, func(n ast.Node) bool {
					call, ok := n.(*ast.CallExpr)
					if !ok {
						return true
					}
					if id, ok := call.Fun.(*ast.Ident); ok && id.Name == "probe" {
						pass.Report(analysis.Diagnostic{Pos: call.Pos(), Message: place(result.At(call))})
					}
					return true
				})
			}
			return nil, nil
		},
	}
}

// describe prints a function: "hot: net/http handler: a -> b".
func describe(fn *hotcode.Func) string {
	grade := fn.Grade.String()
	if fn.Assumed {
		grade += " assumed"
	}
	return fmt.Sprintf("%s: %s: %s", grade, fn.Root, strings.Join(fn.Chain, " -> "))
}

// place prints the heat of a place: "at hot loop=1 guarded".
func place(h hotcode.Heat) string {
	s := "at " + h.Grade.String()
	if h.Grade == hotcode.Cold {
		return s + ": " + h.Why
	}
	if h.Loop > 0 {
		s += fmt.Sprintf(" loop=%d", h.Loop)
	}
	if h.Guarded {
		s += " guarded"
	}
	return s
}
