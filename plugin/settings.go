package plugin

import (
	"flag"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/heapvet/heapvet/passes"
)

// settings are what users may say in .golangci.yml.
type settings struct {
	advice   bool            // tier
	compiler bool            // ask the compiler to confirm
	checks   map[string]bool // on or off, where users say
	options  []option        // of the checks
}

// An option is the value of a check's flag.
type option struct{ check, name, value string }

// parse reads settings as golangci-lint decodes them from YAML.
func parse(raw any) (settings, error) {
	s := settings{compiler: true}
	keys, err := mapping("settings", raw)
	if err != nil {
		return s, err
	}
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		switch value := keys[key]; key {
		case "checks":
			s.checks, err = parseChecks(value)
		case "compiler":
			s.compiler, err = parseBool(key, value)
		case "options":
			s.options, err = parseOptions(value)
		case "tier":
			s.advice, err = parseTier(value)
		default:
			err = fmt.Errorf("unknown key %q: want checks, compiler, options or tier", key)
		}
		if err != nil {
			return s, err
		}
	}
	return s, nil
}

func parseTier(value any) (advice bool, err error) {
	switch value {
	case "default":
		return false, nil
	case "advice":
		return true, nil
	}
	return false, invalid("tier", value, "default or advice")
}

func parseBool(key string, value any) (bool, error) {
	b, ok := value.(bool)
	if !ok {
		return false, invalid(key, value, "true or false")
	}
	return b, nil
}

func parseChecks(value any) (map[string]bool, error) {
	keys, err := mapping("checks", value)
	if err != nil {
		return nil, err
	}
	suite := passes.New(passes.Config{})
	checks := make(map[string]bool)
	for _, name := range slices.Sorted(maps.Keys(keys)) {
		if _, err := find(suite, name); err != nil {
			return nil, fmt.Errorf("checks: %w", err)
		}
		if checks[name], err = parseBool("checks."+name, keys[name]); err != nil {
			return nil, err
		}
	}
	return checks, nil
}

func parseOptions(value any) ([]option, error) {
	keys, err := mapping("options", value)
	if err != nil {
		return nil, err
	}
	suite := passes.New(passes.Config{})
	var options []option
	for _, name := range slices.Sorted(maps.Keys(keys)) {
		check, err := find(suite, name)
		if err != nil {
			return nil, fmt.Errorf("options: %w", err)
		}
		values, err := mapping("options."+name, keys[name])
		if err != nil {
			return nil, err
		}
		for _, key := range slices.Sorted(maps.Keys(values)) {
			o := option{name, key, fmt.Sprint(values[key])}
			if err := o.set(check); err != nil {
				return nil, err
			}
			options = append(options, o)
		}
	}
	return options, nil
}

// apply sets the options of the checks and returns those that are to run: as
// under go vet, only the chosen ones, if any is chosen.
func (s *settings) apply(suite []*analysis.Analyzer) ([]*analysis.Analyzer, error) {
	for _, o := range s.options {
		check, err := find(suite, o.check)
		if err != nil {
			return nil, err
		}
		if err := o.set(check); err != nil {
			return nil, err
		}
	}
	chosen := slices.Contains(slices.Collect(maps.Values(s.checks)), true)
	var run []*analysis.Analyzer
	for _, check := range suite {
		if on, said := s.checks[check.Name]; on || !said && !chosen {
			run = append(run, check)
		}
	}
	return run, nil
}

// set sets the option's flag of check.
func (o *option) set(check *analysis.Analyzer) error {
	f := check.Flags.Lookup(o.name)
	if f == nil {
		names := []string{}
		check.Flags.VisitAll(func(f *flag.Flag) { names = append(names, f.Name) })
		return fmt.Errorf("options.%s: unknown option %q: the check's options are [%s]", o.check, o.name, strings.Join(names, ", "))
	}
	if err := f.Value.Set(o.value); err != nil {
		_, usage := flag.UnquoteUsage(f)
		return fmt.Errorf("invalid value %q for options.%s.%s: %w; it is to %s", o.value, o.check, o.name, err, usage)
	}
	return nil
}

// find returns the check of that name.
func find(suite []*analysis.Analyzer, name string) (*analysis.Analyzer, error) {
	var names []string
	for _, check := range suite {
		if check.Name == name {
			return check, nil
		}
		names = append(names, check.Name)
	}
	return nil, fmt.Errorf("unknown check %q: want one of %s", name, strings.Join(names, ", "))
}

// mapping returns the value of key, which must be a mapping. One that is
// left empty has no entries.
func mapping(key string, value any) (map[string]any, error) {
	if value == nil {
		return nil, nil
	}
	m, ok := value.(map[string]any)
	if !ok {
		return nil, invalid(key, value, "a mapping")
	}
	return m, nil
}

// invalid says that key has another value than it wants.
func invalid(key string, value any, want string) error {
	if s, ok := value.(string); ok {
		value = strconv.Quote(s)
	}
	return fmt.Errorf("invalid value %v for %s: want %s", value, key, want)
}
