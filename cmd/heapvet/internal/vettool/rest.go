package vettool

import (
	"bytes"
	"os"

	"golang.org/x/tools/go/analysis"
)

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

// promises reports whether a file of the unit may have a directive of
// noalloc. The facts of that check then rest on the compiler's word, and
// they must be the same whether the package is named or not: the go command
// keeps one answer for both, and asks of a package with tests for its facts
// only.
func (u *unit) promises() bool {
	for _, name := range u.GoFiles {
		src, err := os.ReadFile(name)
		if err != nil {
			return true // unitchecker tells about it
		}
		for _, word := range []string{"//heapvet:noalloc", "//heapvet:allow", "// +checkescape", "gcassert:"} {
			if bytes.Contains(src, []byte(word)) {
				return true
			}
		}
	}
	return false
}
