// Package heat writes heat files: what only a view of the whole module
// tells, for drivers that see one package at a time.
package heat

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/google/renameio/v2/maybe"

	"github.com/heapvet/heapvet/cmd/heapvet/internal/progress"
	"github.com/heapvet/heapvet/cmd/heapvet/internal/session"
	"github.com/heapvet/heapvet/passes/answers"
	"github.com/heapvet/heapvet/passes/answers/heatfile"
)

// Main runs heapvet heat with its arguments.
func Main(ctx context.Context, args []string, stdout, stderr *os.File) error {
	var opts session.Options
	var out string
	var sum bool
	fs := flag.NewFlagSet("heat", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	opts.Register(fs)
	fs.StringVar(&out, "o", "", "write to `file`, not to the standard output")
	fs.BoolVar(&sum, "sum", false, "print the name of an existing heat file with the hash of its content")
	names, err := session.Parse(fs, args)
	if err != nil {
		return err
	}
	if sum {
		return printSum(stdout, names)
	}
	if opts.Tests {
		return errors.New("heat has no use for -test: no test is hot")
	}
	env, err := session.Env(ctx, opts)
	if err != nil {
		return err
	}
	line := progress.Start(stderr)
	s, err := session.Open(ctx, env, opts, names, line)
	if err != nil {
		line.Stop()
		return err
	}
	line.Stage("comparing with each package alone")
	known, err := collect(s)
	line.Stop()
	if err != nil {
		return err
	}
	s.ReportBroken(stderr)
	data := heatfile.Format(known)
	if out == "" {
		_, err := stdout.Write(data)
		return err
	}
	name := out
	if !filepath.IsAbs(name) {
		name = filepath.Join(env.Dir, name)
	}
	if err := maybe.WriteFile(name, data, 0o666); err != nil {
		return fmt.Errorf("writing the heat file: %w", err)
	}
	summarise(stderr, known, heatfile.Spec(out, data))
	return nil
}

// printSum prints what the drivers take for the named heat file.
func printSum(stdout io.Writer, names []string) error {
	if len(names) != 1 {
		return errors.New("heat -sum wants the name of one heat file")
	}
	data, err := os.ReadFile(names[0])
	if err != nil {
		return fmt.Errorf("reading the heat file: %w", err)
	}
	if _, err := heatfile.Parse(names[0], data); err != nil {
		return err
	}
	_, err = fmt.Fprintln(stdout, heatfile.Spec(names[0], data))
	return err
}

// summarise says what was written, and how to use it.
func summarise(w io.Writer, known *answers.Module, spec string) {
	grades := make(map[string]int)
	verdicts := 0
	for _, p := range known.Packages() {
		for _, f := range p.Funcs {
			grades[f.Grade]++
		}
		verdicts += len(p.Verdicts)
	}
	fmt.Fprintf(w, "heapvet: hot functions: %d, warm: %d, lines that a package alone judges differently: %d, packages: %d\n",
		grades["hot"], grades["warm"], verdicts, len(known.Packages()))
	fmt.Fprintf(w, "heapvet: use it with -heat=%s\n", spec)
}
