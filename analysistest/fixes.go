package analysistest

import (
	"context"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/heapvet/heapvet/passes/gcfacts"
	"github.com/heapvet/heapvet/passes/prove"
)

// proved reports the fixes of results that the compiler does not back. ledger
// has what their findings rest on.
func proved(t Testing, results []*analysistest.Result, ledger *prove.Ledger, check string, pkgs []string) {
	dir, err := testdata()
	if err != nil {
		t.Errorf("%v", err)
		return
	}
	list := listing(dir, patterns(check, pkgs))
	how, err := gcfacts.Compilations(context.Background(), list)
	if err != nil {
		t.Errorf("proving fixes: %v", err)
		return
	}
	for _, result := range results {
		fixes := suggested(t, result, ledger)
		if len(fixes) == 0 {
			continue
		}
		pkg := result.Action.Package
		if how[pkg.ID] == nil {
			t.Errorf("%s: the go command does not compile it", pkg.ID)
			continue
		}
		p, err := prove.Of(pkg, word(result), how[pkg.ID], list)
		if err != nil {
			t.Errorf("%s: %v", pkg.ID, err)
			continue
		}
		res, err := p.Prove(context.Background(), fixes)
		if err != nil {
			t.Errorf("%s: %v", pkg.ID, err)
			continue
		}
		for _, o := range res.Outcomes {
			if o.Refused != "" {
				t.Errorf("%v: the fix is not proved: %s", o.Fix.Pos, o.Refused)
			}
		}
	}
}

// suggested returns the first fix of each finding, in source order.
func suggested(t Testing, result *analysistest.Result, ledger *prove.Ledger) []prove.Fix {
	var fixes []prove.Fix
	for _, diag := range result.Action.Diagnostics {
		if len(diag.SuggestedFixes) == 0 {
			continue
		}
		fix, err := prove.New(result.Action.Package.Fset, result.Action.Analyzer.Name, diag, ledger.Of(diag))
		if err != nil {
			t.Errorf("%v: the fix is not proved: %v", fix.Pos, err)
			continue
		}
		fixes = append(fixes, fix)
	}
	slices.SortFunc(fixes, prove.Compare)
	fixes, refused := prove.Disjoint(fixes)
	for _, o := range refused {
		t.Errorf("%v: the fix is not proved: %s", o.Fix.Pos, o.Refused)
	}
	return fixes
}

// word returns what the compiler told the check, nil if it did not ask.
func word(result *analysistest.Result) *gcfacts.Package {
	i := slices.IndexFunc(result.Action.Analyzer.Requires, func(a *analysis.Analyzer) bool { return a.Name == "gcfacts" })
	if i < 0 {
		return nil
	}
	gc, _ := result.Pass.ResultOf[result.Action.Analyzer.Requires[i]].(*gcfacts.Package)
	return gc
}
