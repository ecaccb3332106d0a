package gcfacts

import (
	"flag"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite golden files")

const formsDir = "../../testdata/escape/forms"

// A checked source file, as a pass sees a package.
type checkedFile struct {
	fset  *token.FileSet
	file  *ast.File
	info  *types.Info
	sizes types.Sizes
}

// checkFile parses and type-checks src under the given name.
func checkFile(t testing.TB, name string, src any) *checkedFile {
	t.Helper()
	c := &checkedFile{fset: token.NewFileSet(), sizes: types.SizesFor("gc", "amd64"), info: newInfo()}
	var err error
	if c.file, err = parser.ParseFile(c.fset, name, src, parser.ParseComments|parser.SkipObjectResolution); err != nil {
		t.Fatal(err)
	}
	cfg := types.Config{Importer: importer.Default(), Sizes: c.sizes, GoVersion: "go1.26"}
	if _, err := cfg.Check("forms", c.fset, []*ast.File{c.file}, c.info); err != nil {
		t.Fatal(err)
	}
	return c
}

func (c *checkedFile) resolve(text *Text) *result {
	return resolve(text, c.fset, []*ast.File{c.file}, c.info, c.sizes)
}

// recorded parses the recorded text about package forms.
func recorded(t testing.TB, name, dir string) *Text {
	t.Helper()
	f, err := os.Open(filepath.Join(formsDir, name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	c := NewCollector(Roots{Dir: dir})
	if err := c.Read(f); err != nil {
		t.Fatal(err)
	}
	if other := c.Other(); len(other) > 0 {
		t.Errorf("%s: lines not understood: %q", name, other)
	}
	text, err := c.Load(t.Context(), Request{Path: "forms"})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// source reads one of the recorded files, which are named .go.txt so that
// nothing formats or compiles them.
func source(t testing.TB, name string) []byte {
	t.Helper()
	src, err := os.ReadFile(filepath.Join(formsDir, name+".txt"))
	if err != nil {
		t.Fatal(err)
	}
	return src
}

var formsCases = []struct{ toolchain, file, text, allocs string }{
	{"go1.22.12", "forms.go", "m2.go1.22.12.txt", ""},
	{"go1.24.9", "forms.go", "m2.go1.24.9.txt", "allocs.go1.24.9.txt"},
	{"go1.25.3", "forms.go", "m2.go1.25.3.txt", "allocs.go1.25.3.txt"},
	{"go1.26.8", "forms.go", "m2.go1.26.8.txt", "allocs.go1.26.8.txt"},
	{"go1.26.8-new", "forms-go1.26.go", "forms-go1.26.m2.go1.26.8.txt", ""},
}

// TestForms resolves the recorded text of several toolchains.
func TestForms(t *testing.T) {
	for _, tt := range formsCases {
		t.Run(tt.toolchain, func(t *testing.T) {
			dir := t.TempDir()
			c := checkFile(t, filepath.Join(dir, "forms.go"), source(t, tt.file))
			res := c.resolve(recorded(t, tt.text, dir))
			checkStats(t, res.stats)
			golden(t, "sites."+tt.toolchain+".golden", c.describe(res))
			if tt.allocs != "" {
				c.checkAllocs(t, res, tt.allocs, tt.toolchain >= "go1.25")
			}
		})
	}
}

func checkStats(t *testing.T, s Stats) {
	t.Helper()
	if s.Heap == 0 || s.One != s.Heap {
		t.Errorf("of %d heap messages %d have exactly one node: %q", s.Heap, s.One, s.Unresolved)
	}
}

// facts returns res as checks see it.
func (c *checkedFile) facts(res *result) *Package {
	p := &Package{res: res, class: classifier{info: c.info, sizes: c.sizes}, funcs: funcDecls([]*ast.File{c.file})}
	p.once.Do(func() {})
	return p
}

// describe prints all that was resolved.
func (c *checkedFile) describe(res *result) string {
	var b strings.Builder
	facts := c.facts(res)
	for _, s := range res.order {
		p := c.fset.Position(s.Node.Pos())
		fmt.Fprintf(&b, "%d:%d %v %v %s (%s) %d bytes", p.Line, p.Column, s.Kind, s.Verdict, s.Expr, s.Reason(), facts.Bytes(*s))
		if s.Callee != "" {
			fmt.Fprintf(&b, " callee %s", s.Callee)
		}
		if len(s.Instances) > 0 {
			fmt.Fprintf(&b, " in %s", strings.Join(s.Instances, ", "))
		}
		for _, e := range s.Explanations {
			b.WriteString("\n\t" + strings.TrimSpace(e.Func))
			for _, f := range e.Flows {
				fmt.Fprintf(&b, " | %s <- %d %s", f.Dst, f.Derefs, f.Src)
				for _, st := range f.Steps {
					p := c.fset.Position(st.Pos)
					fmt.Fprintf(&b, "; %s (%s) %d:%d", st.Expr, st.Reason, p.Line, p.Column)
				}
			}
		}
		b.WriteByte('\n')
	}
	for _, decl := range funcDecls([]*ast.File{c.file}) {
		fn := c.info.Defs[decl.Name].(*types.Func)
		for i := range fn.Signature().Params().Len() {
			if l := res.leaks[fn.Signature().Params().At(i)]; l != nil {
				fmt.Fprintf(&b, "leak %s.%s heap %d results %v explanations %d\n", fn.Name(), l.Param.Name(), l.Heap, l.Results, len(l.Explanations))
			}
		}
	}
	return b.String()
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join(formsDir, name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs:\n%s", name, diff(string(want), got))
	}
}

// diff returns the lines that only one of a and b has.
func diff(a, b string) string {
	in := func(s string) map[string]bool {
		m := make(map[string]bool)
		for line := range strings.Lines(s) {
			m[line] = true
		}
		return m
	}
	var out strings.Builder
	inA, inB := in(a), in(b)
	for line := range strings.Lines(a) {
		if !inB[line] {
			out.WriteString("-" + line)
		}
	}
	for line := range strings.Lines(b) {
		if !inA[line] {
			out.WriteString("+" + line)
		}
	}
	return out.String()
}

// TestFormsLive compiles the forms with this machine's toolchain.
func TestFormsLive(t *testing.T) {
	dir := t.TempDir()
	src := source(t, "forms-go1.26.go")
	file := filepath.Join(dir, "forms.go")
	write(t, file, string(src))
	write(t, filepath.Join(dir, "go.mod"), "module forms\n\ngo 1.26\n")
	list := NewList(ListConfig{Dir: dir, Env: append(os.Environ(), "GOFLAGS=", "GOWORK=off")})
	text, err := list.Load(t.Context(), Request{Path: "forms", Dir: dir, Files: []string{file}})
	if err != nil {
		t.Fatal(err)
	}
	c := checkFile(t, file, src)
	res := c.resolve(text)
	checkStats(t, res.stats)
	if strings.HasPrefix(runtime.Version(), "go1.26") {
		golden(t, "sites.go1.26.8-new.golden", c.describe(res))
	}
}

func write(t testing.TB, name, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}
