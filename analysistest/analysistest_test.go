package analysistest

import (
	"fmt"
	"go/ast"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/heapvet/heapvet/passes/gcfacts"
)

// A recorder is a [Testing] that only remembers.
type recorder []string

func (r *recorder) Errorf(format string, args ...any) {
	*r = append(*r, fmt.Sprintf(format, args...))
}

// has reports an error unless exactly one message was recorded, which
// contains all parts.
func (r recorder) has(t *testing.T, parts ...string) {
	t.Helper()
	if len(r) != 1 {
		t.Errorf("recorded %q, want one message", []string(r))
		return
	}
	for _, part := range parts {
		if !strings.Contains(r[0], part) {
			t.Errorf("recorded %q, want it to contain %q", r[0], part)
		}
	}
}

// source holds one value that escapes and one that does not.
const source = `package p

type pair struct{ a, b int }

var global *pair

func heap() { global = new(pair) } // want "allocates"

func stack() int {
	p := new(pair) // want "allocates"
	return p.a
}
`

// accuser returns a check that says of each call of new that it allocates,
// whatever the compiler says.
func accuser(src gcfacts.Source, suffix string) *analysis.Analyzer {
	gc := gcfacts.New(src, nil)
	return &analysis.Analyzer{
		Name:     "accuser",
		Doc:      "accuse every new",
		Requires: []*analysis.Analyzer{gc},
		Run: func(pass *analysis.Pass) (any, error) {
			for _, file := range pass.Files {
				for n := range ast.Preorder(file) {
					call, ok := n.(*ast.CallExpr)
					if !ok {
						continue // no call
					}
					if fn, ok := call.Fun.(*ast.Ident); ok && fn.Name == "new" {
						pass.Report(analysis.Diagnostic{Pos: call.Pos(), End: call.End(), Message: "new allocates" + suffix})
					}
				}
			}
			return nil, nil
		},
	}
}

// write writes files of a GOPATH tree and returns its root.
func write(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		file := filepath.Join(dir, "src", filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestRefutedFindingFails(t *testing.T) {
	dir := write(t, map[string]string{"p/p.go": source})
	var got recorder
	runAnalyzer(&got, analysistest.Run, dir, accuser(compiler(dir, []string{"p"}), ""), []string{"p"})
	got.has(t, "p.go:10:", "the compiler refutes: new allocates")
}

func TestConfirmedFindingPasses(t *testing.T) {
	text := strings.Replace(source, "return p.a", "global = p\n\treturn p.a", 1)
	dir := write(t, map[string]string{"p/p.go": text})
	runAnalyzer(t, analysistest.Run, dir, accuser(compiler(dir, []string{"p"}), ""), []string{"p"})
}

func TestUnconfirmedFindingFails(t *testing.T) {
	dir := write(t, map[string]string{"p/p.go": strings.Replace(source, "new(pair) // want", "&pair{} // want", 1)})
	var got recorder
	a := accuser(nil, " (unconfirmed: no compiler)")
	runAnalyzer(&got, analysistest.Run, dir, a, []string{"p"})
	for _, message := range got {
		if strings.Contains(message, "the compiler does not confirm: new allocates") {
			return
		}
	}
	t.Errorf("recorded %q, want a finding that the compiler does not confirm", got)
}

func TestUnknownCheckFails(t *testing.T) {
	var got recorder
	Run(&got, "nosuchcheck")
	got.has(t, `there is no check "nosuchcheck"`)
}

func TestStandardLibraryIsLeftAlone(t *testing.T) {
	dir := write(t, map[string]string{
		"p/p.go":   "package p\n\nimport (\n\t\"errors\"\n\t\"p/q\"\n)\n\nvar _ = errors.New(q.Text)\n",
		"p/q/q.go": "package q\n\nconst Text = \"text\"\n",
	})
	var mu sync.Mutex
	var seen []string
	look := func(pass *analysis.Pass) (any, error) {
		mu.Lock()
		defer mu.Unlock()
		seen = append(seen, pass.Pkg.Path())
		return []string{}, nil
	}
	base := &analysis.Analyzer{Name: "base", Doc: "look", Run: look, ResultType: reflect.TypeFor[[]string]()}
	a := &analysis.Analyzer{
		Name: "looker", Doc: "look", Run: look, ResultType: reflect.TypeFor[[]string](),
		Requires: []*analysis.Analyzer{base}, FactTypes: []analysis.Fact{new(goodFact)},
	}
	runAnalyzer(t, analysistest.Run, dir, a, []string{"p"})
	slices.Sort(seen)
	if want := []string{"p", "p", "p/q", "p/q"}; !slices.Equal(seen, want) {
		t.Errorf("the analyzers saw %q, want %q", seen, want)
	}
}
