package plugin

import (
	"fmt"

	"github.com/golangci/plugin-module-register/register"
	"golang.org/x/tools/go/analysis"

	"github.com/heapvet/heapvet/passes"
)

// Name is the linter's name in .golangci.yml and in nolint comments.
const Name = "heapvet"

func init() { register.Plugin(Name, New) }

// New returns the linter for the settings of .golangci.yml, a map by key or
// nil. Its error names the key that is wrong and what may stand there.
func New(raw any) (register.LinterPlugin, error) {
	s, err := parse(raw)
	if err != nil {
		return nil, fmt.Errorf("reading heapvet's settings: %w", err)
	}
	return &linter{s}, nil
}

type linter struct{ settings settings }

// BuildAnalyzers implements [register.LinterPlugin].
func (l *linter) BuildAnalyzers() ([]*analysis.Analyzer, error) {
	cfg := passes.Config{Advice: l.settings.advice, Compiler: off{}}
	if l.settings.compiler {
		cfg.Compiler = newModuleLists()
	}
	checks, err := l.settings.apply(passes.New(cfg))
	if err != nil {
		return nil, err
	}
	for _, check := range checks {
		check.Run = withoutRelated(check.Run)
	}
	return checks, nil
}

// GetLoadMode implements [register.LinterPlugin].
func (*linter) GetLoadMode() string { return register.LoadModeTypesInfo }

// withoutRelated drops the related places of diagnostics, of which
// golangci-lint makes findings of their own, at the same line if they are in
// another file. The messages are complete without them.
func withoutRelated(run func(*analysis.Pass) (any, error)) func(*analysis.Pass) (any, error) {
	return func(pass *analysis.Pass) (any, error) {
		bare := *pass
		bare.Report = func(d analysis.Diagnostic) {
			d.Related = nil
			pass.Report(d)
		}
		return run(&bare)
	}
}
