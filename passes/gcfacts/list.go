package gcfacts

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// maxCompiles bounds how many go commands a List runs at a time: each of
// them starts as many compilers as there are processors.
const maxCompiles = 2

// ListConfig says how a [List] runs the go command.
type ListConfig struct {
	Dir      string        // where Patterns are meant; "" is the working directory
	Patterns []string      // all packages, compiled together when the first is asked for; nil: each one when it is
	Flags    []string      // build flags such as -tags=x
	Tests    bool          // with Patterns: also their test variants
	Env      []string      // nil is the environment of this process
	Timeout  time.Duration // of one go command; 0 is two minutes
}

// A List is a [Source] that runs `go list -export -gcflags=-m=2`. What the
// go command has compiled before it replays from its build cache. One List
// is meant to serve a whole process: it runs nothing twice.
type List struct {
	cfg    ListConfig
	canary *Canary
	limit  chan struct{}
	mu     sync.Mutex
	runs   map[listKey]*listRun
}

// listKey names one go command: patterns in a directory.
type listKey struct {
	dir   string
	tests bool
	all   bool
}

type listRun struct {
	once      sync.Once
	collector *Collector
	err       error
}

// NewList returns a List.
func NewList(cfg ListConfig) *List {
	return &List{
		cfg: cfg, canary: NewCanary(cfg.Dir, cfg.Env),
		limit: make(chan struct{}, maxCompiles), runs: make(map[listKey]*listRun),
	}
}

// Load implements [Source].
func (l *List) Load(ctx context.Context, req Request) (*Text, error) {
	tools := toolchain{dir: l.cfg.Dir, env: l.cfg.Env, timeout: l.cfg.Timeout}
	if err := tools.unsupported(); err != nil {
		return nil, err
	}
	key, patterns := listKey{dir: l.cfg.Dir, tests: l.cfg.Tests, all: true}, l.cfg.Patterns
	if patterns == nil {
		key = listKey{dir: req.Dir, tests: req.Test}
		patterns = []string{"."}
	}
	run := l.run(key)
	run.once.Do(func() {
		l.limit <- struct{}{}
		defer func() { <-l.limit }()
		tools.dir = key.dir
		run.collector, run.err = goList(ctx, tools, key.tests, l.cfg.Flags, patterns)
	})
	if run.err != nil {
		return nil, run.err
	}
	text, err := run.collector.Load(ctx, req)
	if err != nil {
		return nil, err
	}
	return text, l.canary.Check(ctx)
}

func (l *List) run(key listKey) *listRun {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.runs[key] == nil {
		l.runs[key] = new(listRun)
	}
	return l.runs[key]
}

// ListFlags are the flags that make the go command print gc's text. They
// override those of GOFLAGS: -trimpath would hide the names of files. With
// -L gc adds the physical place to one that a //line directive changed.
func ListFlags() []string {
	return []string{"-e", "-export", "-trimpath=false", "-gcflags=-m=2 -L"}
}

// goList runs the go command and reads its text.
func goList(ctx context.Context, tools toolchain, tests bool, flags, patterns []string) (*Collector, error) {
	roots, err := tools.roots(ctx)
	if err != nil {
		return nil, err
	}
	args := append([]string{"list"}, flags...)
	args = append(args, ListFlags()...)
	args = append(args, "-json=ImportPath,ForTest,Export,Error,DepsErrors")
	if tests {
		args = append(args, "-test")
	}
	args = append(append(args, "--"), patterns...)

	ctx, cancel := context.WithTimeout(ctx, tools.timeLimit())
	defer cancel()
	cmd, err := tools.command(ctx, args...)
	if err != nil {
		return nil, err
	}
	var stdout bytes.Buffer
	cmd.Stdout = &stdout
	stderr, err := cmd.StderrPipe()
	if err != nil {
		return nil, unavailableError(err)
	}
	if err := cmd.Start(); err != nil {
		return nil, tools.failure(ctx, "go list", err, "")
	}
	c := NewCollector(roots)
	readErr := c.Read(stderr)
	if err := cmd.Wait(); err != nil {
		return nil, tools.failure(ctx, "go list", err, strings.Join(c.Other(), "\n"))
	}
	if readErr != nil {
		return nil, readErr
	}
	return c, c.readList(&stdout)
}

// roots asks the go command where its files are.
func (t *toolchain) roots(ctx context.Context) (Roots, error) {
	out, err := t.output(ctx, "env", "GOROOT", "GOMODCACHE")
	if err != nil {
		return Roots{}, err
	}
	goroot, rest, _ := strings.Cut(string(out), "\n")
	dir, err := filepath.Abs(t.dir)
	if err != nil {
		return Roots{}, fmt.Errorf("finding the working directory: %w", err)
	}
	return Roots{
		Dir:    dir,
		GOROOT: strings.TrimRight(goroot, "\r"), ModCache: strings.TrimSpace(rest),
	}, nil
}

// listed is what we want to know of go list's JSON about a package.
type listed struct {
	ImportPath string
	ForTest    string
	Export     string
	Error      *listError
	DepsErrors []*listError
}

type listError struct{ Err string }

// readList notes the packages that go list could not compile.
func (c *Collector) readList(r io.Reader) error {
	for dec := json.NewDecoder(r); ; {
		var pkg listed
		if err := dec.Decode(&pkg); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return fmt.Errorf("reading the go command's list: %w", err)
		}
		if pkg.Export != "" {
			continue
		}
		path, variant, _ := strings.Cut(pkg.ImportPath, " [")
		req := Request{Path: path, Test: pkg.ForTest != ""}
		if strings.TrimSuffix(variant, "]") == req.key().variant {
			c.Fail(req, pkg.reason())
		}
	}
}

// reason says why a package has no export data.
func (pkg *listed) reason() string {
	switch {
	case pkg.Error != nil:
		return "package does not compile: " + firstLine(pkg.Error.Err)
	case len(pkg.DepsErrors) > 0:
		return "a dependency does not compile: " + firstLine(pkg.DepsErrors[0].Err)
	}
	return "package does not compile"
}
