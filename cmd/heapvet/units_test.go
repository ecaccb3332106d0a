package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/heapvet/heapvet/analysistest"
)

// handled is a module whose package b gets its heat from a fact about a:
// without it, nothing there is hot.
const handled = modFile + `-- a/a.go --
package a

var routes []func(name string, n int)

// Handle has fn called per request.
func Handle(fn func(name string, n int)) { routes = append(routes, fn) }

//heapvet:hot
func serve(name string, n int) {
	for _, fn := range routes {
		fn(name, n)
	}
}
-- b/b.go --
package b

import "example.com/m/a"

func init() { a.Handle(handle) }

func handle(name string, n int) {
	for i := range n {
		count(name+"/items", i)
	}
}

//go:noinline
func count(key string, i int) { counts[key] += i }

var counts = map[string]int{"": 0}
`

// TestSandbox runs the tool as a build system does that gives its actions
// nothing but files: the compiler is not to be had, which is told once by
// each run that asks for it, with the reason, and by each finding that wants
// its word.
func TestSandbox(t *testing.T) {
	t.Setenv("GOFLAGS", "-mod=mod")
	t.Setenv("GOWORK", "off")
	dir := tree(t, handled)
	readOnly(t, dir)
	before := files(t, dir)
	sandbox := analysistest.Sandbox{Tool: self(t), Args: []string{"-json"}, Env: []string{asHeapvet + "=1"}}
	units, err := sandbox.Run(t.Context(), dir, "./...")
	if err != nil {
		t.Fatal(err)
	}
	found, err := analysistest.UnitFindings(units, dir)
	if err != nil {
		t.Fatal(err)
	}
	const notice = "compiler cross-check unavailable: no go command; escapes in this package are not confirmed"
	const unconfirmed = "(unconfirmed: compiler cross-check unavailable: no go command)"
	want := []analysistest.Finding{
		{Check: "hotescape", Posn: "a/a.go:1:1", Message: notice},
		{Check: "unboundedcache", Posn: "b/b.go:14:39", Message: `map "counts" only grows: count adds an entry per call, keyed by name, and nothing removes one; delete what is done, expire entries, or use a cache with a limit (handle -> count)`},
		{Check: "hotescape", Posn: "b/b.go:1:1", Message: notice},
		{Check: "hotescape", Posn: "b/b.go:9:9", Message: `concatenation name + "/items" is the same in every iteration: build it before the loop (in a loop; hot: //heapvet:hot handle) ` + unconfirmed},
	}
	if !slices.Equal(found, want) {
		t.Errorf("found\n%v\nwant\n%v", found, want)
	}
	for _, u := range units {
		if u.Stderr != "" {
			t.Errorf("%s: %s", u.Path, u.Stderr)
		}
	}
	if after := files(t, dir); after != before {
		t.Errorf("the sources are now\n%s\nwere\n%s", after, before)
	}
}

// readOnly takes away the right to write into a tree of files.
func readOnly(t *testing.T, dir string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		t.Cleanup(func() { _ = os.Chmod(name, 0o777) }) // or TempDir cannot be removed
		return os.Chmod(name, 0o555)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// files lists the names and contents of a tree of files.
func files(t *testing.T, dir string) string {
	t.Helper()
	var all strings.Builder
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(name)
		all.WriteString(strings.TrimPrefix(name, dir) + ":\n" + string(data))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}
