package vettool

import (
	"golang.org/x/tools/go/analysis"

	"github.com/heapvet/heapvet/passes/gcfacts"
)

// notice makes hotescape report, once for the package, that the compiler
// was asked in vain. Most of that check's findings are none without its
// word, and the go command replays what it was told: a diagnostic is all
// that it neither forgets nor takes for a clean run.
func notice(suite []*analysis.Analyzer) {
	var escape *analysis.Analyzer
	var others []*analysis.Analyzer
	for _, a := range suite {
		if a.Name == "hotescape" {
			escape = a
		} else {
			others = append(others, a)
		}
	}
	if escape == nil {
		return
	}
	run := escape.Run
	escape.Requires = append(escape.Requires, others...) // they ask, too
	escape.Run = func(pass *analysis.Pass) (any, error) {
		res, err := run(pass)
		for _, required := range pass.ResultOf {
			if gc, ok := required.(*gcfacts.Package); ok && gc.Notice() != "" {
				pass.Report(analysis.Diagnostic{Pos: pass.Files[0].Package, Message: gc.Notice()})
			}
		}
		return res, err
	}
}
