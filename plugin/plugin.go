package plugin

import (
	"fmt"

	"github.com/golangci/plugin-module-register/register"
	"golang.org/x/tools/go/analysis"

	"github.com/heapvet/heapvet/passes"
	"github.com/heapvet/heapvet/passes/gcfacts"
	"github.com/heapvet/heapvet/plugin/internal/single"
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

// BuildAnalyzers implements [register.LinterPlugin]. The one analyzer has
// the linter's name, so that golangci-lint adds nothing to its messages,
// which begin with the names of checks.
func (l *linter) BuildAnalyzers() ([]*analysis.Analyzer, error) {
	cfg, checks, err := l.checks()
	if err != nil {
		return nil, err
	}
	suite := single.New(cfg, checks)
	return []*analysis.Analyzer{{
		Name:      Name,
		Doc:       "find growing state and heap allocations in per-request code",
		URL:       "https://pkg.go.dev/github.com/heapvet/heapvet",
		FactTypes: suite.Facts(),
		Run:       suite.Run,
	}}, nil
}

// checks builds the suite that the settings describe, and returns the checks
// that are to run.
func (l *linter) checks() (passes.Config, []*analysis.Analyzer, error) {
	cfg := passes.Config{Advice: l.settings.advice, Answers: l.settings.answers, Compiler: gcfacts.Without("compiler is false in heapvet's settings")}
	if l.settings.compiler {
		cfg.Compiler = newModuleLists()
	}
	checks, err := l.settings.Apply(passes.New(cfg))
	return cfg, checks, err
}

// GetLoadMode implements [register.LinterPlugin].
func (*linter) GetLoadMode() string { return register.LoadModeTypesInfo }
