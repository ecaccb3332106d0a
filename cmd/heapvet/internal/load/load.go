// Package load brings in the packages that the user named: syntax, types
// and module for each of them and for those of the same modules that they
// import, export data for all the rest.
//
// One go command gives everything, so that each package is compiled once;
// type-checking dependencies from source would cost 25 times the CPU.
package load

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"go/token"
	"go/types"
	"io"
	"maps"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
)

// A Config says what to load.
type Config struct {
	Patterns []string                // as the go command takes them; none stands for "."
	Tests    bool                    // the packages' tests too
	Tags     string                  // build tags, separated by commas
	Text     func(r io.Reader) error // reads gc's -m=2 text about the named packages; may be nil
}

// A Program is what was loaded.
type Program struct {
	Fset    *token.FileSet
	Named   []*packages.Package          // what the patterns matched, well-typed, by ID
	Own     []*packages.Package          // all that have syntax and are well-typed, dependencies first
	Modules []string                     // paths of the named packages' modules, sorted; "" for packages of none
	Broken  []Broken                     // named packages that could not be read, by path
	Sums    map[string][sha256.Size]byte // of the files that were read, by absolute name
}

// Broken is a package that could not be read.
type Broken struct {
	Path   string
	Dir    string // "" if the go command found none
	Reason string // one line
}

// Load loads the packages that cfg names. It fails only when nothing can
// be read at all; the errors are complete sentences for users.
func Load(ctx context.Context, env *Env, cfg Config) (*Program, error) {
	if len(cfg.Patterns) == 0 {
		cfg.Patterns = []string{"."}
	}
	all, err := list(ctx, env, cfg)
	if err != nil {
		return nil, err
	}
	prog := &Program{Fset: token.NewFileSet(), Sums: make(map[string][sha256.Size]byte)}
	modules := make(map[string]bool)
	for _, l := range all {
		if !l.DepOnly && l.readable() {
			modules[l.module()] = true
		}
	}
	prog.Modules = slices.Sorted(maps.Keys(modules))
	sizes := types.SizesFor("gc", env.GOARCH)
	if sizes == nil {
		return nil, fmt.Errorf("unknown GOARCH %q", env.GOARCH)
	}
	c := newChecker(env, prog.Fset, sizes, all, modules)
	c.run(prog)
	for _, l := range all {
		if l.DepOnly {
			continue
		}
		if reason := c.broken(l); reason != "" {
			prog.Broken = append(prog.Broken, Broken{env.name(l.ImportPath), l.Dir, reason})
		}
	}
	slices.SortFunc(prog.Named, func(a, b *packages.Package) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(prog.Broken, func(a, b Broken) int { return cmp.Compare(a.Path, b.Path) })
	prog.Broken = withoutVariants(prog.Broken)
	if len(prog.Named) == 0 {
		return nil, nothing(prog.Broken)
	}
	return prog, nil
}

// readable reports whether the package is one to analyse: it has Go files
// that a compiler takes, and is not the main package of a test binary.
func (l *listed) readable() bool {
	return len(l.files()) > 0 || !l.compiled()
}

// withoutVariants drops test variants that fail as the package itself does.
func withoutVariants(broken []Broken) []Broken {
	seen := make(map[Broken]bool)
	return slices.DeleteFunc(broken, func(b Broken) bool {
		path, _, _ := strings.Cut(b.Path, " [")
		key := Broken{strings.TrimSuffix(path, ".test"), "", b.Reason}
		again := seen[key]
		seen[key] = true
		return again
	})
}

// nothing says why no package could be read.
func nothing(broken []Broken) error {
	switch len(broken) {
	case 0:
		return errors.New("the packages named have no Go files to analyse")
	case 1:
		return fmt.Errorf("%s: %s", broken[0].Path, broken[0].Reason)
	}
	return fmt.Errorf("none of the %d packages could be read; the first, %s: %s", len(broken), broken[0].Path, broken[0].Reason)
}
