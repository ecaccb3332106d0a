// Package check is heapvet's main command: it runs the checks on the
// packages that the user names and prints what they find.
package check

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"

	"github.com/heapvet/heapvet/cmd/heapvet/internal/fix"
	"github.com/heapvet/heapvet/cmd/heapvet/internal/load"
	"github.com/heapvet/heapvet/cmd/heapvet/internal/progress"
	"github.com/heapvet/heapvet/cmd/heapvet/internal/session"
	"github.com/heapvet/heapvet/passes"
	"github.com/heapvet/heapvet/passes/gcfacts"
	"github.com/heapvet/heapvet/passes/prove"
)

// Exit statuses.
const (
	Clean    = 0
	Findings = 1
	Failure  = 2 // heapvet could not do its job
)

// Main runs the command with its arguments and returns the exit status.
func Main(ctx context.Context, args []string, stdout, stderr *os.File) int {
	status, err := run(ctx, args, stdout, stderr)
	if err != nil {
		fmt.Fprintf(stderr, "heapvet: %v\n", err)
		return Failure
	}
	return status
}

func run(ctx context.Context, args []string, stdout, stderr *os.File) (int, error) {
	var opts options
	patterns, err := session.Parse(newFlags(&opts), args)
	if err != nil {
		return Failure, err
	}
	fixing := opts.fix || opts.diff
	if opts.json && opts.fix {
		return Failure, errors.New("-fix prints no JSON; -diff does")
	}
	env, err := session.Env(ctx, opts.Options)
	if err != nil {
		return Failure, err
	}
	var ledger prove.Ledger
	line := progress.Start(stderr)
	s, graph, err := analyse(ctx, &opts, env, patterns, ledger.Note, line)
	if err != nil {
		line.Stop()
		return Failure, err
	}
	failed := failures(graph)
	findings := collect(graph, s.Env)
	var fixes *fix.Result
	if fixing {
		line.Stage("proving fixes")
		fixes, err = fix.Prove(ctx, s, opts.Options, graph, &ledger)
	}
	line.Stop()
	switch {
	case err != nil:
		return Failure, err
	case fixing:
		return applyFixes(&opts, s, fixes, findings, failed, stdout, stderr)
	case opts.json:
		err = graph.PrintJSON(stdout)
	default:
		err = printText(stdout, s.Env, findings, opts.context)
	}
	if err != nil {
		return Failure, fmt.Errorf("printing the findings: %w", err)
	}
	s.ReportBroken(stderr)
	summarise(stderr, s.Program, findings, failed)
	return status(s, len(findings), failed), nil
}

// status returns the exit status of a run with so many findings.
func status(s *session.Session, findings int, failed []string) int {
	switch {
	case len(failed) > 0:
		return Failure
	case findings > 0:
		return Findings
	case len(s.Program.Broken) > 0:
		return Failure // nothing was found, but not everything was looked at
	}
	return Clean
}

// analyse loads the packages and runs the checks on them.
func analyse(ctx context.Context, opts *options, env *load.Env, patterns []string, evidence func(analysis.Diagnostic, gcfacts.Evidence), line *progress.Line) (*session.Session, *checker.Graph, error) {
	s, err := session.Open(ctx, env, opts.Options, patterns, line)
	if err != nil {
		return nil, nil, err
	}
	cfg := s.Config
	cfg.Advice, cfg.Evidence = opts.tier.Advice, evidence
	suite, err := opts.checks.apply(passes.New(cfg))
	if err != nil {
		return nil, nil, err
	}
	line.Stage("running the checks")
	session.Guard(suite)
	graph, err := checker.Analyze(suite, s.Program.Named, nil)
	if err != nil {
		return nil, nil, fmt.Errorf("running the checks: %w", err)
	}
	return s, graph, nil
}

// failures lists the checks that failed, one line each.
func failures(graph *checker.Graph) []string {
	var lines []string
	for act := range graph.All() {
		first := !slices.ContainsFunc(act.Deps, func(dep *checker.Action) bool { return dep.Err != nil })
		if act.Err != nil && first {
			lines = append(lines, fmt.Sprintf("%s failed on %s: %v", act.Analyzer.Name, act.Package.ID, act.Err))
		}
	}
	slices.Sort(lines)
	return slices.Compact(lines)
}
