package fix

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/google/renameio/v2/maybe"
	"golang.org/x/tools/go/analysis/checker"

	"github.com/heapvet/heapvet/cmd/heapvet/internal/session"
	"github.com/heapvet/heapvet/passes/gcfacts"
	"github.com/heapvet/heapvet/passes/prove"
)

// A Result is what became of all fixes.
type Result struct {
	Outcomes []prove.Outcome // in source order
	Files    []File          // that the proved fixes change, by name
	Proved   int             // fixes
	Applied  int             // fixes whose files are written
	Written  int             // files
}

// A File is what the proved fixes make of a file.
type File struct {
	Name     string // absolute
	Old, New []byte
}

// Prove tries the fixes of graph's diagnostics on the compiler. It writes
// no file.
func Prove(ctx context.Context, s *session.Session, opts session.Options, graph *checker.Graph, ledger *prove.Ledger) (*Result, error) {
	todo, refused := collect(graph, ledger)
	res := &Result{Outcomes: refused}
	var possible []*work
	for _, w := range todo {
		w.fixes = slices.DeleteFunc(w.fixes, func(f prove.Fix) bool {
			why := untouchable(s.Program, w.pkg, f)
			if why != "" {
				res.Outcomes = append(res.Outcomes, prove.Outcome{Fix: f, Refused: why})
			}
			return why != ""
		})
		if len(w.fixes) > 0 {
			possible = append(possible, w)
		}
	}
	if err := ask(s.Config, possible); err != nil {
		return nil, err
	}
	p := &proofs{opts: opts, res: res, files: make(map[string]File)}
	if err := p.all(ctx, s, possible); err != nil {
		return nil, err
	}
	for _, o := range res.Outcomes {
		if o.Refused == "" {
			res.Proved++
		}
	}
	slices.SortStableFunc(res.Outcomes, func(a, b prove.Outcome) int { return prove.Compare(a.Fix, b.Fix) })
	for _, name := range slices.Sorted(maps.Keys(p.files)) {
		res.Files = append(res.Files, p.files[name])
	}
	return res, nil
}

// proofs are the proofs of one run.
type proofs struct {
	opts session.Options
	list gcfacts.ListConfig
	how  map[string]*gcfacts.Direct // how packages are compiled, by ID

	mu    sync.Mutex // guards what follows
	res   *Result
	files map[string]File
	err   error
}

// all proves the fixes of todo, several packages at a time.
func (p *proofs) all(ctx context.Context, s *session.Session, todo []*work) error {
	if len(todo) == 0 {
		return nil
	}
	flags := []string{"-cover=false", "-pgo=off", "-buildvcs=false"} // as the packages were loaded
	if p.opts.Tags != "" {
		flags = append(flags, "-tags="+p.opts.Tags)
	}
	p.list = gcfacts.ListConfig{Dir: s.Env.Root, Flags: flags, Tests: p.opts.Tests}
	byDir := make(map[string][]*work) // the variants of one package
	for _, w := range todo {
		byDir[w.pkg.Dir] = append(byDir[w.pkg.Dir], w)
	}
	p.list.Patterns = slices.Sorted(maps.Keys(byDir))
	var err error
	if p.how, err = gcfacts.Compilations(ctx, p.list); err != nil {
		return fmt.Errorf("preparing to compile: %w", err)
	}
	const most = 4 // compilers at a time: each takes 200 MB
	slots := make(chan struct{}, min(most, runtime.GOMAXPROCS(0)))
	var wg sync.WaitGroup
	for _, dir := range p.list.Patterns {
		wg.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			if err := p.directory(ctx, byDir[dir]); err != nil {
				p.mu.Lock()
				defer p.mu.Unlock()
				p.err = errors.Join(p.err, err)
			}
		})
	}
	wg.Wait()
	return p.err
}

// directory proves the fixes of the variants of one package: the package
// itself, then with its tests, then the tests outside of it.
func (p *proofs) directory(ctx context.Context, variants []*work) error {
	slices.SortStableFunc(variants, func(a, b *work) int { return strings.Compare(a.pkg.ID, b.pkg.ID) })
	var given []prove.Fix
	for _, w := range variants {
		slices.SortStableFunc(w.fixes, prove.Compare)
		fixes := slices.DeleteFunc(w.fixes, func(f prove.Fix) bool {
			return slices.ContainsFunc(given, func(g prove.Fix) bool { return prove.Same(f, g) })
		})
		fixes, refused := prove.Disjoint(slices.CompactFunc(fixes, prove.Same))
		outcomes, err := p.prove(ctx, w, given, fixes)
		if err != nil {
			return err
		}
		for _, o := range outcomes {
			if o.Refused == "" {
				given = append(given, o.Fix)
			}
		}
		p.mu.Lock()
		p.res.Outcomes = append(append(p.res.Outcomes, outcomes...), refused...)
		p.mu.Unlock()
	}
	return nil
}

// prove proves the fixes of one package.
func (p *proofs) prove(ctx context.Context, w *work, given, fixes []prove.Fix) ([]prove.Outcome, error) {
	how := p.how[w.pkg.ID]
	if how == nil {
		return refuse(fixes, "its package is compiled by way of cgo, or named by its files"), nil
	}
	pkg, err := prove.Of(w.pkg, w.gc, how, p.list)
	if err != nil {
		return refuse(fixes, err.Error()), nil
	}
	for _, f := range given {
		if _, ok := pkg.Sources[f.Edits[0].File]; ok {
			pkg.Given = append(pkg.Given, f)
		}
	}
	res, err := pkg.Prove(ctx, fixes)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for name, text := range res.Files {
		p.files[name] = File{name, pkg.Sources[name], text}
	}
	return res.Outcomes, nil
}

func refuse(fixes []prove.Fix, why string) []prove.Outcome {
	var all []prove.Outcome
	for _, f := range fixes {
		all = append(all, prove.Outcome{Fix: f, Refused: why})
	}
	return all
}

// Write replaces the files, each of them at once. Fixes of files that have
// changed meanwhile, or cannot be written, are refused after all.
func (r *Result) Write() {
	bad := make(map[string]error)
	for _, f := range r.Files {
		if err := unchanged(f.Name, f.Old); err != nil {
			bad[f.Name] = err
		}
	}
	for _, f := range r.Files {
		if bad[f.Name] == nil {
			bad[f.Name] = replace(f)
		}
		if bad[f.Name] == nil {
			r.Written++
		}
	}
	for i := range r.Outcomes {
		o := &r.Outcomes[i]
		if o.Refused != "" {
			continue
		}
		for _, e := range o.Fix.Edits {
			if err := bad[e.File]; err != nil {
				o.Refused = err.Error()
			}
		}
		if o.Refused == "" {
			r.Applied++
		}
	}
}

// replace writes a file such that there is the old text or the new one at
// any time, and keeps its mode. A symbolic link stays one.
func replace(f File) error {
	target, err := filepath.EvalSymlinks(f.Name)
	if err != nil {
		return fmt.Errorf("following the link: %w", err)
	}
	info, err := os.Stat(target)
	if err != nil {
		return fmt.Errorf("writing the file: %w", err)
	}
	if err := maybe.WriteFile(target, f.New, info.Mode().Perm()); err != nil {
		return fmt.Errorf("writing the file: %w", err)
	}
	return nil
}
