package load

import (
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"
	"golang.org/x/tools/txtar"
)

// open writes the files of a txtar archive to a directory and loads
// packages there.
func open(t *testing.T, archive string, cfg Config) (*Program, error) {
	t.Helper()
	t.Setenv("GOWORK", "off")
	t.Setenv("GOFLAGS", "-mod=mod")
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	files, err := txtar.FS(txtar.Parse([]byte(archive)))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(dir, files); err != nil {
		t.Fatal(err)
	}
	env, err := GoEnv(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	return Load(t.Context(), env, cfg)
}

func ids(pkgs []*packages.Package) string {
	var s []string
	for _, pkg := range pkgs {
		s = append(s, pkg.ID)
	}
	return strings.Join(s, " ")
}

// around is a module whose packages depend on each other by way of
// another module, as those of a repository with several modules may.
const around = `
-- go.mod --
module example.com/m

go 1.26

require example.com/dep v0.0.0

replace example.com/dep => ./dep
-- base/base.go --
package base

type T struct{ N int }
-- top/top.go --
package top

import (
	"example.com/dep"
	"example.com/m/base"
)

var X base.T = dep.New()
-- top/top_test.go --
package top

var Y = X.N
-- base/base_test.go --
package base_test

import (
	"example.com/dep"
	"example.com/m/base"
)

var Z base.T = dep.New()
-- base/in_test.go --
package base

const inTest = 1
-- dep/go.mod --
module example.com/dep

go 1.26

require example.com/m v0.0.0
-- dep/dep.go --
package dep

import "example.com/m/base"

func New() base.T { return base.T{} }
`

func TestLoad(t *testing.T) {
	prog, err := open(t, around, Config{Patterns: []string{"./top"}})
	if err != nil {
		t.Fatal(err)
	}
	if len(prog.Broken) > 0 {
		t.Errorf("broken: %v", prog.Broken)
	}
	if got, want := ids(prog.Named), "example.com/m/top"; got != want {
		t.Errorf("named packages: %s, want %s", got, want)
	}
	if got, want := ids(prog.Own), "example.com/m/base example.com/m/top"; got != want {
		t.Errorf("packages from syntax: %s, want %s, dependencies first", got, want)
	}
	if !slices.Equal(prog.Modules, []string{"example.com/m"}) {
		t.Errorf("modules: %v", prog.Modules)
	}
	top := prog.Named[0]
	if got := top.Imports["example.com/m/base"]; got == nil || got.Types != prog.Own[0].Types || len(top.Imports) != 1 {
		t.Errorf("top imports %v, want base alone", top.Imports)
	}
	if top.Module == nil || top.Module.GoVersion != "1.26" || top.TypesSizes == nil || top.IllTyped {
		t.Errorf("module %v, sizes %v, ill-typed %t", top.Module, top.TypesSizes, top.IllTyped)
	}
}

func TestLoadTests(t *testing.T) {
	prog, err := open(t, around, Config{Patterns: []string{"./..."}, Tests: true})
	if err != nil {
		t.Fatal(err)
	}
	if len(prog.Broken) > 0 {
		t.Errorf("broken: %v", prog.Broken)
	}
	want := "example.com/m/base example.com/m/base [example.com/m/base.test] example.com/m/base_test [example.com/m/base.test] " +
		"example.com/m/top example.com/m/top [example.com/m/top.test]"
	if got := ids(prog.Named); got != want {
		t.Errorf("named packages:\n%s\nwant\n%s", got, want)
	}
}

// TestPositions shows that the order of files in the FileSet is the same
// in every run, whatever is parsed first.
func TestPositions(t *testing.T) {
	dir := t.TempDir()
	var names []string
	for _, name := range []string{"c.go", "a.go", "b.go"} {
		name = filepath.Join(dir, name)
		names = append(names, name)
		if err := os.WriteFile(name, []byte("package p\n\nvar x = 1\n"), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	missing := filepath.Join(dir, "missing.go")
	for range 10 {
		fset := token.NewFileSet()
		files := parse(fset, append(slices.Clone(names), missing))
		var got []string
		fset.Iterate(func(f *token.File) bool { got = append(got, f.Name()); return true })
		if !slices.Equal(got, names) {
			t.Fatalf("files in the order %v, want %v", got, names)
		}
		for _, name := range names {
			if p := fset.Position(files[name].file.Decls[0].Pos()); p.Filename != name || p.Line != 3 || p.Column != 1 {
				t.Errorf("declaration of %s at %v", name, p)
			}
		}
		if files[missing].err == nil {
			t.Error("no error for a file that is not there")
		}
	}
}

func TestComplaints(t *testing.T) {
	const text = "# example.com/m\n./m.go:3:6: can inline f with cost 2 as: func() {}\n./m.go:3:6:   flow: x\nm.go:4: x\n" +
		"go: downloading example.com/x v1.0.0\nparse capturing by ref: #next\ngo: warning: \"./...\" matched no packages\n"
	for size := 1; size < 40; size++ { // however the text is cut into portions
		var c complaints
		for rest := []byte(text); len(rest) > 0; {
			n, err := c.Write(rest[:min(size, len(rest))])
			if err != nil {
				t.Fatal(err)
			}
			rest = rest[n:]
		}
		if got, want := c.summary(os.ErrInvalid), `"./..." matched no packages`; got != want {
			t.Errorf("in portions of %d: %q, want %q", size, got, want)
		}
	}
	var silent complaints
	if got := silent.summary(os.ErrInvalid); got != os.ErrInvalid.Error() {
		t.Errorf("summary of nothing is %q", got)
	}
}

func TestNames(t *testing.T) {
	root := t.TempDir()
	env := &Env{Dir: filepath.Join(root, "sub"), Root: root}
	if err := os.Mkdir(env.Dir, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(env.Dir, "a.go"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	for pattern, want := range map[string]string{
		".": "sub", "./...": "sub/...", "../x": "x", "a.go": "sub/a.go",
	} {
		if got := env.fromRoot(pattern); got != filepath.Join(root, filepath.FromSlash(want)) {
			t.Errorf("fromRoot(%q) = %q, want %s in the root", pattern, got, want)
		}
	}
	for _, pattern := range []string{"net/http", "example.com/...", "example.com/nats.go", filepath.Join(root, "..."), "all"} {
		if got := env.fromRoot(pattern); got != pattern {
			t.Errorf("fromRoot(%q) = %q, want it as it is", pattern, got)
		}
	}
	env = &Env{Dir: filepath.FromSlash("/w/m/sub")}
	for name, want := range map[string]string{"/w/m/sub/a.go": "a.go", "/w/m/a.go": "../a.go", "/usr/x.go": "/usr/x.go", "rel.go": "rel.go"} {
		if got := filepath.ToSlash(env.Rel(filepath.FromSlash(name))); got != want {
			t.Errorf("Rel(%q) = %q, want %q", name, got, want)
		}
	}
}
