package main

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/heapvet/heapvet/testdata/story"
)

// growthChecks are the checks whose findings say that something is kept.
var growthChecks = []string{"unboundedcache", "unboundedlabel", "brokenevict", "retention"}

// noise is how many bytes per request a live heap may seem to grow by that
// does not grow. About 4 were seen.
const noise = 20

// A place is a line of a file of testdata/app.
type place struct {
	file string
	line int
}

// TestStoryGrowth runs both twins of testdata/app under a memory limit and
// sends requests to one leak after the other. Each must keep memory in the
// leaky twin, and none in the mended one.
func TestStoryGrowth(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and runs two servers")
	}
	dir := appDir(t)
	leaky, mended := growth(t, dir, "leaky"), growth(t, dir, "mended")
	for _, load := range story.Loads() {
		t.Logf("%s: kept per request: leaky %.1f B, mended %.1f B", load.Name, leaky[load.Name], mended[load.Name])
		if got := leaky[load.Name]; got < load.Kept {
			t.Errorf("%s: the leaky twin keeps %.1f B per request, want at least %.0f B", load.Name, got, load.Kept)
		}
		if got := mended[load.Name]; got > noise {
			t.Errorf("%s: the mended twin keeps %.1f B per request", load.Name, got)
		}
	}
}

// TestStoryLines holds the leaks that TestStoryGrowth measures against the
// findings about growth: each is told in the function that has its lines,
// and nothing else is.
func TestStoryLines(t *testing.T) {
	dir := appDir(t)
	told := findings(t, dir, growthChecks...)
	for _, load := range story.Loads() {
		if !take(t, dir, told, load) {
			t.Errorf("%s: no finding in %s of %s, which keeps them", load.Name, load.Func, load.File)
		}
	}
	for at, message := range told {
		t.Errorf("%s:%d: no load shows that this grows: %s", at.file, at.line, message)
	}
}

// TestStoryGoroutine wants the one goroutine that the leaky twin may leave
// behind told, and nothing else. No load shows it: the shop's prices come in
// time. The check's own tests run the same shape.
func TestStoryGoroutine(t *testing.T) {
	dir := appDir(t)
	told := findings(t, dir, "goroutineleak")
	quote := story.Load{File: "leaky/shop/shop.go", Func: "quote"}
	if !take(t, dir, told, quote) {
		t.Errorf("no finding in %s of %s, which leaves a goroutine behind", quote.Func, quote.File)
	}
	for at, message := range told {
		t.Errorf("%s:%d: unexpected: %s", at.file, at.line, message)
	}
}

// growth returns by how many bytes per request of each load the live heap
// of twin grows. Each load has a process of its own.
func growth(t *testing.T, dir, twin string) map[string]float64 {
	t.Helper()
	program, err := story.Build(t.Context(), dir, twin, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	kept := make(map[string]float64)
	for _, load := range story.Loads() {
		kept[load.Name] = story.Growth(observe(t, program, load))
	}
	return kept
}

// observe runs program under a memory limit for load.
func observe(t *testing.T, program story.Program, load story.Load) []story.Point {
	t.Helper()
	const limit = 32 // MiB
	shop, err := program.Start(t.Context(), limit)
	if err != nil {
		t.Fatal(err)
	}
	defer shop.Close()
	memory, err := shop.Memory(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if memory.Limit != limit<<20 {
		t.Errorf("%s: the memory limit is %d B, want %d B", load.Name, memory.Limit, limit<<20)
	}
	points, err := story.Measure(t.Context(), shop, load, 5000, 10)
	if err != nil {
		t.Fatalf("%s: %v", load.Name, err)
	}
	return points
}

// take removes from told what is in the function of load, and reports
// whether there was any.
func take(t *testing.T, dir string, told map[place]string, load story.Load) bool {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, filepath.Join(dir, load.File), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, decl := range file.Decls {
		fn, ok := decl.(*ast.FuncDecl)
		if !ok || fn.Name.Name != load.Func {
			continue
		}
		for line := fset.Position(fn.Pos()).Line; line <= fset.Position(fn.End()).Line; line++ {
			at := place{load.File, line}
			if _, ok := told[at]; ok {
				found = true
				delete(told, at)
			}
		}
	}
	return found
}

// TestStoryCollector holds the seed's own cures against what heapvet says
// of them: each line of the leaky twin that bothers the collector is told,
// none of the mended twin is.
func TestStoryCollector(t *testing.T) {
	dir := appDir(t)
	told := findings(t, dir, "gctuning")
	text, err := os.ReadFile(filepath.Join(dir, "leaky", "main.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []struct{ call, instead string }{
		{"func main()", "call debug.SetMemoryLimit"},
		{"debug.SetGCPercent(50)", "set GOMEMLIMIT or debug.SetMemoryLimit instead"},
		{"runtime.GC()", "remove it, set GOMEMLIMIT"},
		{"debug.FreeOSMemory()", "remove it, set GOMEMLIMIT"},
		{"runtime.ReadMemStats(", "runtime/metrics.Read"},
	} {
		before, _, ok := strings.Cut(string(text), line.call)
		if !ok {
			t.Errorf("leaky/main.go has no %s", line.call)
			continue
		}
		at := place{"leaky/main.go", 1 + strings.Count(before, "\n")}
		if !strings.Contains(told[at], line.instead) {
			t.Errorf("%s: heapvet says %q, want %q", line.call, told[at], line.instead)
		}
		delete(told, at)
	}
	for at, message := range told {
		t.Errorf("%s:%d: unexpected: %s", at.file, at.line, message)
	}
}

// findings returns what checks say about testdata/app, of either tier.
func findings(t *testing.T, dir string, checks ...string) map[place]string {
	t.Helper()
	args := []string{"-json", "-tier", "advice"}
	for _, check := range checks {
		args = append(args, "-"+check)
	}
	res := heapvet(t, dir, []string{"GOFLAGS=-buildvcs=false"}, append(args, "./...")...)
	var tree map[string]map[string][]struct{ Posn, Message string }
	if err := json.Unmarshal([]byte(res.stdout), &tree); err != nil {
		t.Fatalf("%v\n%s%s", err, res.stdout, res.stderr)
	}
	told := make(map[place]string)
	for _, checks := range tree {
		for _, list := range checks {
			for _, f := range list {
				parts := strings.Split(f.Posn, ":") // file:line:column
				line, err := strconv.Atoi(parts[1])
				if err != nil {
					t.Fatalf("position %q: %v", f.Posn, err)
				}
				file, err := filepath.Rel(dir, parts[0])
				if err != nil {
					t.Fatal(err)
				}
				told[place{filepath.ToSlash(file), line}] = f.Message
			}
		}
	}
	return told
}

// appDir returns the directory of the twins.
func appDir(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs(filepath.Join("..", "..", "testdata", "app"))
	if err != nil {
		t.Fatal(err)
	}
	return dir
}
