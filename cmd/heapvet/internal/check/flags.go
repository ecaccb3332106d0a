package check

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strconv"

	"golang.org/x/tools/go/analysis"

	"github.com/heapvet/heapvet/cmd/heapvet/internal/session"
	"github.com/heapvet/heapvet/passes"
)

// options are the command's flags.
type options struct {
	session.Options
	json    bool
	fix     bool
	diff    bool
	verbose bool
	context int
	tier    Tier
	checks  selection
}

// A Tier is the value of the -tier flag: "default" or "advice".
type Tier struct{ Advice bool }

// String returns the flag's value.
func (t *Tier) String() string {
	if t.Advice {
		return "advice"
	}
	return "default"
}

// Set implements [flag.Value].
func (t *Tier) Set(s string) error {
	switch s {
	case "default", "advice":
		t.Advice = s == "advice"
		return nil
	}
	return errors.New("want default or advice")
}

// TierUsage describes the flag.
const TierUsage = "`tier` of findings to show: default, or advice for those and the rest"

// HeatUsage describes the -heat flag.
const HeatUsage = "take what is hot from the heat `file`, see heapvet heat; @ and its hash may follow, and must under go vet"

// newFlags declares the command's flags, those of the checks included.
func newFlags(opts *options) *flag.FlagSet {
	fs := flag.NewFlagSet("heapvet", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	opts.Register(fs)
	fs.BoolVar(&opts.json, "json", false, "print findings as JSON, in the format of go vet -json")
	fs.BoolVar(&opts.fix, "fix", false, "apply the suggested fixes that the compiler proves, instead of printing findings")
	fs.BoolVar(&opts.diff, "diff", false, "print what -fix would change, as a unified diff, and write nothing")
	fs.BoolVar(&opts.verbose, "v", false, "with -fix or -diff: say why fixes are left out")
	fs.IntVar(&opts.context, "c", -1, "show the offending line with `N` lines around it")
	fs.Var(&opts.tier, "tier", TierUsage)
	fs.StringVar(&opts.Heat, "heat", "", HeatUsage)
	opts.checks.register(fs, passes.New(passes.Config{}))
	return fs
}

// A selection remembers what the flags say about the checks. The suite is
// built twice: before the flags are read, to know their names, and once
// the program is loaded.
type selection struct {
	enabled map[string]bool // by check, where a flag says
	values  []struct{ check, name, value string }
}

// register adds -check and -check.option flags to fs.
func (s *selection) register(fs *flag.FlagSet, suite []*analysis.Analyzer) {
	s.enabled = make(map[string]bool)
	for _, a := range suite {
		fs.BoolFunc(a.Name, "run only the checks so named; =false: run all but this one", func(value string) error {
			on, err := strconv.ParseBool(value)
			if err != nil {
				return errors.New("want true or false")
			}
			s.enabled[a.Name] = on
			return nil
		})
		a.Flags.VisitAll(func(f *flag.Flag) {
			set := func(value string) error {
				s.values = append(s.values, struct{ check, name, value string }{a.Name, f.Name, value})
				return f.Value.Set(value) // tells whether it is valid
			}
			if b, ok := f.Value.(interface{ IsBoolFlag() bool }); ok && b.IsBoolFlag() {
				fs.BoolFunc(a.Name+"."+f.Name, f.Usage, set)
			} else {
				fs.Func(a.Name+"."+f.Name, f.Usage, set)
			}
		})
	}
}

// apply sets the checks' options and returns those that are to run: as
// under go vet, only the chosen ones, if any is chosen.
func (s *selection) apply(suite []*analysis.Analyzer) ([]*analysis.Analyzer, error) {
	chosen := false
	for _, on := range s.enabled {
		chosen = chosen || on
	}
	var run []*analysis.Analyzer
	for _, a := range suite {
		for _, v := range s.values {
			if v.check != a.Name {
				continue
			}
			if err := a.Flags.Set(v.name, v.value); err != nil {
				return nil, fmt.Errorf("setting -%s.%s: %w", v.check, v.name, err)
			}
		}
		if on, said := s.enabled[a.Name]; on || !said && !chosen {
			run = append(run, a)
		}
	}
	return run, nil
}
