// Package analysistest tests heapvet's checks.
//
// It runs a check over packages under testdata/src with the harness of the
// same name in golang.org/x/tools, whose "// want" comments say what is to
// be found, and demands more of an allocation finding than to be wanted:
// the compiler of this machine must back it, because a pattern that the
// compiler refutes is worth nothing whatever the author of a test believed.
package analysistest

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/analysis/passes/inspect"

	"github.com/heapvet/heapvet/passes"
	"github.com/heapvet/heapvet/passes/gcfacts"
	"github.com/heapvet/heapvet/passes/prove"
)

// Testing is the part of *testing.T that the harness needs.
type Testing = analysistest.Testing

// Run runs the named check on packages of testdata/src and compares what it
// reports, in both tiers, with the packages' want comments. It fails as
// well where the compiler does not back an allocation finding and where a
// fact does not survive its encoding. Names of packages are relative to
// the check's own folder, testdata/src/<check>; with none, all packages
// there are run.
//
// Give all packages of a check in one call: the standard library is loaded
// anew by each.
func Run(t Testing, check string, packages ...string) []*analysistest.Result {
	return run(t, analysistest.Run, new(prove.Ledger), check, packages)
}

// RunWithSuggestedFixes is like [Run]. It also applies the suggested fixes
// and compares the outcome with the golden files. All of them must be proved
// by the compiler, as heapvet -fix demands.
func RunWithSuggestedFixes(t Testing, check string, packages ...string) []*analysistest.Result {
	var ledger prove.Ledger
	results := run(t, analysistest.RunWithSuggestedFixes, &ledger, check, packages)
	if results != nil {
		proved(t, results, &ledger, check, packages)
	}
	return results
}

// A runner is one of the two functions of x/tools' package.
type runner func(t analysistest.Testing, dir string, a *analysis.Analyzer, patterns ...string) []*analysistest.Result

func run(t Testing, start runner, ledger *prove.Ledger, check string, pkgs []string) []*analysistest.Result {
	dir, err := testdata()
	if err != nil {
		t.Errorf("%v", err)
		return nil
	}
	patterns := patterns(check, pkgs)
	suite := passes.New(passes.Config{Advice: true, Compiler: compiler(dir, patterns), Evidence: ledger.Note})
	i := slices.IndexFunc(suite, func(a *analysis.Analyzer) bool { return a.Name == check })
	if i < 0 {
		t.Errorf("there is no check %q", check)
		return nil
	}
	return runAnalyzer(t, start, dir, suite[i], patterns)
}

// runAnalyzer runs a over the packages of the GOPATH tree in dir.
func runAnalyzer(t Testing, start runner, dir string, a *analysis.Analyzer, patterns []string) []*analysistest.Result {
	confine(a, filepath.Join(dir, "src")+string(filepath.Separator))
	results := start(t, dir, a, patterns...)
	for _, result := range results {
		backed(t, result)
		checkFacts(t, result.Action)
	}
	return results
}

// patterns returns the import patterns of a check's packages.
func patterns(check string, pkgs []string) []string {
	if len(pkgs) == 0 {
		return []string{check + "/..."}
	}
	all := make([]string, len(pkgs))
	for i, pkg := range pkgs {
		all[i] = check + "/" + pkg
	}
	return all
}

// testdata returns the folder testdata at the module's root. Tests run in
// the folder of their package.
func testdata() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("looking for testdata: %w", err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return filepath.Join(dir, "testdata"), nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", fmt.Errorf("looking for testdata: no go.mod here or above")
		}
		dir = parent
	}
}

// confine keeps a and what it requires from packages outside of root.
// x/tools' harness loads the standard library from source and shows it to
// every analyzer with facts, which no driver of ours does.
func confine(a *analysis.Analyzer, root string) {
	seen := map[*analysis.Analyzer]bool{inspect.Analyzer: true} // not ours to change
	var visit func(a *analysis.Analyzer)
	visit = func(a *analysis.Analyzer) {
		if seen[a] {
			return
		}
		seen[a] = true
		for _, req := range a.Requires {
			visit(req)
		}
		inner := a.Run
		a.Run = func(pass *analysis.Pass) (any, error) {
			if len(pass.Files) > 0 && strings.HasPrefix(pass.Fset.File(pass.Files[0].FileStart).Name(), root) {
				return inner(pass)
			}
			if a.ResultType == nil {
				return nil, nil
			}
			return reflect.Zero(a.ResultType).Interface(), nil
		}
	}
	visit(a)
}

// backed reports the findings of result that the compiler does not confirm.
// Only a check that asks for the compiler's word owes it.
func backed(t Testing, result *analysistest.Result) {
	act := result.Action
	i := slices.IndexFunc(act.Analyzer.Requires, func(a *analysis.Analyzer) bool { return a.Name == "gcfacts" })
	if i < 0 || act.Err != nil {
		return
	}
	gc, ok := result.Pass.ResultOf[act.Analyzer.Requires[i]].(*gcfacts.Package)
	if !ok {
		t.Errorf("%s: no result of gcfacts", act.Package.PkgPath)
		return
	}
	for _, diag := range act.Diagnostics {
		posn := act.Package.Fset.Position(diag.Pos)
		if strings.Contains(diag.Message, "(unconfirmed: ") {
			t.Errorf("%v: the compiler does not confirm: %s", posn, diag.Message)
			continue
		}
		if strings.Contains(diag.Message, "(measured: ") {
			continue // the callee allocates, of which this package's compiler output is silent
		}
		if refuted(act, gc, diag) {
			t.Errorf("%v: the compiler refutes: %s", posn, diag.Message)
		}
	}
}

// refuted reports whether the compiler speaks about the line of diag, or
// where there is an end about its range, and only to say that nothing
// there is on the heap.
func refuted(act *checker.Action, gc *gcfacts.Package, diag analysis.Diagnostic) bool {
	fset := act.Package.Fset
	from, to := fset.Position(diag.Pos), fset.Position(max(diag.Pos, diag.End))
	spoken := false
	for _, site := range gc.Sites() {
		at := fset.Position(site.Node.Pos())
		if at.Filename != from.Filename || at.Line < from.Line || at.Line > to.Line {
			continue // elsewhere
		}
		switch site.Verdict {
		case gcfacts.Heap, gcfacts.StackIfSmall:
			return false
		case gcfacts.Stack, gcfacts.HeapNoAlloc:
			spoken = true
		}
	}
	return spoken
}
