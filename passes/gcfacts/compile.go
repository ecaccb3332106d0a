package gcfacts

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"strings"
)

// A compilation is one direct run of the compiler.
type compilation struct {
	tools     toolchain
	path      string // import path
	dir       string // working directory
	files     []string
	lang      string // "go1.26", "" for the compiler's own
	std       bool
	importcfg string // file name, "" if nothing is imported
	embedcfg  string
	main      bool     // the package clause says main
	trimpath  []string // "file=>name": print file as name
	roots     Roots
}

// run compiles with -m=2 into a file in tmp and returns the parsed text.
func (c *compilation) run(ctx context.Context, tmp string) (*Text, error) {
	ctx, cancel := context.WithTimeout(ctx, c.tools.timeLimit())
	defer cancel()
	cmd, err := c.tools.command(ctx, c.args(tmp)...)
	if err != nil {
		return nil, err
	}
	cmd.Dir = c.dir
	p := newParser(c.roots)
	p.begin(c.path, "")
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, unavailableError(err)
	}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		return nil, c.tools.failure(ctx, "go tool compile", err, "")
	}
	readErr := p.read(stdout)
	if err := cmd.Wait(); err != nil {
		said := stderr.String() + "\n" + strings.Join(p.other, "\n")
		return nil, c.tools.failure(ctx, "go tool compile", err, said)
	}
	if readErr != nil {
		return nil, fmt.Errorf("reading compiler output: %w", readErr)
	}
	text := p.cur
	if len(text.messages) == 0 {
		return nil, errNoText
	}
	return text, nil
}

func (c *compilation) args(tmp string) []string {
	path := c.path
	if c.main {
		path = "main" // as the go command names it
	}
	args := []string{"tool", "compile", "-p", path, "-o", filepath.Join(tmp, "pkg.a"), "-pack", "-m=2", "-L"}
	if c.lang != "" {
		args = append(args, "-lang="+c.lang)
	}
	if c.std {
		args = append(args, "-std")
	}
	if c.importcfg != "" {
		args = append(args, "-importcfg", c.importcfg)
	}
	if c.embedcfg != "" {
		args = append(args, "-embedcfg", c.embedcfg)
	}
	if len(c.trimpath) > 0 {
		args = append(args, "-trimpath", strings.Join(c.trimpath, ";"))
	}
	return append(append(args, "--"), c.files...)
}
