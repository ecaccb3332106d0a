package prove_test

import (
	"go/ast"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/heapvet/heapvet/passes/gcfacts"
	"github.com/heapvet/heapvet/passes/prove"
)

// A proposal is what the comment "//fix KIND OLD => NEW" proposes for its
// own line: to replace OLD by NEW. The kind says what the finding rests on:
// alloc (a site of the line), measured or nothing (which is no allocation).
// More edits may follow after " && "; with a ^, OLD is the first in the file.
type proposal struct {
	diag     analysis.Diagnostic
	evidence *gcfacts.Evidence
}

// proposals reads the comments of file.
func proposals(t *testing.T, fset *token.FileSet, file *ast.File, gc *gcfacts.Package) []proposal {
	t.Helper()
	tok := fset.File(file.FileStart)
	src, err := os.ReadFile(tok.Name())
	if err != nil {
		t.Fatal(err)
	}
	var all []proposal
	for _, group := range file.Comments {
		for _, c := range group.List {
			text, ok := strings.CutPrefix(c.Text, "//fix ")
			if !ok {
				continue
			}
			kind, edits, _ := strings.Cut(text, " ")
			line := tok.Line(c.Pos())
			p := proposal{diag: analysis.Diagnostic{Pos: tok.LineStart(line), Message: "found"}}
			fix := analysis.SuggestedFix{Message: "Mend it"}
			for edit := range strings.SplitSeq(edits, " && ") {
				before, after, _ := strings.Cut(edit, " => ")
				from := tok.Offset(tok.LineStart(line))
				if before[0] == '^' {
					before, from = before[1:], 0
				}
				start := from + strings.Index(string(src[from:]), before)
				after, err := strconv.Unquote(`"` + strings.ReplaceAll(after, `"`, `\"`) + `"`)
				if err != nil || start < from {
					t.Fatalf("%s: %v", text, err)
				}
				end := start + len(before)
				if strings.HasPrefix(after, before) {
					start, after = end, after[len(before):] // it only adds
				}
				fix.TextEdits = append(fix.TextEdits, analysis.TextEdit{Pos: tok.Pos(start), End: tok.Pos(end), NewText: []byte(after)})
			}
			p.diag.SuggestedFixes = []analysis.SuggestedFix{fix}
			p.evidence = evidence(kind, fset, line, tok.Name(), gc)
			all = append(all, p)
		}
	}
	return all
}

func evidence(kind string, fset *token.FileSet, line int, name string, gc *gcfacts.Package) *gcfacts.Evidence {
	if kind == "nothing" {
		return nil
	}
	e := new(gcfacts.Evidence)
	if kind == "measured" {
		e.Measured = 1
		return e
	}
	for _, s := range gc.Sites() {
		if at := fset.Position(s.Node.Pos()); at.Filename == name && at.Line == line && s.Verdict == gcfacts.Heap {
			e.Site = *s
			return e
		}
	}
	return e
}

// A tried is a module whose proposals were tried.
type tried struct {
	dir string
	res *prove.Result
}

// try writes a module with the files, which are in package m, and tries what
// they propose.
func try(t *testing.T, files map[string]string) tried {
	t.Helper()
	dir := module(t, files)
	env := append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod")
	pkgs, err := packages.Load(&packages.Config{Dir: dir, Env: env, Mode: packages.LoadSyntax | packages.NeedModule}, ".")
	if err != nil || len(pkgs) != 1 || len(pkgs[0].Errors) > 0 {
		t.Fatalf("%v, %v", err, pkgs[0].Errors)
	}
	list := gcfacts.ListConfig{Dir: dir, Env: env, Patterns: []string{"."}}
	compilations, err := gcfacts.Compilations(t.Context(), list)
	if err != nil {
		t.Fatal(err)
	}
	gc := word(t, gcfacts.New(gcfacts.NewList(list), nil), pkgs)
	p, err := prove.Of(pkgs[0], gc, compilations["example.com/m"], list)
	if err != nil {
		t.Fatal(err)
	}
	var fixes []prove.Fix
	for _, file := range pkgs[0].Syntax {
		for _, prop := range proposals(t, pkgs[0].Fset, file, gc) {
			fix, err := prove.New(pkgs[0].Fset, "check", prop.diag, prop.evidence)
			if err != nil {
				t.Fatalf("%v: %v", fix.Pos, err)
			}
			fixes = append(fixes, fix)
		}
	}
	slices.SortFunc(fixes, prove.Compare)
	fixes, refused := prove.Disjoint(fixes)
	res, err := p.Prove(t.Context(), fixes)
	if err != nil {
		t.Fatal(err)
	}
	res.Outcomes = append(refused, res.Outcomes...)
	return tried{dir, res}
}

// word returns what gcfacts found.
func word(t *testing.T, a *analysis.Analyzer, pkgs []*packages.Package) *gcfacts.Package {
	t.Helper()
	graph, err := checker.Analyze([]*analysis.Analyzer{a}, pkgs, nil)
	if err != nil || graph.Roots[0].Err != nil {
		t.Fatal(err, graph.Roots[0].Err)
	}
	return graph.Roots[0].Result.(*gcfacts.Package)
}

func module(t *testing.T, files map[string]string) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	files["go.mod"] = "module example.com/m\n\ngo 1.26\n"
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// refusals returns what was refused, as "LINE: why".
func (tr tried) refusals() []string {
	var all []string
	for _, o := range tr.res.Outcomes {
		if o.Refused != "" {
			all = append(all, strconv.Itoa(o.Fix.Pos.Line)+": "+o.Refused)
		}
	}
	return all
}

