package check

import (
	"bytes"
	"go/token"
	"os"
	"slices"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/heapvet/heapvet/cmd/heapvet/internal/load"
	"github.com/heapvet/heapvet/cmd/heapvet/internal/session"
)

func at(file string, line int) token.Position {
	return token.Position{Filename: file, Line: line, Column: 1}
}

func TestSummary(t *testing.T) {
	prog := &load.Program{
		Named: []*packages.Package{
			{ID: "m/a", PkgPath: "m/a"}, {ID: "m/a [m/a.test]", PkgPath: "m/a"}, {ID: "m/b", PkgPath: "m/b"},
		},
		Broken: []load.Broken{{Path: "m/c", Reason: "c.go:1:1: nope"}},
	}
	findings := []finding{
		{pos: at("a.go", 1), check: "c", message: "x is wrong (unconfirmed: no compiler)"},
		{pos: at("a.go", 2), check: "c", message: "y is wrong (unconfirmed: no compiler) [advice]"},
		{pos: at("a.go", 3), check: "c", message: "z is wrong (unconfirmed: strange text)"},
		{pos: at("a.go", 4), check: "c", message: "it says (unconfirmed: ) in the middle of it"},
	}
	for _, tt := range []struct {
		findings []finding
		failed   []string
		want     string
	}{
		{nil, nil, "heapvet: no findings in 2 packages, 1 package not read\n"},
		{findings, nil, "heapvet: 4 findings in 2 packages, 3 unconfirmed (no compiler; strange text), 1 package not read\n"},
		{findings[3:], []string{"c failed on m/a: boom"}, "heapvet: c failed on m/a: boom\nheapvet: 1 finding in 2 packages, 1 package not read, 1 check failed\n"},
	} {
		var out bytes.Buffer
		summarise(&out, prog, tt.findings, tt.failed)
		if out.String() != tt.want {
			t.Errorf("summary:\n%swant:\n%s", out.String(), tt.want)
		}
	}
}

// TestPanic shows that a check which panics fails alone, and that the
// checks which need it do not fail a second time.
func TestPanic(t *testing.T) {
	base := &analysis.Analyzer{Name: "base", Doc: "base", Run: func(*analysis.Pass) (any, error) { panic("boom") }}
	user := &analysis.Analyzer{Name: "user", Doc: "user", Requires: []*analysis.Analyzer{base}, Run: func(*analysis.Pass) (any, error) { return nil, nil }}
	good := &analysis.Analyzer{Name: "good", Doc: "good", Run: func(pass *analysis.Pass) (any, error) {
		pass.Reportf(pass.Fset.File(1).Pos(0), "found")
		return nil, nil
	}}
	fset := token.NewFileSet()
	fset.AddFile("a.go", -1, 10)
	pkg := &packages.Package{ID: "m/a", PkgPath: "m/a", Fset: fset, Errors: []packages.Error{{}}}
	suite := []*analysis.Analyzer{user, good}
	session.Guard(suite)
	graph, err := checker.Analyze(suite, []*packages.Package{pkg}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := failures(graph), []string{"base failed on m/a: internal error, please report it: boom"}; !slices.Equal(got, want) {
		t.Errorf("failures: %q, want %q", got, want)
	}
	if got := collect(graph, &load.Env{}); len(got) != 1 || got[0].message != "found" {
		t.Errorf("findings: %v, want that of the other check", got)
	}
}

// TestNoColour shows that only terminals get colours.
func TestNoColour(t *testing.T) {
	file, err := os.CreateTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if err := printText(file, &load.Env{}, []finding{{pos: at("a.go", 1), check: "c", message: "m"}}, -1); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(file.Name())
	if want := "a.go:1:1: m (c)\n"; err != nil || string(data) != want {
		t.Errorf("printed %q, want %q (%v)", data, want, err)
	}
}
