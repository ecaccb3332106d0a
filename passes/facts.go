package passes

import (
	"golang.org/x/tools/go/analysis"

	"github.com/heapvet/heapvet/passes/gcfacts"
	"github.com/heapvet/heapvet/passes/hotcode"
	"github.com/heapvet/heapvet/passes/internal/buildssa"
	"github.com/heapvet/heapvet/passes/internal/scope"
)

// Facts builds the two analyzers that all findings rest on, for drivers
// that show what they know: heat, whose results are *hotcode.Result, and
// the compiler's word, *gcfacts.Package.
func Facts(cfg Config) (heat, compiler *analysis.Analyzer) {
	modules := scope.Modules(cfg.Modules)
	ssa := buildssa.New(cfg.Module.Program(), modules)
	return hotcode.New(ssa, cfg.Module, cfg.Answers), gcfacts.New(cfg.Compiler, modules)
}
