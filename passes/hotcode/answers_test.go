package hotcode_test

import (
	"go/ast"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/heapvet/heapvet/passes/answers"
	"github.com/heapvet/heapvet/passes/hotcode"
	"github.com/heapvet/heapvet/passes/internal/buildssa"
)

// testAnswers checks that a package that is shown alone is as hot as in its
// module, for the same reasons, once the module's answers are known.
func testAnswers(t *testing.T, results []*analysistest.Result) {
	app := results[len(results)-1].Action.Package
	pkgs := []*packages.Package{app.Imports["hotcode/facts/web"], app.Imports["hotcode/facts/mid"], app}
	var units []hotcode.Unit
	opinions := make(map[ast.Node]hotcode.Opinion)
	for _, pkg := range pkgs {
		units = append(units, hotcode.Unit{Types: pkg.Types, Files: pkg.Syntax, Info: pkg.TypesInfo})
	}
	module := hotcode.NewModule(app.Fset, units)
	known := new(answers.Module)
	module.Answer(known)
	for _, pkg := range pkgs {
		alone(t, pkg, known).Opinions(opinions)
	}
	module.Correct(known, opinions)
	for _, pkg := range pkgs {
		learned := alone(t, pkg, known)
		got, want := heats(learned), heats(module.Result(pkg.Types))
		if !slices.Equal(got, want) {
			t.Errorf("heat of %s:\n%s\nwant:\n%s", pkg.PkgPath, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		if fit, all := learned.Match(); fit != all || all != len(known.Package(pkg.PkgPath).Funcs) {
			t.Errorf("%d of %d answers about %s fit", fit, all, pkg.PkgPath)
		}
	}
	if slices.Equal(heats(alone(t, app, nil)), heats(module.Result(app.Types))) {
		t.Error("the answers make no difference")
	}
	if fn := known.Package("hotcode/facts/app").Funcs["other"]; fn.Grade != "" {
		t.Errorf("app.other is cold, in the module and alone, and still among the answers: %+v", fn)
	}
}

// alone returns the heat of a package that is shown without its imports.
func alone(t *testing.T, pkg *packages.Package, known *answers.Module) *hotcode.Result {
	t.Helper()
	bare := *pkg
	bare.Imports = nil
	graph, err := checker.Analyze([]*analysis.Analyzer{hotcode.New(buildssa.New(nil, nil), nil, known)}, []*packages.Package{&bare}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return graph.Roots[0].Result.(*hotcode.Result)
}

func heats(r *hotcode.Result) []string {
	var all []string
	for _, fn := range r.Funcs() {
		all = append(all, describe(fn))
	}
	return all
}
