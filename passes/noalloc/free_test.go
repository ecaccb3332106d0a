package noalloc

import (
	"bytes"
	"flag"
	"fmt"
	"go/ast"
	"go/types"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/tools/go/analysis"
	driver "golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/heapvet/heapvet/passes/gcfacts"
	"github.com/heapvet/heapvet/passes/hotcode"
	"github.com/heapvet/heapvet/passes/internal/buildssa"
	"github.com/heapvet/heapvet/passes/internal/report"
	"github.com/heapvet/heapvet/passes/internal/scope"
)

var update = flag.Bool("update", false, "compute free.tsv anew, which takes minutes")

// seeds are functions that do not allocate, or only to grow, by what their documentation or
// the runtime's source says, where the compiler's word does not reach: the
// runtime's own, and those that allocate until they are warm.
const seeds = `
(*sync.Mutex).Lock
(*sync.Mutex).TryLock
(*sync.Mutex).Unlock
(*sync.RWMutex).Lock
(*sync.RWMutex).RLock
(*sync.RWMutex).RUnlock
(*sync.RWMutex).TryLock
(*sync.RWMutex).TryRLock
(*sync.RWMutex).Unlock
(*sync.WaitGroup).Add
(*sync.WaitGroup).Done
(*sync.WaitGroup).Wait
(*sync.Once).Do
(*sync.Pool).Get
(*sync.Pool).Put
(*sync.Map).Load
(*sync.Cond).Broadcast
(*sync.Cond).Signal
(*bytes.Buffer).Grow	+
(*bytes.Buffer).Write	+
(*bytes.Buffer).WriteByte	+
(*bytes.Buffer).WriteRune	+
(*bytes.Buffer).WriteString	+
strconv.AppendFloat	+
strconv.AppendInt	+
strconv.AppendQuote	+
strconv.AppendUint	+
slices.BinarySearch
slices.Sort
slices.SortFunc	2
runtime.GOMAXPROCS
runtime.Gosched
runtime.KeepAlive
runtime.NumCPU
runtime.NumGoroutine
time.Sleep
time.now
time.runtimeNow
time.runtimeNano
time.runtimeIsBubbled
time.resetTimer
time.stopTimer
internal/bytealg.HashStr
internal/bytealg.HashStrRev
internal/bytealg.IndexRabinKarp
internal/bytealg.LastIndexRabinKarp
hash/maphash.runtime_memhash
hash/maphash.runtime_rand
math/rand.runtime_rand
math/rand/v2.runtime_rand
sync.runtime_procPin
sync.runtime_procUnpin
sync/atomic.runtime_procPin
sync/atomic.runtime_procUnpin
internal/godebug.registerMetric
`

