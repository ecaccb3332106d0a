package load

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"strings"

	"golang.org/x/tools/go/packages"
)

// A listed is one package of go list's output.
type listed struct {
	ImportPath      string // with the test variant, "p [p.test]"
	Name            string
	Dir             string
	Export          string
	CompiledGoFiles []string
	Imports         []string
	ImportMap       map[string]string
	Module          *packages.Module
	Standard        bool
	DepOnly         bool
	ForTest         string
	Error           *listError
	DepsErrors      []*listError
}

// A listError is go list's account of what is wrong with a package.
type listError struct {
	Pos string
	Err string
}

// text returns the error in one line.
func (e *listError) text(env *Env) string {
	line := firstLine(e.Err)
	if e.Pos != "" {
		line = e.Pos + ": " + line
	}
	return env.local(line)
}

// fields are the parts of go list's answer that listed holds.
const fields = "ImportPath,Name,Dir,Export,CompiledGoFiles,Imports,ImportMap,Module,Standard,DepOnly,ForTest,Error,DepsErrors"

// gcflags ask for gc's text, with the physical place beside each that a
// //line directive changed. That also makes the build cache's key our own:
// what others compiled with -m=2 may name files relative to any directory
// (see [Env.root]).
const gcflags = "-m=2 -L"

// path returns the import path without the test variant.
func (l *listed) path() string {
	path, _, _ := strings.Cut(l.ImportPath, " [")
	return path
}

// module returns the path of the package's module, "" if it has none.
func (l *listed) module() string {
	if l.Module == nil {
		return ""
	}
	return l.Module.Path
}

// problem says why the go command could not compile the package, or "".
func (l *listed) problem(env *Env) string {
	switch {
	case l.Error != nil:
		return l.Error.text(env)
	case len(l.DepsErrors) > 0:
		return l.DepsErrors[0].text(env)
	}
	return ""
}

// compiled reports whether the go command found nothing wrong.
func (l *listed) compiled() bool { return l.Error == nil && len(l.DepsErrors) == 0 }

// files returns the absolute names of the Go files that gc compiles.
func (l *listed) files() []string {
	var names []string
	for _, name := range l.CompiledGoFiles {
		if ext := filepath.Ext(name); ext != ".go" && ext != "" {
			continue // C or assembly; what cgo wrote has no extension, in the build cache
		}
		if !filepath.IsAbs(name) {
			name = filepath.Join(l.Dir, name)
		}
		names = append(names, name)
	}
	return names
}

// listArgs returns the arguments of the one go command that gives the
// build graph, the export data and gc's text. A second command with other
// flags would compile the packages a second time: -gcflags is part of what
// the build cache knows them by.
func listArgs(env *Env, cfg Config) []string {
	args := []string{
		"list", "-e", "-export", "-deps", "-compiled", "-json=" + fields,
		"-gcflags=" + gcflags,
		"-trimpath=false", "-cover=false", // both move positions
		"-pgo=off",        // a profile would make variants of packages
		"-buildvcs=false", // nothing is linked
	}
	if cfg.Tests {
		args = append(args, "-test")
	}
	if cfg.Tags != "" {
		args = append(args, "-tags="+cfg.Tags)
	}
	args = append(args, "--")
	for _, pattern := range cfg.Patterns {
		args = append(args, env.fromRoot(pattern))
	}
	return args
}

// list runs go list and reads both of its streams.
func list(ctx context.Context, env *Env, cfg Config) ([]*listed, error) {
	cmd := goCommand(ctx, env.Root, listArgs(env, cfg)...)
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("running go list: %w", err)
	}
	stderr, err := cmd.StderrPipe()
	if err != nil {
		return nil, fmt.Errorf("running go list: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return nil, goError(err)
	}
	var said complaints
	textErr := make(chan error, 1)
	go func() { textErr <- readText(io.TeeReader(stderr, &said), cfg.Text) }()
	pkgs, decodeErr := decode(stdout)
	readErr := <-textErr
	var exit *exec.ExitError
	switch err := cmd.Wait(); {
	case errors.As(err, &exit):
		return nil, errors.New(said.summary(err))
	case err != nil:
		return nil, fmt.Errorf("running go list: %w", err)
	case decodeErr != nil:
		return nil, fmt.Errorf("reading the output of go list: %w", decodeErr)
	case readErr != nil:
		return nil, fmt.Errorf("reading the compiler's output: %w", readErr)
	}
	if len(pkgs) == 0 {
		return nil, fmt.Errorf("no package matched: %s", said.summary(errors.New(strings.Join(cfg.Patterns, " "))))
	}
	return pkgs, nil
}

// readText hands gc's text to its reader and reads on to the end, whatever
// the reader does: the go command must not block.
func readText(r io.Reader, text func(io.Reader) error) error {
	var err error
	if text != nil {
		err = text(r)
	}
	_, rest := io.Copy(io.Discard, r)
	return errors.Join(err, rest)
}

// decode reads go list's stream of JSON objects.
func decode(r io.Reader) ([]*listed, error) {
	var pkgs []*listed
	dec := json.NewDecoder(r)
	for {
		l := new(listed)
		switch err := dec.Decode(l); err {
		case nil:
			pkgs = append(pkgs, l)
		case io.EOF:
			return pkgs, nil
		default:
			_, _ = io.Copy(io.Discard, r) // let the command end
			return nil, err
		}
	}
}

// complaints keeps the go command's own words out of the stream that
// carries gc's text.
type complaints struct {
	partial []byte // the unfinished last line
	lines   []string
}

// Write looks through the lines of p.
func (c *complaints) Write(p []byte) (int, error) {
	n := len(p)
	for {
		i := bytes.IndexByte(p, '\n')
		if i < 0 {
			break
		}
		line := p[:i]
		if len(c.partial) > 0 {
			line = append(c.partial, line...)
			c.partial = c.partial[:0]
		}
		c.line(line)
		p = p[i+1:]
	}
	c.partial = append(c.partial, p...)
	return n, nil
}

// line keeps a line that the go command wrote itself: gc's begin with a
// position or a blank.
func (c *complaints) line(line []byte) {
	if n := len(c.lines); n > 0 && strings.HasSuffix(c.lines[n-1], ":") && bytes.HasPrefix(line, []byte("\t")) {
		c.lines[n-1] += " " + string(bytes.TrimSpace(line)) // it goes on
		return
	}
	own := bytes.HasPrefix(line, []byte("go: ")) || len(line) > 0 && isLetter(line[0]) && !bytes.Contains(line, []byte(".go:"))
	if !own || len(c.lines) >= 10 || bytes.HasPrefix(line, []byte("go: downloading ")) {
		return
	}
	c.lines = append(c.lines, string(line))
}

func isLetter(b byte) bool { return 'a' <= b|0x20 && b|0x20 <= 'z' }

// summary returns the go command's reason in one line; fallback stands in
// if it gave none.
func (c *complaints) summary(fallback error) string {
	c.line(c.partial)
	for _, line := range c.lines {
		if text, ok := strings.CutPrefix(line, "go: "); ok {
			return strings.TrimPrefix(text, "warning: ")
		}
	}
	if len(c.lines) > 0 {
		return c.lines[0]
	}
	return fallback.Error()
}