// begin is the head of the files that the tests try fixes on.
const begin = `package m

import "fmt"

var sink any

type point struct{ x, y int }

func add(p *point) int { return p.x + p.y }

func show(n int) string { return fmt.Sprint(n) }

`

func TestProve(t *testing.T) {
	for _, tt := range []struct {
		name string
		body string
		want string // a part of the reason to refuse the fix; "" if it is proved
	}{
		{"gone", "func f(n int) string {\n\treturn fmt.Sprintf(\"%d\", n) //fix alloc fmt.Sprintf(\"%d\", n) => show(n)\n}\n", ""},
		{"moved variable gone", "func f(n int) int {\n\tp := point{n, n} //fix alloc q := &p => q := p\n\tq := &p\n\tsink = q\n\treturn n\n}\n", "still there"},
		{"no compile", "func f(n int) string {\n\treturn fmt.Sprintf(\"%d\", n) //fix alloc fmt.Sprintf(\"%d\", n) => strconv.Itoa(n)\n}\n", "undefined: strconv"},
		{"still there", "func f(n int) string {\n\treturn fmt.Sprintf(\"%d\", n) //fix alloc \"%d\" => \"%v\"\n}\n", "the allocation is still there"},
		{"as many again", "func f(n int) {\n\tsink = n //fix alloc sink = n => sink = [1]int{n}\n}\n", "it saves 1 allocation and makes 1"},
		{"another one", "func f(n int) int {\n\tp := point{n, n}\n\tsink = n //fix alloc sink = n => sink = nil; q(&p)\n\treturn add(&p)\n}\n\nfunc q(p *point) { if p.x > 0 { q2 = p } }\n\nvar q2 *point\n", "it puts something else on the heap: p in a.go"},
		{"measured", "func f(n int) string {\n\treturn show(n) //fix measured show(n) => \"\"\n}\n", ""},
		{"measured, and makes as many", "func f(n int) {\n\tshow(n) //fix measured show(n) => sink = [1]int{n}\n}\n", "it saves 1 allocation and makes 1"},
		{"no allocation", "func f(n int) {\n\tshow(n) //fix nothing show(n) => sink = &n\n}\n", "puts something else on the heap: n "},
		{"exported", "func F(n int) {\n\tsink = n //fix alloc sink = n => sink = nil && ^func F(n int) => func F(n uint)\n}\n", "it changes the declaration of F"},
		{"what tests use", "func f(n int) {\n\tsink = n //fix alloc sink = n => sink = nil && ^func f(n int) => func f(n uint)\n}\n", "it changes what f means to the package's tests"},
		{"not what tests use", "func g(n int) {\n\tsink = n //fix alloc sink = n => sink = nil && ^func g(n int) => func g(n uint)\n}\n", ""},
		{"hoisted", "func f(n int) []byte {\n\tb := []byte(\"abc\") //fix alloc []byte(\"abc\") => abc && ^func f => var abc = []byte(\"abc\")\\n\\nfunc f\n\treturn b\n}\n", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tr := try(t, map[string]string{"a.go": begin + tt.body, "a_test.go": "package m\n\nvar _ = f\n"})
			if len(tr.res.Outcomes) != 1 {
				t.Fatalf("%d outcomes, want 1", len(tr.res.Outcomes))
			}
			got := tr.res.Outcomes[0].Refused
			if tt.want == "" && got != "" || !strings.Contains(got, tt.want) {
				t.Errorf("refused: %q, want %q", got, tt.want)
			}
			if (len(tr.res.Files) == 1) != (tt.want == "") {
				t.Errorf("changes %q", tr.res.Files)
			}
		})
	}
}

// ten is a file with ten proposals, all good.
func ten() string {
	var b strings.Builder
	b.WriteString(begin)
	for i := range 10 {
		name := strconv.Itoa(i)
		b.WriteString("func f" + name + "(n int) string {\n\treturn fmt.Sprintf(\"%d\", n) //fix alloc fmt.Sprintf(\"%d\", n) => show(n)\n}\n\n")
	}
	return b.String()
}

// TestOneCompile shows that fixes are tried all together, and once more
// without those that the compiler tells the fault of.
func TestOneCompile(t *testing.T) {
	tr := try(t, map[string]string{"a.go": ten()})
	if got := tr.refusals(); len(got) > 0 || tr.res.Compiles != 1 {
		t.Errorf("refused %q in %d compiles; want none, in one", got, tr.res.Compiles)
	}
	src := strings.Replace(ten(), "show(n)\n}\n\nfunc f7", "fmt.Sprint(n)\n}\n\nfunc f7", 1)
	tr = try(t, map[string]string{"a.go": src})
	if got := tr.refusals(); len(got) != 1 || got[0] != "38: it saves 1 allocation and makes 1: n" || tr.res.Compiles != 2 {
		t.Errorf("refused %q in %d compiles; want one, in two", got, tr.res.Compiles)
	}
}

// TestBisect shows that one fix among ten that breaks the build is found,
// and the others are made.
func TestBisect(t *testing.T) {
	src := strings.Replace(ten(), "show(n)\n}\n\nfunc f7", "nope(n)\n}\n\nfunc f7", 1)
	tr := try(t, map[string]string{"a.go": src})
	if got := tr.refusals(); len(got) != 1 || got[0] != "38: it does not compile: a.go:38:9: undefined: nope" {
		t.Errorf("refused %q", got)
	}
	text := string(tr.res.Files[filepath.Join(tr.dir, "a.go")])
	if n := strings.Count(text, "return show(n)"); n != 9 {
		t.Errorf("%d fixes are made, want 9:\n%s", n, text)
	}
}
