package nogo

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/unitchecker"
	"golang.org/x/tools/txtar"

	"github.com/heapvet/heapvet/analysistest"
)

// asNogo makes the test binary run the analyzer on one package, as the
// program does that nogo builds.
const asNogo = "HEAPVET_TEST_AS_NOGO"

func TestMain(m *testing.M) {
	if os.Getenv(asNogo) != "" {
		unitchecker.Main(Analyzer)
	}
	os.Exit(m.Run())
}

func TestValid(t *testing.T) {
	if err := analysis.Validate([]*analysis.Analyzer{Analyzer}); err != nil {
		t.Error(err)
	}
}

// module has a package b whose code is hot because of a fact about a.
const module = `
-- go.mod --
module example.com/m

go 1.26
-- a/a.go --
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

// Findings in the module.
const (
	cache  = `unboundedcache: map "counts" only grows: count adds an entry per call, keyed by name, `
	advice = `unboundedcache: slice "routes" only grows: `
	escape = `hotescape: concatenation name + "/items" is the same in every iteration: build it before the loop (in a loop; hot: //heapvet:hot handle) (unconfirmed: nogo has no go command to ask)`
)

// TestRun runs the analyzer as nogo does: package by package, with facts as
// files, nothing else, and no word of modules.
func TestRun(t *testing.T) {
	for _, tt := range []struct {
		name  string
		flags []string
		want  []string // how messages begin
	}{
		{"no flags", nil, []string{"b/b.go:14:39: " + cache, "b/b.go:9:9: " + escape}},
		{"one off", []string{"-heapvet.hotescape=false"}, []string{"b/b.go:14:39: " + cache}},
		{"one on", []string{"-heapvet.hotescape"}, []string{"b/b.go:9:9: " + escape}},
		{"option", []string{"-heapvet.unboundedinput.max-body=4096", "-heapvet.tier=advice", "-heapvet.hotescape=0"}, []string{"a/a.go:6:44: " + advice, "b/b.go:14:39: " + cache}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := tree(t, module)
			units := run(t, dir, append([]string{"-json"}, tt.flags...))
			found, err := analysistest.UnitFindings(units, dir)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range found {
				got = append(got, f.Posn+": "+f.Message)
			}
			if !slices.EqualFunc(got, tt.want, strings.HasPrefix) {
				t.Errorf("found\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
			}
		})
	}
}

func TestMistakes(t *testing.T) {
	for flag, want := range map[string]string{
		"tier=all":                     "want default or advice",
		"hotconv=some":                 "want true or false",
		"unboundedinput.max-body=much": "parse error",
	} {
		name, value, _ := strings.Cut(flag, "=")
		err := newAnalyzer().Flags.Set(name, value)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %q", flag, err, want)
		}
	}
}

// TestReadme shows that nogo takes the configuration that README.md gives.
func TestReadme(t *testing.T) {
	readme, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, block, _ := strings.Cut(string(readme), "In `nogo.json`")
	_, block, _ = strings.Cut(block, "```json\n")
	block, _, _ = strings.Cut(block, "```")
	var config map[string]struct {
		AnalyzerFlags map[string]string `json:"analyzer_flags"`
		ExcludeFiles  map[string]string `json:"exclude_files"`
	}
	if err := json.Unmarshal([]byte(block), &config); err != nil {
		t.Fatalf("%v in %q", err, block)
	}
	flags := config[Analyzer.Name].AnalyzerFlags
	if len(flags) == 0 {
		t.Errorf("README.md gives %s no flags: %s", Analyzer.Name, block)
	}
	a := newAnalyzer()
	for name, value := range flags {
		if err := a.Flags.Set(name, value); err != nil {
			t.Errorf("%s=%s: %v", name, value, err)
		}
	}
}

func run(t *testing.T, dir string, args []string) []analysistest.Unit {
	t.Helper()
	t.Setenv("GOWORK", "off")
	t.Setenv("GOFLAGS", "")
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	sandbox := analysistest.Sandbox{Tool: exe, Args: args, Env: []string{asNogo + "=1"}, NoModules: true}
	units, err := sandbox.Run(t.Context(), dir, "./...")
	if err != nil {
		t.Fatal(err)
	}
	return units
}

func TestExternal(t *testing.T) {
	for _, tt := range []struct {
		files string
		want  bool
	}{
		{"app/a.go", false},
		{"app/external/a.go", false},
		{"external/gazelle~~go_deps~com_github_x_y/a.go", true},
		{"external/com_github_x_y/a.go external/com_github_x_y/b.go", true},
		{"../com_github_x_y/a.go", true},
		{"bazel-out/k8-fastbuild/bin/external/com_github_x_y/a.pb.go", true},
		{"bazel-out/k8-fastbuild/bin/app/a.pb.go", false},
		{"external/com_github_x_y/a.go app/b.go", false},
	} {
		pass := &analysis.Pass{Fset: token.NewFileSet()}
		for name := range strings.FieldsSeq(tt.files) {
			pass.Files = append(pass.Files, parse(t, pass.Fset, name))
		}
		if got := external(pass); got != tt.want {
			t.Errorf("external(%s) = %v, want %v", tt.files, got, tt.want)
		}
	}
}

func parse(t *testing.T, fset *token.FileSet, name string) *ast.File {
	t.Helper()
	f, err := parser.ParseFile(fset, name, "package p\n", 0)
	if err != nil {
		t.Fatal(err)
	}
	return f
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
