// Package single makes one analyzer of all checks.
//
// golangci-lint and nogo know linters, each an analyzer, and run an analyzer
// with facts on every dependency. One analyzer for the whole suite costs one
// visit of a dependency instead of one per check with facts, and can tell
// findings that share a line in one message, where those drivers show one
// finding per line.
package single

import (
	"fmt"
	"reflect"

	"golang.org/x/tools/go/analysis"

	"github.com/heapvet/heapvet/passes"
	"github.com/heapvet/heapvet/passes/gcfacts"
)

// A Suite runs checks, and what they require, on one package at a time.
type Suite struct {
	includes func(*analysis.Pass) bool
	order    []*analysis.Analyzer // requirements first
	checks   map[*analysis.Analyzer]bool
}

// New returns a Suite of checks, some or all of what [passes.New] made for
// cfg.
func New(cfg passes.Config, checks []*analysis.Analyzer) *Suite {
	s := &Suite{includes: cfg.Includes, checks: make(map[*analysis.Analyzer]bool)}
	seen := make(map[*analysis.Analyzer]bool)
	var add func(a *analysis.Analyzer)
	add = func(a *analysis.Analyzer) {
		if seen[a] {
			return
		}
		seen[a] = true
		for _, req := range a.Requires {
			add(req)
		}
		s.order = append(s.order, a)
	}
	for _, check := range checks {
		add(check)
		s.checks[check] = true
	}
	return s
}

// Facts returns the fact types of all the analyzers.
func (s *Suite) Facts() []analysis.Fact {
	var facts []analysis.Fact
	for _, a := range s.order {
		facts = append(facts, a.FactTypes...)
	}
	return facts
}

// Run is the Run function of an analyzer with the facts of s: it reports
// one diagnostic for each line with findings, and one where the compiler
// was asked in vain. Packages that are not of the user's modules cost
// nothing.
func (s *Suite) Run(pass *analysis.Pass) (any, error) {
	if !s.includes(pass) {
		return nil, nil
	}
	var found []finding
	results := make(map[*analysis.Analyzer]any, len(s.order))
	for _, a := range s.order {
		sub := *pass
		sub.Analyzer, sub.ResultOf = a, results
		sub.AllObjectFacts = func() []analysis.ObjectFact { return objectFacts(pass, a) }
		sub.Report = func(d analysis.Diagnostic) {
			if s.checks[a] {
				found = append(found, finding{a.Name, d})
			}
		}
		res, err := a.Run(&sub)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", a.Name, err)
		}
		results[a] = res
	}
	for _, a := range s.order {
		if gc, ok := results[a].(*gcfacts.Package); ok && gc.Notice() != "" {
			pass.Report(analysis.Diagnostic{Pos: pass.Files[0].Package, Message: gc.Notice()})
		}
	}
	for _, d := range merge(pass.Fset, found) {
		pass.Report(d)
	}
	return nil, nil
}

// objectFacts returns the facts of the types that a declares: pass has
// those of the whole suite.
func objectFacts(pass *analysis.Pass, a *analysis.Analyzer) []analysis.ObjectFact {
	var own []analysis.ObjectFact
	for _, f := range pass.AllObjectFacts() {
		for _, typ := range a.FactTypes {
			if reflect.TypeOf(f.Fact) == reflect.TypeOf(typ) {
				own = append(own, f)
			}
		}
	}
	return own
}
