package noalloc

import (
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	driver "golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/heapvet/heapvet/passes/gcfacts"
	"github.com/heapvet/heapvet/passes/hotcode"
	"github.com/heapvet/heapvet/passes/internal/buildssa"
	"github.com/heapvet/heapvet/passes/internal/report"
)

// load writes a module of the given files and loads it.
func load(t *testing.T, files map[string]string) (dir string, pkgs []*packages.Package) {
	t.Helper()
	dir = t.TempDir()
	files["go.mod"] = "module example.com/m\n\ngo 1.26\n"
	for name, text := range files {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	pkgs, err := packages.Load(&packages.Config{
		Dir: dir, Mode: packages.LoadSyntax | packages.NeedModule | packages.NeedDeps, Env: environment(), Fset: token.NewFileSet(),
	}, "./...")
	if err != nil {
		t.Fatal(err)
	}
	if packages.PrintErrors(pkgs) > 0 {
		t.Fatal("the module has errors")
	}
	return dir, pkgs
}

func environment() []string { return append(os.Environ(), "GOWORK=off", "GOFLAGS=") }

// messages runs the check on pkgs, as one module if whole.
func messages(t *testing.T, pkgs []*packages.Package, src gcfacts.Source, whole bool) []string {
	t.Helper()
	var module *hotcode.Module
	if whole {
		var units []hotcode.Unit
		for _, pkg := range pkgs {
			units = append(units, hotcode.Unit{Types: pkg.Types, Files: pkg.Syntax, Info: pkg.TypesInfo})
		}
		module = hotcode.NewModule(pkgs[0].Fset, units)
	}
	ssa := buildssa.New(module.Program(), nil)
	heat := hotcode.New(ssa, module, nil)
	gc := gcfacts.New(src, nil)
	check := New(ssa, heat, gc, module, nil, report.Options{})
	graph, err := driver.Analyze([]*analysis.Analyzer{check}, pkgs, nil)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for act := range graph.All() {
		if act.Err != nil {
			t.Fatal(act.Err)
		}
		for _, d := range act.Diagnostics {
			if act.Analyzer == check {
				all = append(all, d.Message)
			}
		}
	}
	slices.Sort(all)
	return all
}

const stores = `package m

type store interface{ get(n int) *int }

type cells struct{ all [10]int }

func (c *cells) get(n int) *int { return &c.all[n] }

type fresh struct{}

func (fresh) get(n int) *int { return &n }

func all() []store { return []store{&cells{}, fresh{}} }

//heapvet:noalloc
func sum(stores []store) (n int) {
	for _, s := range stores {
		n += *s.get(1)
	}
	return n
}
`

// TestModule follows calls through the interfaces of a module that is seen
// as a whole.
func TestModule(t *testing.T) {
	dir, pkgs := load(t, map[string]string{"m.go": stores})
	src := func() gcfacts.Source {
		return gcfacts.NewList(gcfacts.ListConfig{Dir: dir, Patterns: []string{"./..."}, Env: environment()})
	}
	for _, c := range []struct {
		whole bool
		want  []string
	}{
		{false, []string{`noalloc function "sum" is not proved: it calls get of store, an interface`}},
		{true, []string{`noalloc function "sum" allocates: fresh.get: variable n is moved to the heap (return) (m.go:11)`}},
	} {
		if got := messages(t, pkgs, src(), c.whole); !slices.Equal(got, c.want) {
			t.Errorf("whole module %v:\n%q, want\n%q", c.whole, got, c.want)
		}
	}
}

// TestNoData tells once that functions are not proved for which the
// compiler's word is needed.
func TestNoData(t *testing.T) {
	_, pkgs := load(t, map[string]string{"m.go": `package m

type point struct{ x int }

//heapvet:noalloc
func one(x int) *point { return &point{x} }

//heapvet:noalloc
func two(m map[int]int) { m[1] = 2 }

//heapvet:noalloc
func four(m map[int]int) int { return m[1] }

//heapvet:noalloc
func five() []int { return make([]int, 1) }

func three() {
	three() //heapvet:allow perhaps
}
`})
	want := []string{
		`noalloc function "one" and 1 more in this package are not proved: there is no compiler output (unconfirmed: the driver has no source of compiler output)`,
		`noalloc function "two" may allocate: an assignment to m[1] grows the map when the key is new`,
	}
	for _, whole := range []bool{false, true} {
		if got := messages(t, pkgs, nil, whole); !slices.Equal(got, want) {
			t.Errorf("whole module %v:\n%q, want\n%q", whole, got, want)
		}
	}
}

// TestNoContract computes nothing for a module without contracts.
func TestNoContract(t *testing.T) {
	_, pkgs := load(t, map[string]string{"m.go": "package m\n\nfunc f() *int { return new(int) }\n"})
	if got := messages(t, pkgs, nil, true); len(got) > 0 {
		t.Errorf("reported %q", got)
	}
}

func TestCheckescape(t *testing.T) {
	for _, c := range []struct {
		comment string
		local   bool
		covers  []kind
	}{
		{"// +checkescape", true, []kind{allocates, grows}},
		{"// +checkescape:hard", false, []kind{allocates, grows}},
		{"// +checkescape:heap", false, []kind{allocates}},
		{"// +checkescape:local,builtin", true, []kind{grows}},
		{"// +checkescape:interface,dynamic,unknown", false, []kind{byMethod, byValue, unknown, unasked}},
		{"// +checkescape:all", false, []kind{allocates, grows, byMethod, byValue, unknown, unasked}},
	} {
		file, err := parser.ParseFile(token.NewFileSet(), "p.go", "package p\n\n"+c.comment+"\nfunc f()\n", parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		got := contractOf(file.Comments[0])
		if got == nil || got.local != c.local || len(got.kinds) != len(c.covers) {
			t.Errorf("%s: %+v, want local %v, kinds %v", c.comment, got, c.local, c.covers)
			continue
		}
		for _, k := range c.covers {
			if !got.kinds[k] {
				t.Errorf("%s: kind %d is not covered", c.comment, k)
			}
		}
	}
}

func TestParseFree(t *testing.T) {
	table, err := parseFree("# a comment\nstrings.Map\t1 2.Write + ~\n")
	if err != nil {
		t.Fatal(err)
	}
	row := table["strings.Map"]
	if len(row.calls) != 2 || row.calls[1] != (calledParam{2, "Write"}) || !row.grows || !row.inlined {
		t.Errorf("read %+v", row)
	}
	if _, err := parseFree("strings.Map\tx\n"); err == nil || !strings.Contains(err.Error(), "line 1") {
		t.Errorf("error %v, want one about line 1", err)
	}
}
