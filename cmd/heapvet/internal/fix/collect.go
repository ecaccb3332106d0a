// Package fix applies the fixes that checks suggest: those that the
// compiler proves, and no others.
package fix

import (
	"fmt"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/heapvet/heapvet/passes"
	"github.com/heapvet/heapvet/passes/gcfacts"
	"github.com/heapvet/heapvet/passes/prove"
)

// A work is a package with what is to be done to it.
type work struct {
	pkg   *packages.Package
	gc    *gcfacts.Package
	fixes []prove.Fix
}

// collect returns the packages whose findings suggest fixes, and the fixes
// that cannot be had. What two variants of a package suggest alike is taken
// once.
func collect(graph *checker.Graph, ledger *prove.Ledger) (todo []*work, refused []prove.Outcome) {
	byPkg := make(map[*packages.Package]*work)
	for _, act := range graph.Roots {
		for _, d := range act.Diagnostics {
			if len(d.SuggestedFixes) == 0 {
				continue
			}
			f, err := prove.New(act.Package.Fset, act.Analyzer.Name, d, ledger.Of(d))
			if err != nil {
				refused = append(refused, prove.Outcome{Fix: f, Refused: err.Error()})
				continue
			}
			w := byPkg[act.Package]
			if w == nil {
				w = &work{pkg: act.Package}
				byPkg[act.Package] = w
				todo = append(todo, w)
			}
			w.fixes = append(w.fixes, f)
		}
	}
	return todo, refused
}

// ask asks for the compiler's word on the packages of todo once more: the
// checks' graph does not keep what its analyzers told each other.
func ask(cfg passes.Config, todo []*work) error {
	_, compiler := passes.Facts(cfg)
	byPkg := make(map[*packages.Package]*work)
	var pkgs []*packages.Package
	for _, w := range todo {
		byPkg[w.pkg] = w
		pkgs = append(pkgs, w.pkg)
	}
	graph, err := checker.Analyze([]*analysis.Analyzer{compiler}, pkgs, nil)
	if err != nil {
		return fmt.Errorf("asking for the compiler's word: %w", err)
	}
	for _, act := range graph.Roots {
		byPkg[act.Package].gc, _ = act.Result.(*gcfacts.Package)
	}
	return nil
}
