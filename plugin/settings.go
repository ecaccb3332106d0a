package plugin

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"

	"github.com/heapvet/heapvet/passes"
	"github.com/heapvet/heapvet/passes/answers"
	"github.com/heapvet/heapvet/passes/answers/heatfile"
	"github.com/heapvet/heapvet/plugin/internal/single"
)

// settings are what users may say in .golangci.yml.
type settings struct {
	advice   bool // tier
	compiler bool // ask the compiler to confirm
	answers  *answers.Module
	single.Selection
}

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
			s.Checks, err = parseChecks(value)
		case "compiler":
			s.compiler, err = parseBool(key, value)
		case "heat-file":
			s.answers, err = openHeat(value)
		case "options":
			s.Options, err = parseOptions(value)
		case "tier":
			s.advice, err = parseTier(value)
		case "severity":
			err = errors.New("severity is set by golangci-lint's own severity section, whose rules may go by the check's name: {linters: [heapvet], text: '^unboundedcache: ', severity: error}")
		default:
			err = fmt.Errorf("unknown key %q: want checks, compiler, heat-file, options or tier", key)
		}
		if err != nil {
			return s, err
		}
	}
	return s, nil
}

func parseTier(value any) (advice bool, err error) {
	if name, ok := value.(string); ok {
		if advice, err = single.Tier(name); err == nil {
			return advice, nil
		}
	}
	return false, invalid("tier", value, "default or advice")
}

// openHeat reads the heat file that value names, in golangci-lint's working
// directory or above.
func openHeat(value any) (*answers.Module, error) {
	spec, ok := value.(string)
	if !ok {
		return nil, invalid("heat-file", value, "the name of a heat file, with its hash: default.heat@0123456789ab")
	}
	dir, err := os.Getwd()
	if err != nil {
		return nil, fmt.Errorf("heat-file: %w", err)
	}
	known, err := heatfile.Open(dir, spec, true)
	if err != nil {
		return nil, fmt.Errorf("heat-file: %w", err)
	}
	return known, nil
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
		if _, err := single.Find(suite, name); err != nil {
			return nil, fmt.Errorf("checks: %w", err)
		}
		if checks[name], err = parseBool("checks."+name, keys[name]); err != nil {
			return nil, err
		}
	}
	return checks, nil
}

func parseOptions(value any) ([]single.Option, error) {
	keys, err := mapping("options", value)
	if err != nil {
		return nil, err
	}
	suite := passes.New(passes.Config{})
	var options []single.Option
	for _, name := range slices.Sorted(maps.Keys(keys)) {
		check, err := single.Find(suite, name)
		if err != nil {
			return nil, fmt.Errorf("options: %w", err)
		}
		values, err := mapping("options."+name, keys[name])
		if err != nil {
			return nil, err
		}
		for _, key := range slices.Sorted(maps.Keys(values)) {
			o := single.Option{Check: name, Name: key, Value: fmt.Sprint(values[key])}
			if err := o.Set(check); err != nil {
				return nil, fmt.Errorf("options.%s.%s: %w", name, key, err)
			}
			options = append(options, o)
		}
	}
	return options, nil
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
