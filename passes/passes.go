// Package passes is the suite of heapvet's analyzers.
package passes

import (
	"golang.org/x/tools/go/analysis"

	"github.com/heapvet/heapvet/passes/answers"
	"github.com/heapvet/heapvet/passes/brokenevict"
	"github.com/heapvet/heapvet/passes/directive"
	"github.com/heapvet/heapvet/passes/gcfacts"
	"github.com/heapvet/heapvet/passes/gctuning"
	"github.com/heapvet/heapvet/passes/goroutineleak"
	"github.com/heapvet/heapvet/passes/heatfile"
	"github.com/heapvet/heapvet/passes/hotcall"
	"github.com/heapvet/heapvet/passes/hotcode"
	"github.com/heapvet/heapvet/passes/hotconv"
	"github.com/heapvet/heapvet/passes/hotescape"
	"github.com/heapvet/heapvet/passes/hotgrow"
	"github.com/heapvet/heapvet/passes/hotinit"
	"github.com/heapvet/heapvet/passes/internal/buildssa"
	"github.com/heapvet/heapvet/passes/internal/growth"
	"github.com/heapvet/heapvet/passes/internal/report"
	"github.com/heapvet/heapvet/passes/internal/scope"
	"github.com/heapvet/heapvet/passes/noalloc"
	"github.com/heapvet/heapvet/passes/poolmisuse"
	"github.com/heapvet/heapvet/passes/reqflow"
	"github.com/heapvet/heapvet/passes/resourceleak"
	"github.com/heapvet/heapvet/passes/retention"
	"github.com/heapvet/heapvet/passes/unboundedcache"
	"github.com/heapvet/heapvet/passes/unboundedinput"
	"github.com/heapvet/heapvet/passes/unboundedlabel"
)

// Config is what a driver tells the suite. The zero Config works: heat per
// package, nothing confirmed by the compiler, default tier.
type Config struct {
	Advice   bool            // report findings of tier advice too
	Compiler gcfacts.Source  // where the compiler's output comes from
	Module   *hotcode.Module // heat of the whole module, where the driver sees it
	Answers  *answers.Module // what is known of the module, where the driver sees one package at a time
	Modules  []string        // module paths to analyse; nil for the main modules
	// Evidence, if set, is told what a finding about an allocation rests on,
	// for drivers that prove its fix. It is called from several goroutines.
	Evidence func(analysis.Diagnostic, gcfacts.Evidence)
}

// New builds the analyzers of one configuration. Analyzers of different
// calls do not mix: what a check requires is compared by pointer.
func New(cfg Config) []*analysis.Analyzer {
	modules := scope.Modules(cfg.Modules)
	ssa := buildssa.New(cfg.Module.Program(), modules)
	heat := hotcode.New(ssa, cfg.Module, cfg.Answers)
	flow := reqflow.New(ssa, heat, cfg.Module, cfg.Answers)
	containers := growth.New(ssa, flow, cfg.Module, modules)
	gc := gcfacts.New(cfg.Compiler, modules)
	opts := report.Options{Advice: cfg.Advice, Answers: cfg.Answers, Evidence: cfg.Evidence}
	checks := []*analysis.Analyzer{
		hotescape.New(heat, gc, opts),
		hotconv.New(heat, gc, opts),
		hotgrow.New(heat, gc, opts),
		hotcall.New(heat, gc, cfg.Module, modules, opts),
		hotinit.New(heat, gc, cfg.Module, modules, opts),
		noalloc.New(ssa, heat, gc, cfg.Module, modules, opts),
		unboundedinput.New(ssa, heat, flow, modules, opts),
		poolmisuse.New(ssa, heat, modules, opts),
		gctuning.New(ssa, heat, modules, opts),
		unboundedlabel.New(ssa, heat, flow, modules, opts),
		unboundedcache.New(containers, opts),
		brokenevict.New(containers, opts),
		retention.New(ssa, containers, opts),
		resourceleak.New(ssa, flow, modules, opts),
		goroutineleak.New(ssa, heat, cfg.Module, opts),
		heatfile.New(heat, modules, opts),
	}
	return append(checks, directive.New(names(checks), containers, modules, opts))
}

// names returns the names of checks, in their order.
func names(checks []*analysis.Analyzer) []string {
	all := make([]string, len(checks))
	for i, check := range checks {
		all[i] = check.Name
	}
	return all
}
