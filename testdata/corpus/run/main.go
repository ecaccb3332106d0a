// Run measures heapvet on real modules with known bugs.
//
// Usage:
//
//	go run ./testdata/corpus/run -tsv FILE [-id ID,...] [-check CHECK,...] [-scope package|module]
//		[-tier advice|default] [-json] [-j N] [-cache DIR] [-heapvet BIN]
//
// FILE lists modules with a buggy and a fixed version and the place of the
// bug. Each version is required by a throw-away module, so that the
// ordinary go command fetches it from the module proxy, and heapvet is run
// on the listed package there. A row is told if a finding of a check that
// is meant for its category stands in the listed file, within a listed
// function or three lines around a listed line; for a fixed version whose
// lines are not listed the function alone counts. A version that cannot be
// fetched or does not compile is skipped, which is not the same as silent.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		if !errors.Is(err, flag.ErrHelp) {
			fmt.Fprintln(os.Stderr, "run:", err)
		}
		os.Exit(2)
	}
}

// run is main with its surroundings handed in.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	fs := flag.NewFlagSet("run", flag.ContinueOnError)
	fs.SetOutput(stderr)
	tsv := fs.String("tsv", "", "the corpus `file`")
	ids := fs.String("id", "", "only the rows with these comma-separated `ids`")
	checks := fs.String("check", "", "run only these comma-separated `checks` and count their findings (default: those meant for the row's category)")
	scope := fs.String("scope", "package", "what heapvet is run on: the listed package, or the whole module")
	tier := fs.String("tier", "advice", "count findings up to this tier: default or advice")
	asJSON := fs.Bool("json", false, "print JSON")
	parallel := fs.Int("j", 2, "analyse this many versions at a time")
	cache := fs.String("cache", filepath.Join(os.TempDir(), "heapvet-corpus"), "keep throw-away modules and results in this `directory`")
	binary := fs.String("heapvet", "", "use this heapvet `binary` instead of building one")
	if err := fs.Parse(args); err != nil {
		return err
	}
	if *scope != "package" && *scope != "module" {
		return fmt.Errorf("unknown -scope %q", *scope)
	}
	if *tier != "default" && *tier != "advice" {
		return fmt.Errorf("unknown -tier %q", *tier)
	}
	rows, err := readRows(*tsv)
	if err != nil {
		return err
	}
	if rows, err = selectRows(rows, list(*ids)); err != nil {
		return err
	}
	if *binary == "" {
		if *binary, err = buildHeapvet(ctx, *cache); err != nil {
			return err
		}
	}
	a, err := newAnalyser(*cache, *binary, *scope == "module", list(*checks))
	if err != nil {
		return err
	}
	results := judgeAll(ctx, a, rows, judge{checks: list(*checks), advice: *tier == "advice"}, *parallel)
	if err := ctx.Err(); err != nil {
		return err
	}
	if *asJSON {
		return printJSON(stdout, results)
	}
	return printTable(stdout, results)
}

// list splits a comma-separated flag value.
func list(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' })
}

// buildHeapvet builds the heapvet of the module around the working
// directory and returns the binary's name.
func buildHeapvet(ctx context.Context, dir string) (string, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	bin := filepath.Join(dir, "heapvet")
	cmd := exec.CommandContext(ctx, "go", "build", "-o", bin, "github.com/heapvet/heapvet/cmd/heapvet")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building heapvet: %w\n%s", err, out)
	}
	return bin, nil
}
