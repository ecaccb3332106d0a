// Package vettool answers go vet, which calls heapvet once per package.
package vettool

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"

	"golang.org/x/tools/go/analysis/unitchecker"

	"github.com/heapvet/heapvet/cmd/heapvet/internal/check"
	"github.com/heapvet/heapvet/passes"
	"github.com/heapvet/heapvet/passes/answers/heatfile"
	"github.com/heapvet/heapvet/passes/gcfacts"
)

// Asked reports whether the arguments are those of the go command: the
// handshake, or the description of one package.
func Asked(args []string) bool {
	if len(args) == 0 {
		return false
	}
	last := args[len(args)-1]
	return args[0] == "-V=full" || args[0] == "-flags" || strings.HasSuffix(last, ".cfg")
}

// Main answers the go command and ends the process.
func Main(args []string) {
	if file := args[len(args)-1]; strings.HasSuffix(file, ".cfg") && !fixes(args) {
		if u, err := readUnit(file); err == nil && u.shared() && u.Stdout != "" {
			code, err := named(args, u, file)
			if err != nil {
				fmt.Fprintf(os.Stderr, "heapvet: %v\n", err)
				code = check.Failure
			}
			os.Exit(code)
		}
	}
	cfg, facts, err := config(args)
	if err != nil {
		fmt.Fprintf(os.Stderr, "heapvet: %v\n", err)
		os.Exit(check.Failure)
	}
	suite := passes.New(cfg)
	if facts {
		rest(suite)
	} else {
		notice(suite)
	}
	unitchecker.Main(suite...)
}

// config returns the suite's configuration for the package that the
// arguments describe, if they describe one, and whether only its facts are
// asked for.
func config(args []string) (cfg passes.Config, facts bool, err error) {
	// unitchecker reads the flags itself, but only once it has the suite.
	// Here -tier and -heat become known to it, and through it to go vet.
	var tier check.Tier
	flag.CommandLine.Var(&tier, "tier", check.TierUsage)
	flag.CommandLine.String("heat", "", check.HeatUsage)
	if value, ok := flagValue(args, "tier"); ok {
		if err := tier.Set(value); err != nil {
			return cfg, false, fmt.Errorf("invalid value %q for flag -tier: %w", value, err)
		}
	}
	cfg.Advice = tier.Advice
	if file := args[len(args)-1]; strings.HasSuffix(file, ".cfg") {
		u, err := readUnit(file)
		if err != nil {
			return cfg, false, err
		}
		cfg.Modules, facts = u.modules(), u.VetxOnly
		if !facts || u.promises() { // else nobody sees the findings that it would confirm
			cfg.Compiler = gcfacts.NewUnit(file, nil)
		}
		if heat, ok := flagValue(args, "heat"); ok && heat != "" && len(cfg.Modules) > 0 {
			if cfg.Answers, err = heatfile.Open(u.Dir, heat, true); err != nil {
				return cfg, false, err
			}
		}
	}
	return cfg, facts, nil
}

// flagValue returns the value that the last -name=value among args gives.
func flagValue(args []string, name string) (value string, ok bool) {
	for _, arg := range args {
		if v, is := strings.CutPrefix(strings.TrimLeft(arg, "-"), name+"="); is {
			value, ok = v, true
		}
	}
	return value, ok
}

// readUnit reads go vet's description of a package.
func readUnit(file string) (*unit, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("reading the description of a package: %w", err)
	}
	u := new(unit)
	if err := json.Unmarshal(data, u); err != nil {
		return nil, fmt.Errorf("reading %s: %w", file, err)
	}
	return u, nil
}

// A unit is what decides whether a package is to be analysed.
type unit struct {
	Dir           string
	ModulePath    string
	ModuleVersion string
	GoFiles       []string
	VetxOnly      bool // asked for facts only: an import of what the user named
	VetxOutput    string
	Stdout        string // what the go command shows; "" before Go 1.26
}

// modules returns the modules to analyse: the unit's own, or none for what
// the user's modules merely import. The result is never nil, which would
// stand for the main modules, the standard library among them.
func (u *unit) modules() []string {
	main := u.ModulePath != "" && u.ModuleVersion == ""
	if u.VetxOnly && !main {
		return []string{}
	}
	return []string{u.ModulePath}
}
