package analysistest

import (
	"os"

	"github.com/heapvet/heapvet/passes/gcfacts"
)

// compiler returns the compiler's word about the packages that patterns
// match in the GOPATH tree in dir.
func compiler(dir string, patterns []string) gcfacts.Source {
	return gcfacts.NewList(listing(dir, patterns))
}

// listing is how to ask the go command about these packages.
func listing(dir string, patterns []string) gcfacts.ListConfig {
	return gcfacts.ListConfig{
		Dir:      dir,
		Patterns: patterns,
		Tests:    true,
		Env:      append(os.Environ(), "GOPATH="+dir, "GO111MODULE=off", "GOWORK=off"),
	}
}
