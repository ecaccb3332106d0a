// Package session makes ready what every command of heapvet works on: the
// packages the user named, gc's text about them and the heat of the module.
package session

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/heapvet/heapvet/cmd/heapvet/internal/load"
	"github.com/heapvet/heapvet/cmd/heapvet/internal/progress"
	"github.com/heapvet/heapvet/passes"
	"github.com/heapvet/heapvet/passes/answers/heatfile"
	"github.com/heapvet/heapvet/passes/gcfacts"
	"github.com/heapvet/heapvet/passes/hotcode"
)

// Options are the flags that all commands share.
type Options struct {
	Dir   string
	Tests bool
	Tags  string
	Heat  string // a heat file, from which to take what is known of the module
}

// Register adds the flags to fs.
func (o *Options) Register(fs *flag.FlagSet) {
	fs.StringVar(&o.Dir, "C", "", "change to `dir` before anything else")
	fs.BoolVar(&o.Tests, "test", false, "analyse the packages' tests too")
	fs.StringVar(&o.Tags, "tags", "", "build tags, a comma-separated `list`")
}

// A Session is a loaded program with the configuration of its suite.
type Session struct {
	Env     *load.Env
	Program *load.Program
	Config  passes.Config // but for what a command's own flags say
}

// Env returns what the go command says about the directory opts.Dir.
func Env(ctx context.Context, opts Options) (*load.Env, error) {
	dir, err := WorkingDir(opts.Dir)
	if err != nil {
		return nil, err
	}
	return load.GoEnv(ctx, dir)
}

// Open loads the packages that patterns match in env's directory.
func Open(ctx context.Context, env *load.Env, opts Options, patterns []string, line *progress.Line) (*Session, error) {
	line.Stage("compiling")
	compiler := gcfacts.NewCollector(gcfacts.Roots{Dir: env.Root, GOROOT: env.GOROOT, ModCache: env.GOMODCACHE})
	prog, err := load.Load(ctx, env, load.Config{
		Patterns: patterns, Tests: opts.Tests, Tags: opts.Tags, Text: compiler.Read,
	})
	if err != nil {
		return nil, err
	}
	s := &Session{
		Env:     env,
		Program: prog,
		Config:  passes.Config{Compiler: gcfacts.Checked(compiler, gcfacts.NewCanary(env.Root, nil)), Modules: prog.Modules},
	}
	line.Stage("finding hot code")
	if opts.Heat == "" {
		s.Config.Module = module(prog)
		return s, nil
	}
	if s.Config.Answers, err = heatfile.Open(env.Dir, opts.Heat, false); err != nil {
		return nil, err
	}
	return s, nil
}

// module computes the heat of the program. The variants that tests see are
// left to the heat of one package: they repeat the module's functions.
func module(prog *load.Program) *hotcode.Module {
	var units []hotcode.Unit
	for _, pkg := range prog.Own {
		if pkg.ForTest == "" {
			units = append(units, hotcode.Unit{Types: pkg.Types, Files: pkg.Syntax, Info: pkg.TypesInfo})
		}
	}
	return hotcode.NewModule(prog.Fset, units)
}

// WorkingDir returns the absolute name of dir as the user wrote it, through
// symbolic links; "" stands for the current directory.
func WorkingDir(dir string) (string, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("finding the working directory: %w", err)
	}
	switch info, err := os.Stat(abs); {
	case err != nil:
		return "", fmt.Errorf("changing to %s: no such directory", dir)
	case !info.IsDir():
		return "", fmt.Errorf("changing to %s: not a directory", dir)
	}
	return abs, nil
}

// Guard makes a panic of an analyzer an error of one package, so that the
// rest is analysed all the same.
func Guard(suite []*analysis.Analyzer) {
	guarded := make(map[*analysis.Analyzer]bool)
	var guard func(a *analysis.Analyzer)
	guard = func(a *analysis.Analyzer) {
		if guarded[a] {
			return
		}
		guarded[a] = true
		run := a.Run
		a.Run = func(pass *analysis.Pass) (result any, err error) {
			defer func() {
				if r := recover(); r != nil {
					err = fmt.Errorf("internal error, please report it: %v", r)
				}
			}()
			return run(pass)
		}
		for _, req := range a.Requires {
			guard(req)
		}
	}
	for _, a := range suite {
		guard(a)
	}
}

// Parse reads a command line with fs and returns the package patterns.
func Parse(fs *flag.FlagSet, args []string) ([]string, error) {
	if err := fs.Parse(args); err != nil {
		return nil, FlagError(err)
	}
	for _, arg := range fs.Args() {
		if strings.HasPrefix(arg, "-") {
			return nil, fmt.Errorf("flag %s must come before the packages", arg)
		}
	}
	return fs.Args(), nil
}

// ReportBroken prints a line for each package that could not be read.
func (s *Session) ReportBroken(w io.Writer) {
	for _, b := range s.Program.Broken {
		fmt.Fprintf(w, "heapvet: %s not read: %s\n", b.Path, b.Reason)
	}
}

// FlagError words an error of package flag for users.
func FlagError(err error) error {
	if name, ok := strings.CutPrefix(err.Error(), "flag provided but not defined: "); ok {
		return fmt.Errorf("unknown flag %s; heapvet help lists the flags", name)
	}
	return err
}
