package prove

import (
	"fmt"
	"os"

	"golang.org/x/tools/go/packages"

	"github.com/heapvet/heapvet/passes/gcfacts"
)

// Of returns pkg with its sources as they are on disk. gc is the compiler's
// word on it, nil if no finding rests on that, and compile is how to compile
// it, as [gcfacts.Compilations] tells with list.
func Of(pkg *packages.Package, gc *gcfacts.Package, compile *gcfacts.Direct, list gcfacts.ListConfig) (*Package, error) {
	list.Patterns, list.Tests = nil, false
	p := &Package{
		Compile: *compile, List: list, Sources: make(map[string][]byte),
		Fset: pkg.Fset, Syntax: pkg.Syntax, Types: pkg.Types, Info: pkg.TypesInfo, Sizes: pkg.TypesSizes, GC: gc,
	}
	for _, name := range compile.Files {
		src, err := os.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("reading the package: %w", err)
		}
		p.Sources[name] = src
	}
	return p, nil
}
