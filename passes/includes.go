package passes

import (
	"golang.org/x/tools/go/analysis"

	"github.com/heapvet/heapvet/passes/internal/scope"
)

// Includes reports whether the analyzers of this configuration work on the
// package of pass: each of them returns at once on all others.
func (c Config) Includes(pass *analysis.Pass) bool {
	return scope.Modules(c.Modules).Includes(pass)
}
