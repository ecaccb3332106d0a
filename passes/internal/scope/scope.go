// Package scope says which packages heapvet's analyzers work on.
//
// Facts and SSA are computed only for packages of the modules the user
// named: computing them for every dependency costs 16 to 33 times the CPU
// and tells nothing that a table of known calls does not. Everywhere else
// each analyzer returns at once.
package scope

import (
	"slices"

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
		// GOPATH mode, command-line files or the standard library. Drivers
		// that show us the standard library as a dependency name their modules.
		return m == nil || slices.Contains(m, "")
	}
	if m == nil {
		return mod.Version == "" // a main module has no version
	}
	return slices.Contains(m, mod.Path)
}
