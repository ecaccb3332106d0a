package single

import (
	"errors"
	"flag"
	"fmt"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// A Selection is what users say about checks. The zero Selection runs all of
// them as they are.
type Selection struct {
	Checks  map[string]bool // on or off, where users say
	Options []Option
}

// An Option is the value of a check's flag.
type Option struct{ Check, Name, Value string }

// Apply sets the options of the checks in suite and returns those that are
// to run: as under go vet, only the chosen ones, if any is chosen.
func (s *Selection) Apply(suite []*analysis.Analyzer) ([]*analysis.Analyzer, error) {
	for _, o := range s.Options {
		check, err := Find(suite, o.Check)
		if err != nil {
			return nil, err
		}
		if err := o.Set(check); err != nil {
			return nil, err
		}
	}
	chosen := false
	for _, on := range s.Checks {
		chosen = chosen || on
	}
	var run []*analysis.Analyzer
	for _, check := range suite {
		if on, said := s.Checks[check.Name]; on || !said && !chosen {
			run = append(run, check)
		}
	}
	return run, nil
}

// Set sets the option's flag of check. Its error names the options that the
// check has, or what the value is for.
func (o *Option) Set(check *analysis.Analyzer) error {
	f := check.Flags.Lookup(o.Name)
	if f == nil {
		names := []string{}
		check.Flags.VisitAll(func(f *flag.Flag) { names = append(names, f.Name) })
		return fmt.Errorf("unknown option %q: the check's options are [%s]", o.Name, strings.Join(names, ", "))
	}
	if err := f.Value.Set(o.Value); err != nil {
		_, usage := flag.UnquoteUsage(f)
		return fmt.Errorf("invalid value %q: %w; it is to %s", o.Value, err, usage)
	}
	return nil
}

// Find returns the check of that name. Its error lists those there are.
func Find(suite []*analysis.Analyzer, name string) (*analysis.Analyzer, error) {
	var names []string
	for _, check := range suite {
		if check.Name == name {
			return check, nil
		}
		names = append(names, check.Name)
	}
	return nil, fmt.Errorf("unknown check %q: want one of %s", name, strings.Join(names, ", "))
}

// Tier reads the name of a tier, and reports whether it includes advice.
func Tier(name string) (advice bool, err error) {
	switch name {
	case "default", "advice":
		return name == "advice", nil
	}
	return false, errors.New("want default or advice")
}
