package plugin

import (
	"go/build"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/heapvet/heapvet/passes/gcfacts"
)

const twoModules = `
-- go.mod --
module example.com/m

go 1.26
-- a/a.go --
package a

func A() *int { return new(int) }
-- a/a_test.go --
package a

func helper() *int { return new(int) }
-- b/special.go --
//go:build special

package b

func B() *int { return new(int) }
-- b/b.go --
package b
-- sub/go.mod --
module example.com/m/sub

go 1.26
-- sub/c/c.go --
package c

func C() *int { return new(int) }
`

// TestLoad shows that each package is compiled in its own module, without
// its tests, and with the build tags that golangci-lint was told.
func TestLoad(t *testing.T) {
	t.Setenv("GOWORK", "off")
	t.Setenv("GOFLAGS", "")
	dir := tree(t, twoModules)
	tags := build.Default.BuildTags
	build.Default.BuildTags = []string{"special"}
	t.Cleanup(func() { build.Default.BuildTags = tags })

	src := newModuleLists()
	for _, req := range []gcfacts.Request{
		{Path: "example.com/m/a", Files: []string{"a/a.go"}},
		{Path: "example.com/m/a", Files: []string{"a/a.go", "a/a_test.go"}, Test: true},
		{Path: "example.com/m/b", Files: []string{"b/b.go", "b/special.go"}},
		{Path: "example.com/m/sub/c", Files: []string{"sub/c/c.go"}},
	} {
		for i, name := range req.Files {
			req.Files[i] = filepath.Join(dir, name)
		}
		req.Dir = filepath.Dir(req.Files[0])
		if _, err := src.Load(t.Context(), req); err != nil {
			t.Errorf("%s %s: %v", req.Path, req.Files, err)
		}
	}
	want := []string{dir, filepath.Join(dir, "sub")}
	var roots []string
	for root := range src.lists {
		roots = append(roots, root)
	}
	if slices.Sort(roots); !slices.Equal(roots, want) {
		t.Errorf("compiled in %q, want %q", roots, want)
	}
}

func TestWithoutTests(t *testing.T) {
	inPackage := gcfacts.Request{Path: "a", Test: true, Files: []string{"a_test.go", "a.go"}}
	if withoutTests(inPackage).Test {
		t.Error("a package is compiled with its tests")
	}
	external := gcfacts.Request{Path: "a_test", Test: true, Files: []string{"a_test.go"}}
	if !withoutTests(external).Test {
		t.Error("an external test package is taken for another")
	}
}

func TestModuleRootOutside(t *testing.T) {
	dir := tree(t, "-- a/a.go --\npackage a\n")
	if root := moduleRoot(filepath.Join(dir, "a")); strings.HasPrefix(root, dir) {
		t.Errorf("module root is %q", root)
	}
	if root := moduleRoot(""); root != "" {
		t.Errorf("module root of no directory is %q", root)
	}
}

// tree writes the files of a txtar archive to a directory.
func tree(t *testing.T, archive string) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range txtar.Parse([]byte(archive)).Files {
		name := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, f.Data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}
