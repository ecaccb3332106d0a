package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// growing is a file of package NAME with one finding that the compiler's
// word on a fix of can be had for without an import.
const growing = `package NAME

//heapvet:hot
func Index(rows map[string]int) map[string]int {
	m := map[string]int{}
	for name, i := range rows {
		m[name] = i + 1
	}
	return m
}
`

const (
	growingLine = "	m := map[string]int{}\n"
	grownLine   = "	m := make(map[string]int, len(rows))\n"
)

func growingSource(file, pkg string) string {
	return "-- " + file + " --\n" + strings.Replace(growing, "NAME", pkg, 1)
}

// text returns what the file is.
func text(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestFix(t *testing.T) {
	t.Parallel()
	dir := tree(t, modFile+growingSource("a/a.go", "a")+growingSource("b/b.go", "b")+hotSource("c/c.go", "c"))
	a, b := filepath.Join(dir, "a", "a.go"), filepath.Join(dir, "b", "b.go")
	was := text(t, a)
	if err := os.Chmod(a, 0o640); err != nil {
		t.Fatal(err)
	}

	diff := heapvet(t, dir, nil, "-diff", "-tier=advice", "./...")
	if !strings.HasPrefix(diff.stdout, "--- a/a/a.go\n+++ b/a/a.go\n@@ ") || strings.Count(diff.stdout, "\n-"+growingLine+"+"+grownLine) != 2 {
		t.Errorf("-diff printed\n%s", diff.stdout)
	}
	if want := "heapvet: 2 fixes proved, 0 applied, 0 refused\n"; diff.status != 1 || diff.stderr != want {
		t.Errorf("-diff: status %d, %q; want 1, %q", diff.status, diff.stderr, want)
	}
	if text(t, a) != was {
		t.Error("-diff has changed a file")
	}

	fix := heapvet(t, dir, nil, "-fix", "-tier=advice", "./...")
	if want := "a/a.go:5:7: Make it for so many keys (hotgrow)\nb/b.go:5:7: Make it for so many keys (hotgrow)\n"; fix.stdout != want {
		t.Errorf("-fix printed\n%s\nwant\n%s", fix.stdout, want)
	}
	if want := "heapvet: 2 fixes proved, 2 applied in 2 files, 0 refused; 1 finding left\n"; fix.status != 1 || fix.stderr != want {
		t.Errorf("-fix: status %d, %q; want 1, %q", fix.status, fix.stderr, want)
	}
	for _, name := range []string{a, b} {
		if got := text(t, name); !strings.Contains(got, grownLine) {
			t.Errorf("%s is\n%s", name, got)
		}
	}
	if info, err := os.Stat(a); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("the file's mode is %v, %v; want 0640", info.Mode(), err)
	}
	again := heapvet(t, dir, nil, "-fix", "-tier=advice", "./a", "./b")
	if want := "heapvet: 0 fixes proved, 0 applied, 0 refused; no findings left\n"; again.status != 0 || again.stdout != "" || again.stderr != want {
		t.Errorf("-fix once more: %v, want %q", again, want)
	}
}

// TestFixLeavesAlone shows which files are not edited although a fix of them
// would be proved, and that -v says why.
func TestFixLeavesAlone(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		spoil func(t *testing.T, file string)
		want  string // why the fix is left out
	}{
		{"read-only", func(t *testing.T, file string) {
			if err := os.Chmod(file, 0o444); err != nil {
				t.Fatal(err)
			}
		}, "the file is read-only"},
		{"line directive", func(t *testing.T, file string) {
			if err := os.WriteFile(file, []byte(text(t, file)+"\n//line a.y:1\n"), 0o666); err != nil {
				t.Fatal(err)
			}
		}, "the file is made from another one, as its //line comments say"},
		{"link out of the module", func(t *testing.T, file string) {
			target := filepath.Join(t.TempDir(), "a.go")
			if err := os.Rename(file, target); err != nil {
				t.Fatal(err)
			}
			if err := os.Symlink(target, file); err != nil {
				t.Skipf("no symbolic links here: %v", err)
			}
		}, "the file is outside of its module"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := tree(t, modFile+growingSource("a.go", "a"))
			file := filepath.Join(dir, "a.go")
			tt.spoil(t, file)
			was := text(t, file)
			got := heapvet(t, dir, nil, "-fix", "-v", "-tier=advice")
			if want := "heapvet: a.go:5:7: fix left out: " + tt.want + " (hotgrow)\nheapvet: 0 fixes proved, 0 applied, 1 refused; 1 finding left\n"; got.stderr != want || got.status != 1 || got.stdout != "" {
				t.Errorf("%v\nwant\n%s", got, want)
			}
			if text(t, file) != was {
				t.Error("the file has changed")
			}
		})
	}
}

// TestFixLink shows that a link to a file of the module stays one.
func TestFixLink(t *testing.T) {
	t.Parallel()
	dir := tree(t, modFile+growingSource("real/a.txt", "a"))
	target, link := filepath.Join(dir, "real", "a.txt"), filepath.Join(dir, "a.go")
	if err := os.Symlink(filepath.Join("real", "a.txt"), link); err != nil {
		t.Skipf("no symbolic links here: %v", err)
	}
	if got := heapvet(t, dir, nil, "-fix", "-tier=advice"); got.status != 0 {
		t.Errorf("-fix: %v", got)
	}
	if to, err := os.Readlink(link); err != nil || to != filepath.Join("real", "a.txt") {
		t.Errorf("the link leads to %q, %v", to, err)
	}
	if got := text(t, target); !strings.Contains(got, grownLine) {
		t.Errorf("the file is\n%s", got)
	}
}

// TestFixTests shows that a file which is compiled with and without tests is
// fixed once, and that tests are fixed on top of that.
func TestFixTests(t *testing.T) {
	t.Parallel()
	const wrong = "\n//heapvet:ht\nfunc NAME() {}\n"
	dir := tree(t, modFile+growingSource("a/a.go", "a")+strings.Replace(wrong, "NAME", "F", 1)+
		"-- a/a_test.go --\npackage a\n"+strings.Replace(wrong, "NAME", "G", 1)+
		"-- a/b_test.go --\npackage a_test\n\nimport \"example.com/m/a\"\n\nvar _ = a.Index\n"+strings.Replace(wrong, "NAME", "H", 1))
	got := heapvet(t, dir, nil, "-fix", "-v", "-test", "-tier=advice", "./...")
	if want := "heapvet: 4 fixes proved, 4 applied in 3 files, 0 refused; no findings left\n"; got.stderr != want || got.status != 0 {
		t.Errorf("%v, want %q", got, want)
	}
	for _, name := range []string{"a.go", "a_test.go", "b_test.go"} {
		if got := text(t, filepath.Join(dir, "a", name)); strings.Count(got, "//heapvet:hot\n") == 0 || strings.Contains(got, "//heapvet:ht\n") {
			t.Errorf("%s is\n%s", name, got)
		}
	}
}

func TestFixJSON(t *testing.T) {
	t.Parallel()
	dir := tree(t, modFile+growingSource("a.go", "a"))
	if got := heapvet(t, dir, nil, "-fix", "-json"); got.status != 2 || got.stderr != "heapvet: -fix prints no JSON; -diff does\n" {
		t.Errorf("%v", got)
	}
}
