package single

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/heapvet/heapvet/passes"
)

const source = `package a

var x, y = f(1), g(2)

var z = h(3)
`

// parse returns the package's position and those of its calls, by callee.
func parse(t *testing.T) (fset *token.FileSet, file *ast.File, calls map[string]*ast.CallExpr) {
	t.Helper()
	fset = token.NewFileSet()
	file, err := parser.ParseFile(fset, "a.go", source, 0)
	if err != nil {
		t.Fatal(err)
	}
	calls = make(map[string]*ast.CallExpr)
	ast.Inspect(file, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			calls[call.Fun.(*ast.Ident).Name] = call
		}
		return true
	})
	return fset, file, calls
}

func TestMerge(t *testing.T) {
	fset, _, calls := parse(t)
	at := func(fn, check, message string) finding {
		return finding{check, analysis.Diagnostic{
			Pos: calls[fn].Pos(), End: calls[fn].End(), Message: message,
			Related: []analysis.RelatedInformation{{Pos: calls[fn].Pos(), Message: "there"}},
		}}
	}
	var got []string
	for _, d := range merge(fset, []finding{
		at("h", "hotconv", "third"), at("g", "hotescape", "second"), at("f", "hotconv", "first"), at("f", "hotgrow", "also"),
	}) {
		got = append(got, fset.Position(d.Pos).String()+": "+d.Message)
		if d.Related != nil {
			t.Errorf("%q has related places", d.Message)
		}
	}
	want := []string{
		"a.go:3:12: hotconv: first; hotgrow: also; at column 18, hotescape: second",
		"a.go:5:9: hotconv: third",
	}
	if !slices.Equal(got, want) {
		t.Errorf("merged\n%q\nwant\n%q", got, want)
	}
}

func TestJoinFixes(t *testing.T) {
	fset, file, calls := parse(t)
	other := fset.AddFile("b.go", -1, 100)
	edit := func(n ast.Node, text string) analysis.TextEdit {
		return analysis.TextEdit{Pos: n.Pos(), End: n.End(), NewText: []byte(text)}
	}
	fix := func(message string, edits ...analysis.TextEdit) finding {
		return finding{"check", analysis.Diagnostic{
			Pos: file.Package, SuggestedFixes: []analysis.SuggestedFix{{Message: message, TextEdits: edits}},
		}}
	}
	imports := analysis.TextEdit{Pos: file.Name.End(), NewText: []byte("\nimport m")}
	for _, tt := range []struct {
		name    string
		line    []finding
		message string
		edits   int
	}{
		{"none", []finding{{"check", analysis.Diagnostic{Pos: file.Package}}}, "", 0},
		{"apart", []finding{fix("F", edit(calls["f"], "m.F()")), fix("G", edit(calls["g"], "m.G()"))}, "F; G", 2},
		{"the same import", []finding{fix("F", edit(calls["f"], "m.F()"), imports), fix("G", edit(calls["g"], "m.G()"), imports)}, "F; G", 3},
		{"at odds", []finding{fix("F", edit(calls["f"], "m.F()")), fix("H", edit(calls["f"], "m.H()"))}, "F", 1},
		{"other file", []finding{fix("B", analysis.TextEdit{Pos: token.Pos(other.Base()), End: token.Pos(other.Base() + 1)}), fix("G", edit(calls["g"], "m.G()"))}, "G", 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			fixes := joinFixes(fset, tt.line)
			if tt.edits == 0 {
				if fixes != nil {
					t.Errorf("fixes are %v, want none", fixes)
				}
				return
			}
			if len(fixes) != 1 || fixes[0].Message != tt.message || len(fixes[0].TextEdits) != tt.edits {
				t.Errorf("fixes are %v, want %q with %d edits", fixes, tt.message, tt.edits)
			}
		})
	}
}

// TestFacts shows that the one analyzer has the facts of all, each once.
func TestFacts(t *testing.T) {
	var cfg passes.Config
	facts := New(cfg, passes.New(cfg)).Facts()
	if len(facts) < 5 {
		t.Errorf("the suite has %d fact types", len(facts))
	}
	a := &analysis.Analyzer{Name: "one", Doc: "one", FactTypes: facts, Run: func(*analysis.Pass) (any, error) { return nil, nil }}
	if err := analysis.Validate([]*analysis.Analyzer{a}); err != nil {
		t.Error(err)
	}
}

// TestElsewhere shows that packages of other modules cost nothing: no pass
// is run there, which would crash for want of types.
func TestElsewhere(t *testing.T) {
	fset, file, _ := parse(t)
	var cfg passes.Config
	pass := &analysis.Pass{Fset: fset, Files: []*ast.File{file}, Module: &analysis.Module{Path: "example.com/dep", Version: "v1.0.0"}}
	if _, err := New(cfg, passes.New(cfg)).Run(pass); err != nil {
		t.Error(err)
	}
}

func TestApplyUnknown(t *testing.T) {
	suite := passes.New(passes.Config{})
	for _, o := range []Option{{"nope", "x", "1"}, {"hotconv", "x", "1"}, {"unboundedinput", "max-body", "1 MB"}} {
		s := Selection{Options: []Option{o}}
		if _, err := s.Apply(suite); err == nil {
			t.Errorf("%v is accepted", o)
		}
	}
}
