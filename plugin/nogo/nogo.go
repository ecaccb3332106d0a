// Package nogo is heapvet as an analyzer of nogo, the linter that Bazel's
// rules_go builds. Make it one of the deps of your nogo target:
//
//	nogo(
//	    name = "nogo",
//	    config = "nogo.json",
//	    deps = ["@com_github_heapvet_heapvet//plugin/nogo"],
//	    visibility = ["//visibility:public"],
//	)
//
// In the configuration file the analyzer's name is heapvet, whatever the
// check. Its flags are those of go vet -vettool: tier, each check's name,
// and CHECK.OPTION:
//
//	{"heapvet": {"analyzer_flags": {"tier": "advice", "hotconv": "false"}}}
//
// Flag heat names a heat file, default.heat@0123456789ab, in the directory
// where nogo runs or above, or by an absolute name.
//
// A flag that there is not, or a value that it does not take, is an error.
//
// nogo analyses a package at a time in a sandbox that has no go command, so
// that the compiler cannot be asked: findings that want its word say
// unconfirmed. Code of other repositories is not analysed.
package nogo

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/tools/go/analysis"

	"github.com/heapvet/heapvet/passes"
	"github.com/heapvet/heapvet/passes/answers/heatfile"
	"github.com/heapvet/heapvet/passes/gcfacts"
	"github.com/heapvet/heapvet/plugin/internal/single"
)

// Analyzer is what nogo looks for: the whole suite.
var Analyzer = newAnalyzer()

func newAnalyzer() *analysis.Analyzer {
	var s settings
	suite := passes.New(s.config())
	a := &analysis.Analyzer{
		Name:      "heapvet",
		Doc:       "find growing state and heap allocations in per-request code",
		URL:       "https://pkg.go.dev/github.com/heapvet/heapvet/plugin/nogo",
		FactTypes: single.New(s.config(), suite).Facts(),
	}
	s.register(&a.Flags, suite)
	build := sync.OnceValues(s.suite) // nogo sets the flags before it runs anything
	a.Run = func(pass *analysis.Pass) (any, error) {
		if external(pass) {
			return nil, nil
		}
		suite, err := build()
		if err != nil {
			return nil, err
		}
		return suite.Run(pass)
	}
	return a
}

// settings are what nogo's configuration file says.
type settings struct {
	advice bool
	heat   string
	single.Selection
}

// register declares the flags; suite tells which checks and options there
// are, and takes their values to see whether they are valid.
func (s *settings) register(fs *flag.FlagSet, suite []*analysis.Analyzer) {
	s.Checks = make(map[string]bool)
	fs.Func("tier", "`tier` of findings to show: default, or advice for those and the rest", func(value string) (err error) {
		s.advice, err = single.Tier(value)
		return err
	})
	fs.StringVar(&s.heat, "heat", "", "take what is hot from the heat `file`, see heapvet heat; @ and its hash must follow")
	for _, check := range suite {
		fs.BoolFunc(check.Name, "run only the checks so named; =false: run all but this one", func(value string) error {
			on, err := strconv.ParseBool(value)
			if err != nil {
				return errors.New("want true or false")
			}
			s.Checks[check.Name] = on
			return nil
		})
		check.Flags.VisitAll(func(f *flag.Flag) {
			fs.Func(check.Name+"."+f.Name, f.Usage, func(value string) error {
				s.Options = append(s.Options, single.Option{Check: check.Name, Name: f.Name, Value: value})
				return f.Value.Set(value)
			})
		})
	}
}

// config returns the suite's configuration.
func (s *settings) config() passes.Config {
	return passes.Config{Advice: s.advice, Compiler: gcfacts.Without("nogo has no go command to ask")}
}

func (s *settings) suite() (*single.Suite, error) {
	cfg := s.config()
	if s.heat != "" {
		dir, err := os.Getwd()
		if err != nil {
			return nil, fmt.Errorf("setting heat: %w", err)
		}
		if cfg.Answers, err = heatfile.Open(dir, s.heat, true); err != nil {
			return nil, fmt.Errorf("setting heat: %w", err)
		}
	}
	checks, err := s.Apply(passes.New(cfg))
	if err != nil {
		return nil, err
	}
	return single.New(cfg, checks), nil
}

// external reports whether all files of the package are of another
// repository than the workspace's own. nogo names files relative to the
// root of the execution, where Bazel puts those repositories in a folder,
// or beside, and what it generates for them in the same places below
// bazel-out/CONFIGURATION/bin.
func external(pass *analysis.Pass) bool {
	for _, file := range pass.Files {
		name := filepath.ToSlash(pass.Fset.File(file.FileStart).Name())
		if out, err := path.Match("bazel-out/*/bin", firstElements(name, 3)); out && err == nil {
			name = strings.TrimPrefix(name, firstElements(name, 3)+"/")
		}
		if !strings.HasPrefix(name, "external/") && !strings.HasPrefix(name, "../") {
			return false
		}
	}
	return true
}

// firstElements returns the first n elements of a slash-separated name.
func firstElements(name string, n int) string {
	elems := strings.SplitN(name, "/", n+1)
	return strings.Join(elems[:min(n, len(elems))], "/")
}