// TestFree holds the table against the source of the standard library.
// Without -update it looks at a few packages only.
func TestFree(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles packages of the standard library")
	}
	patterns := []string{"bytes", "strings", "strconv", "unicode/utf8", "math/bits", "sync/atomic"}
	if *update {
		patterns = []string{"std"}
	}
	got := freeInStd(t, patterns)
	if *update {
		header := "# Functions of the standard library that do not allocate on their way to success, and what\n" +
			"# parameters (receiver first) they call. Computed with Go 1.26 by: go test -run TestFree -update\n"
		if err := os.WriteFile("free.tsv", []byte(header+strings.Join(got, "\n")+"\n"), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	for _, row := range got {
		if !strings.Contains(freeSource, "\n"+row+"\n") {
			t.Errorf("free.tsv lacks %q: run go test -run TestFree -update", row)
		}
	}
}

// TestSeeds runs functions that are in the table by hand.
func TestSeeds(t *testing.T) {
	var mu sync.RWMutex
	held := 0
	var once sync.Once
	var all sync.Map
	pool := sync.Pool{New: func() any { return new(int) }}
	all.Store(t, 1)
	words, out := []string{"b", "c", "a"}, make([]byte, 0, 100)
	buf := bytes.NewBuffer(out)
	for name, f := range map[string]func(){
		"lock": func() {
			mu.Lock()
			held++
			mu.Unlock()
			mu.RLock()
			held++
			mu.RUnlock()
		},
		"once": func() { once.Do(func() {}) },
		"map":  func() { all.Load(t) },
		"pool": func() { pool.Put(pool.Get()) },
		"sort": func() {
			slices.Sort(words)
			slices.SortFunc(words, strings.Compare)
			_, _ = slices.BinarySearch(words, "a")
		},
		"append": func() {
			strconv.AppendQuote(strconv.AppendFloat(strconv.AppendInt(out, 1000, 10), 1.5, 'g', -1, 64), "text")
		},
		"buffer": func() { buf.Reset(); buf.WriteString("abc"); buf.WriteByte('d'); buf.Write(out); buf.WriteRune('e') },
		"clock":  func() { time.Sleep(0) },
	} {
		if allocs := testing.AllocsPerRun(100, f); allocs > 0 {
			t.Errorf("%s: %v allocations", name, allocs)
		}
	}
}

// freeInStd returns the rows of the functions that are exported by packages
// of the standard library.
func freeInStd(t *testing.T, patterns []string) []string {
	t.Helper()
	var rows []string
	acts, table := judgeStd(t, patterns, true)
	for _, act := range acts {
		if public(act.Package.PkgPath) {
			rows = append(rows, freeIn(act, table)...)
		}
	}
	slices.Sort(rows)
	return slices.Compact(rows)
}

// judgeStd runs the check on packages of the standard library and what they
// import, with the compiler's word if it is asked, and returns the table of
// functions that it used.
func judgeStd(t *testing.T, patterns []string, ask bool) ([]*driver.Action, frees) {
	t.Helper()
	pkgs, err := packages.Load(&packages.Config{Mode: packages.LoadAllSyntax}, patterns...)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	packages.Visit(pkgs, nil, func(p *packages.Package) { all = append(all, p.PkgPath) })
	table, err := parseFree(seeds + assembly(t, pkgs))
	if err != nil {
		t.Fatal(err)
	}
	std := scope.Modules{""}
	ssa := buildssa.New(nil, std)
	heat := hotcode.New(ssa, nil, nil)
	gc := gcfacts.New(gcfacts.NewList(gcfacts.ListConfig{Patterns: all, Timeout: time.Hour}), std)
	check := build(ssa, heat, gc, nil, std, report.Options{}, func() (frees, error) { return table, nil }, func(*analysis.Pass) bool { return ask })
	graph, err := driver.Analyze([]*analysis.Analyzer{check}, pkgs, nil)
	if err != nil {
		t.Fatal(err)
	}
	var acts []*driver.Action
	for act := range graph.All() {
		if act.Err != nil {
			t.Errorf("%s: %v", act, act.Err)
		}
		if act.Analyzer == check {
			acts = append(acts, act)
		}
	}
	return acts, table
}

// public reports whether users can import the package.
func public(path string) bool {
	parts := strings.Split(path, "/")
	return !slices.Contains(parts, "internal") && parts[0] != "vendor" && parts[0] != "cmd"
}

// freeIn returns the rows of one package.
func freeIn(act *driver.Action, table frees) []string {
	if !act.PackageFact(act.Package.Types, new(judged)) {
		return nil
	}
	var rows []string
	for _, file := range act.Package.Syntax {
		for _, decl := range file.Decls {
			decl, ok := decl.(*ast.FuncDecl)
			if !ok {
				continue
			}
			fn, ok := act.Package.TypesInfo.Defs[decl.Name].(*types.Func)
			if !ok || !nameable(fn) {
				continue
			}
			if row, ok := table.of(fn); ok {
				rows = append(rows, row.tsv(fn))
				continue
			}
			fact := new(allocs)
			if !act.ObjectFact(fn, fact) {
				rows = append(rows, freeRow{}.tsv(fn))
			} else if row, ok := rowOf(fact); ok {
				rows = append(rows, row.tsv(fn))
			}
		}
	}
	return rows
}

// rowOf returns the row of a function with effects, if it has a use: one
// that only calls parameters, grows, or depends on being inlined.
func rowOf(fact *allocs) (row freeRow, ok bool) {
	for _, e := range fact.Effects {
		switch {
		case e.Param > 0:
			row.calls = append(row.calls, calledParam{e.Param, e.Method})
		case e.Compiler:
			row.inlined = true
		case e.Kind == grows:
			row.grows = true
		default:
			return row, false
		}
	}
	return row, true
}

var text = regexp.MustCompile(`(?m)^TEXT\s+([\w∕]*)·(\w+)`)

// assembly returns rows for the functions that are written in assembly,
// which cannot allocate.
func assembly(t *testing.T, pkgs []*packages.Package) string {
	t.Helper()
	var rows strings.Builder
	packages.Visit(pkgs, nil, func(p *packages.Package) {
		for _, name := range p.OtherFiles {
			if filepath.Ext(name) != ".s" {
				continue
			}
			source, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range text.FindAllStringSubmatch(string(source), -1) {
				path := strings.ReplaceAll(m[1], "∕", "/")
				if path == "" {
					path = p.PkgPath
				}
				fmt.Fprintf(&rows, "%s.%s\n", path, m[2])
			}
		}
	})
	return rows.String()
}
