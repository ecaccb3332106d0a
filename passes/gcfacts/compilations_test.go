package gcfacts

import (
	"go/ast"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestCompilations compiles what the go command lists, as it is and edited.
func TestCompilations(t *testing.T) {
	src := "package m\n\nimport \"strconv\"\n\nfunc F(n int) *int { _ = strconv.Itoa(n); return &n }\n"
	dir := module(t, map[string]string{
		"a.go": src, "a_test.go": "package m\n\nvar _ = F\n", "b_test.go": "package m_test\n\nimport \"m\"\n\nvar _ = m.F\n",
	})
	all, err := Compilations(t.Context(), ListConfig{Dir: dir, Env: environ(), Patterns: []string{"."}, Tests: true})
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for id := range all {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	if want := []string{"m", "m [m.test]", "m_test [m.test]"}; !slices.Equal(slices.DeleteFunc(ids, func(id string) bool { return id == "m.test" }), want) {
		t.Errorf("the go command lists %q, want %q", ids, want)
	}
	if d := all["m_test [m.test]"]; d.PackageFile["m"] == "" || d.PackageFile["m"] == all["m"].PackageFile["m"] {
		t.Errorf("the outer test imports m from %q", d.PackageFile["m"])
	}
	d := all["m"]
	file := d.Files[0]
	for _, tt := range []struct {
		src  string
		want Verdict
	}{{src, Heap}, {strings.Replace(src, "return &n", "return nil", 1), Stack}} {
		d.Overlay = map[string][]byte{file: []byte(tt.src)}
		c := checkFile(t, file, tt.src)
		gc, err := d.Compile(t.Context(), c.fset, []*ast.File{c.file}, nil, c.info, c.sizes)
		if err != nil {
			t.Fatal(err)
		}
		param := c.file.Decls[1].(*ast.FuncDecl).Type.Params.List[0].Names[0]
		if got := gc.At(param, Moved).Verdict; got != tt.want {
			t.Errorf("verdict of n in %q: %v, want %v", tt.src, got, tt.want)
		}
	}
	d.Overlay = map[string][]byte{file: []byte("package m\n\nvar x int = nope\n")}
	if _, err := d.Compile(t.Context(), nil, nil, nil, nil, nil); err == nil || !strings.Contains(err.Error(), "undefined: nope") {
		t.Errorf("compiling what does not: %v", err)
	}
}

// TestExport asks for the export data of what an edit may import.
func TestExport(t *testing.T) {
	dir := module(t, map[string]string{"a.go": "package m\n"})
	cfg := ListConfig{Dir: dir, Env: environ()}
	name, err := Export(t.Context(), cfg, "strconv")
	if _, statErr := os.Stat(name); err != nil || statErr != nil || !filepath.IsAbs(name) {
		t.Errorf("export data of strconv: %q, %v, %v", name, err, statErr)
	}
	if name, err := Export(t.Context(), cfg, "no/such/package"); err == nil {
		t.Errorf("export data of what is not there: %q", name)
	}
}
