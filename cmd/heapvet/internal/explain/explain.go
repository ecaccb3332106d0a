// Package explain tells in plain words what the compiler did with the
// values of one source line.
package explain

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"go/ast"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/heapvet/heapvet/cmd/heapvet/internal/load"
	"github.com/heapvet/heapvet/cmd/heapvet/internal/progress"
	"github.com/heapvet/heapvet/cmd/heapvet/internal/session"
	"github.com/heapvet/heapvet/passes"
	"github.com/heapvet/heapvet/passes/gcfacts"
	"github.com/heapvet/heapvet/passes/hotcode"
)

// A place is what the user asks about.
type place struct {
	file      string // absolute
	line, col int    // col is 0 for the whole line
}

// Main runs heapvet explain with its arguments.
func Main(ctx context.Context, args []string, stdout, stderr *os.File) error {
	var opts session.Options
	fs := flag.NewFlagSet("explain", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	opts.Register(fs)
	all := fs.Bool("json", false, "")
	if err := fs.Parse(args); err != nil {
		return session.FlagError(err)
	}
	if fs.NArg() != 1 {
		return errors.New("explain wants one place: heapvet explain FILE:LINE")
	}
	cwd, err := session.WorkingDir(opts.Dir)
	if err != nil {
		return err
	}
	var at place
	if *all {
		at, err = parseFile(cwd, fs.Arg(0))
	} else {
		at, err = parsePlace(cwd, fs.Arg(0))
	}
	if err != nil {
		return err
	}
	opts.Tests = opts.Tests || strings.HasSuffix(at.file, "_test.go")
	line := progress.Start(stderr)
	s, pkg, err := open(ctx, cwd, opts, at, line)
	line.Stop()
	if err != nil {
		return err
	}
	w := bufio.NewWriter(stdout)
	if *all {
		err = list(w, s, pkg)
	} else {
		err = explain(w, s, pkg, at)
	}
	if err != nil {
		return err
	}
	return w.Flush()
}

// explain writes all about one line.
func explain(w io.Writer, s *session.Session, pkg *packages.Package, at place) error {
	e, err := newExplainer(s, pkg, at)
	if err != nil {
		return err
	}
	e.write(w)
	return nil
}

// parsePlace reads FILE:LINE or FILE:LINE:COLUMN, which may end in ":" as
// where a finding's position is copied from a report.
func parsePlace(dir, arg string) (place, error) {
	bad := fmt.Errorf("explain wants FILE:LINE or FILE:LINE:COLUMN, not %q", arg)
	parts := strings.Split(strings.TrimSuffix(arg, ":"), ":")
	var numbers []int
	for len(parts) > 1 && len(numbers) < 2 {
		n, err := strconv.Atoi(parts[len(parts)-1])
		if err != nil {
			break
		}
		numbers = append([]int{n}, numbers...)
		parts = parts[:len(parts)-1]
	}
	if len(numbers) == 0 || numbers[0] < 1 {
		return place{}, bad
	}
	at := place{file: strings.Join(parts, ":"), line: numbers[0]}
	if len(numbers) == 2 {
		at.col = numbers[1]
	}
	file, err := parseFile(dir, at.file)
	at.file = file.file
	return at, err
}

// parseFile reads the name of a file.
func parseFile(dir, name string) (place, error) {
	at := place{file: name}
	if !filepath.IsAbs(at.file) {
		at.file = filepath.Join(dir, at.file)
	}
	if info, err := os.Stat(at.file); err != nil || info.IsDir() {
		return place{}, fmt.Errorf("there is no file %s", name)
	}
	return at, nil
}

// open loads the module of the file, as a run of the checks would: its
// heat depends on all packages, and the build cache then knows the answer.
func open(ctx context.Context, cwd string, opts session.Options, at place, line *progress.Line) (*session.Session, *packages.Package, error) {
	env, err := load.GoEnv(ctx, filepath.Dir(at.file))
	if err != nil {
		return nil, nil, err
	}
	env.Dir = cwd // names are shown as seen from there
	pattern := filepath.Dir(at.file)
	if root := filepath.Dir(env.GOMOD); env.GOMOD != "" && env.GOMOD != os.DevNull {
		pattern = filepath.Join(root, "...")
	}
	s, err := session.Open(ctx, env, opts, []string{pattern}, line)
	if err != nil {
		return nil, nil, err
	}
	for _, pkg := range s.Program.Named {
		if pkg.ForTest == pkg.PkgPath && !strings.HasSuffix(at.file, "_test.go") {
			continue // the package itself comes without its tests, too
		}
		for _, f := range pkg.Syntax {
			if names(pkg, f, at.file) {
				return s, pkg, nil
			}
		}
	}
	for _, b := range s.Program.Broken {
		if b.Dir == filepath.Dir(at.file) {
			return nil, nil, fmt.Errorf("%s could not be read: %s", b.Path, b.Reason)
		}
	}
	return nil, nil, fmt.Errorf("%s is in no package of this build; build tags may leave it out", env.Rel(at.file))
}

// names reports whether file is the source of f, directly or as a //line
// directive says (cgo).
func names(pkg *packages.Package, f *ast.File, file string) bool {
	for _, adjusted := range []bool{false, true} {
		name := pkg.Fset.PositionFor(f.Package, adjusted).Filename
		if name == file {
			return true
		}
		if filepath.Base(name) == filepath.Base(file) {
			a, errA := os.Stat(name)
			b, errB := os.Stat(file)
			if errA == nil && errB == nil && os.SameFile(a, b) {
				return true // by way of a symbolic link
			}
		}
	}
	return false
}

// Facts returns what is known about the heat of pkg and gc's word on it.
func Facts(cfg passes.Config, pkg *packages.Package) (*hotcode.Result, *gcfacts.Package, error) {
	heat, compiler := passes.Facts(cfg)
	graph, err := checker.Analyze([]*analysis.Analyzer{heat, compiler}, []*packages.Package{pkg}, nil)
	if err != nil {
		return nil, nil, fmt.Errorf("analysing %s: %w", pkg.ID, err)
	}
	var hot *hotcode.Result
	var gc *gcfacts.Package
	for _, act := range graph.Roots {
		if act.Err != nil {
			return nil, nil, fmt.Errorf("analysing %s: %w", pkg.ID, act.Err)
		}
		switch result := act.Result.(type) {
		case *hotcode.Result:
			hot = result
		case *gcfacts.Package:
			gc = result
		}
	}
	return hot, gc, nil
}
