package vettool

import "golang.org/x/tools/go/analysis"

// rest lets the checks without facts do nothing, where only facts are asked
// for: unitchecker runs all that depend on facts and drops what they find.
// They stay in the suite, because the go command passes their flags.
func rest(suite []*analysis.Analyzer) {
	for _, a := range suite {
		if len(a.FactTypes) == 0 {
			a.Requires = nil
			a.Run = func(*analysis.Pass) (any, error) { return nil, nil }
		}
	}
}
