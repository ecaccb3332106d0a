package vettool

import (
	"bytes"
	"os"

	"golang.org/x/tools/go/analysis"
)

// noalloc is the check whose facts rest on the compiler's word.
const noalloc = "noalloc"

// rest lets the checks without facts do nothing, where only facts are asked
// for: unitchecker runs all that depend on facts and drops what they find.
// The facts of noalloc could not be had either, without the compiler.
func rest(suite []*analysis.Analyzer) {
	for _, a := range suite {
		if len(a.FactTypes) == 0 || a.Name == noalloc {
			idle(a)
		}
	}
}

// restNoalloc lets noalloc do nothing in a package without a contract: it
// would have every package compiled, for facts that a package with tests,
// which the go command shows twice, does not have anyway.
func restNoalloc(suite []*analysis.Analyzer, file string) {
	u, err := readUnit(file)
	if err != nil || u.promises() {
		return // unitchecker tells about the error
	}
	for _, a := range suite {
		if a.Name == noalloc {
			idle(a)
		}
	}
}

// idle makes a do nothing. It stays in the suite, because the go command
// passes its flags.
func idle(a *analysis.Analyzer) {
	a.Requires = nil
	a.Run = func(*analysis.Pass) (any, error) { return nil, nil }
}

// promises reports whether a file of the unit may have a contract.
func (u *unit) promises() bool {
	for _, name := range u.GoFiles {
		src, err := os.ReadFile(name)
		if err != nil || bytes.Contains(src, []byte("//heapvet:noalloc")) {
			return true
		}
	}
	return false
}
