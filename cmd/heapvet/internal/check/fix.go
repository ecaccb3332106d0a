package check

import (
	"fmt"
	"os"

	"github.com/heapvet/heapvet/cmd/heapvet/internal/fix"
	"github.com/heapvet/heapvet/cmd/heapvet/internal/session"
)

// applyFixes prints the proved fixes as a diff, or writes them and prints
// what was done, and returns the exit status.
func applyFixes(opts *options, s *session.Session, fixes *fix.Result, findings []finding, failed []string, stdout, stderr *os.File) (int, error) {
	var err error
	switch {
	case opts.json:
		err = fixes.PrintJSON(stdout)
	case opts.diff:
		err = fixes.PrintDiff(stdout, s.Env)
	default:
		fixes.Write()
		err = fixes.PrintApplied(stdout, s.Env)
	}
	if err != nil {
		return Failure, fmt.Errorf("printing the fixes: %w", err)
	}
	if opts.verbose {
		fixes.PrintRefused(stderr, s.Env)
	}
	s.ReportBroken(stderr)
	for _, line := range failed {
		fmt.Fprintf(stderr, "heapvet: %s\n", line)
	}
	remain := max(0, len(findings)-fixes.Applied)
	if opts.diff {
		fmt.Fprintf(stderr, "heapvet: %s\n", fixes.Summary())
		return status(s, len(fixes.Files), failed), nil
	}
	fmt.Fprintf(stderr, "heapvet: %s; %s left\n", fixes.Summary(), count(remain, "finding"))
	return status(s, remain, failed), nil
}
