// Sites finds where a real program allocates under load.
//
// Usage:
//
//	go run ./testdata/corpus/sites -program httpbin|caddy|etcd [-requests N] [-heat] [-findings] [-cache DIR] [-heapvet BIN]
//
// The program's module is required by a throw-away module, so that the
// ordinary go command fetches it from the module proxy; a small main
// serves it on loopback, sends it a fixed load with every allocation
// profiled, and what requests allocate, beyond the pools that are filled once
// between two garbage collections, is printed as tab-separated values: for each place in the module's own code that
// allocates, itself or through what it calls outside of the module, the
// grade of its heat (with -heat), whether the line itself allocates, bytes
// and objects per request, function, file and line.
//
// With -heat the module is given to heapvet hot as well, and a summary on
// standard error says how many of these places, and how much of their
// bytes, stand in hot, warm and cold functions. A cold place is lost to
// heapvet: no check looks at it.
//
// With -findings the twenty largest places are held against the findings
// of heapvet's allocation checks in tier default, and those findings, where
// a second run shows that the load reached them, against the places.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		if !errors.Is(err, flag.ErrHelp) {
			fmt.Fprintln(os.Stderr, "sites:", err)
		}
		os.Exit(2)
	}
}

// run is main with its surroundings handed in.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	fs := flag.NewFlagSet("sites", flag.ContinueOnError)
	fs.SetOutput(stderr)
	name := fs.String("program", "", "the program to load: httpbin, caddy or etcd")
	requests := fs.Int("requests", 200, "send this `number` of requests")
	withHeat := fs.Bool("heat", false, "say how hot the places are in heapvet's eyes")
	withFindings := fs.Bool("findings", false, "hold the places against heapvet's findings")
	cache := fs.String("cache", filepath.Join(os.TempDir(), "heapvet-sites"), "keep the throw-away modules in this `directory`")
	heapvet := fs.String("heapvet", "", "use this heapvet `binary` instead of building one")
	if err := fs.Parse(args); err != nil {
		return err
	}
	i := slices.IndexFunc(programs(), func(p program) bool { return p.name == *name })
	if i < 0 || *requests < 1 || fs.NArg() > 0 {
		fs.Usage()
		return fmt.Errorf("bad arguments")
	}
	p := programs()[i]
	dir := filepath.Join(*cache, p.name)
	allocated, err := p.load(ctx, dir, *requests, stderr)
	if err != nil {
		return fmt.Errorf("loading %s: %w", p.name, err)
	}
	sites := ownSites(allocated, p.module)
	module := filepath.Join(dir, "module")
	if *withHeat || *withFindings {
		if err := p.source(ctx, dir, module); err != nil {
			return fmt.Errorf("getting the source of %s: %w", p.name, err)
		}
		if *heapvet == "" {
			*heapvet = filepath.Join(dir, "heapvet")
			if _, err := command(ctx, "", nil, "go", "build", "-o", *heapvet, "github.com/heapvet/heapvet/cmd/heapvet"); err != nil {
				return err
			}
		}
	}
	if *withFindings {
		all, err := p.findings(ctx, module, *heapvet)
		if err != nil {
			return err
		}
		ran, err := p.covered(ctx, dir, *requests)
		if err != nil {
			return fmt.Errorf("finding what %s runs: %w", p.name, err)
		}
		if err := compare(stderr, module, sites, all, ran); err != nil {
			return fmt.Errorf("comparing findings and places: %w", err)
		}
	}
	if *withHeat {
		h, err := p.heat(ctx, module, *heapvet)
		if err != nil {
			return fmt.Errorf("asking heapvet about %s: %w", p.name, err)
		}
		for i, s := range sites {
			if sites[i].grade, err = h.grade(s); err != nil {
				return fmt.Errorf("finding the function at %s:%d: %w", s.file, s.line, err)
			}
		}
		summarize(stderr, sites)
	}
	write(stdout, sites, *requests)
	return nil
}

// write writes one line for each site, the largest first.
func write(w io.Writer, sites []site, requests int) {
	n := float64(requests)
	fmt.Fprintln(w, strings.Join([]string{"grade", "itself", "bytes/request", "objects/request", "function", "file", "line"}, "\t"))
	for _, s := range sites {
		fmt.Fprintf(w, "%s\t%t\t%.1f\t%.2f\t%s\t%s\t%d\n",
			s.grade, s.self, float64(s.bytes)/n, float64(s.objects)/n, s.function, s.file, s.line)
	}
}
