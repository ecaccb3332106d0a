package analysistest

import (
	"os"

	"github.com/heapvet/heapvet/passes/gcfacts"
)

// compiler returns the compiler's word about the packages that patterns
// match in the GOPATH tree in dir.
func compiler(dir string, patterns []string) gcfacts.Source {
	return gcfacts.NewList(gcfacts.ListConfig{
		Dir:      dir,
		Patterns: patterns,
		Tests:    true,
		Env:      append(os.Environ(), "GOPATH="+dir, "GO111MODULE=off", "GOWORK=off"),
	})
}
