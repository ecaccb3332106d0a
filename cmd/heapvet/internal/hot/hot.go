// Package hot lists the code that runs per request, and why it does.
package hot

import (
	"bufio"
	"cmp"
	"context"
	"flag"
	"fmt"
	"go/token"
	"io"
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/tools/go/packages"

	"github.com/heapvet/heapvet/cmd/heapvet/internal/explain"
	"github.com/heapvet/heapvet/cmd/heapvet/internal/progress"
	"github.com/heapvet/heapvet/cmd/heapvet/internal/session"
	"github.com/heapvet/heapvet/passes/gcfacts"
	"github.com/heapvet/heapvet/passes/hotcode"
)

// Main runs heapvet hot with its arguments.
func Main(ctx context.Context, args []string, stdout, stderr *os.File) error {
	var opts session.Options
	var counts bool
	fs := flag.NewFlagSet("hot", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	opts.Register(fs)
	fs.BoolVar(&counts, "counts", false, "")
	patterns, err := session.Parse(fs, args)
	if err != nil {
		return err
	}
	env, err := session.Env(ctx, opts)
	if err != nil {
		return err
	}
	line := progress.Start(stderr)
	s, err := session.Open(ctx, env, opts, patterns, line)
	line.Stop()
	if err != nil {
		return err
	}
	w := bufio.NewWriter(stdout)
	if counts {
		err = writeCounts(w, s)
	} else {
		err = writeFuncs(w, stderr, s)
	}
	if err != nil {
		return err
	}
	s.ReportBroken(stderr)
	return w.Flush()
}

// writeFuncs prints a line for each hot or warm function of the packages
// that the user named, and to summary how many there are.
func writeFuncs(w, summary io.Writer, s *session.Session) error {
	type entry struct {
		pos  token.Position
		text string
	}
	var entries []entry
	grades := make(map[hotcode.Grade]int)
	err := each(s, func(pkg *packages.Package, heat *hotcode.Result, _ *gcfacts.Package) {
		for _, fn := range heat.Funcs() {
			pos := pkg.Fset.Position(fn.Node.Pos())
			if filepath.Ext(pos.Filename) == "" {
				continue // cgo wrote it
			}
			pos.Filename = s.Env.Rel(pos.Filename)
			grades[fn.Grade]++
			entries = append(entries, entry{pos, fmt.Sprintf("%s %s: %s", fn.Grade, fn.Name, explain.Why(fn))})
		}
	})
	slices.SortFunc(entries, func(a, b entry) int {
		return cmp.Or(cmp.Compare(a.pos.Filename, b.pos.Filename), cmp.Compare(a.pos.Offset, b.pos.Offset), cmp.Compare(a.text, b.text))
	})
	for _, e := range slices.Compact(entries) {
		fmt.Fprintf(w, "%s: %s\n", e.pos, e.text)
	}
	fmt.Fprintf(summary, "heapvet: hot functions: %d, warm: %d, packages: %d\n", grades[hotcode.Hot], grades[hotcode.Warm], len(s.Program.Named))
	return err
}

// each calls do for every package that the user named, with what is known
// about it.
func each(s *session.Session, do func(*packages.Package, *hotcode.Result, *gcfacts.Package)) error {
	for _, pkg := range s.Program.Named {
		if pkg.ForTest != "" {
			continue // tests are cold
		}
		heat, gc, err := explain.Facts(s.Config, pkg)
		if err != nil {
			return err
		}
		do(pkg, heat, gc)
	}
	return nil
}
