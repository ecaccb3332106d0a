// Package scope says which packages heapvet's analyzers work on.
//
// Facts and SSA are computed only for packages of the modules the user
// named: computing them for every dependency costs 16 to 33 times the CPU
// and tells nothing that a table of known calls does not. Everywhere else
// each analyzer returns at once.
package scope

import (
	"go/build"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// Modules lists the module paths whose packages are analysed. A nil
// Modules stands for the main modules of the build.
type Modules []string

// Includes reports whether the package of pass is to be analysed.
func (m Modules) Includes(pass *analysis.Pass) bool {
	if len(pass.Files) == 0 {
		return false // export data only: a driver shows us a dependency
	}
	mod := pass.Module
	if mod == nil || mod.Path == "" {
		// GOPATH mode, command-line files or the standard library, which only
		// go vet names when the user did.
		return slices.Contains(m, "") || m == nil && !standard(pass)
	}
	if m == nil {
		return mod.Version == "" // a main module has no version
	}
	return slices.Contains(m, mod.Path)
}

// standard reports whether the package of pass is of the standard library:
// golangci-lint shows it to analyzers with facts like any other dependency,
// with its source and without a module.
func standard(pass *analysis.Pass) bool {
	goroot := build.Default.GOROOT // golangci-lint sets it to the go command's
	if goroot == "" {
		return false
	}
	src := filepath.Join(goroot, "src") + string(filepath.Separator)
	// Any file will do: those that cgo made are in the build cache.
	for _, file := range pass.Files {
		if strings.HasPrefix(pass.Fset.File(file.FileStart).Name(), src) {
			return true
		}
	}
	return false
}
