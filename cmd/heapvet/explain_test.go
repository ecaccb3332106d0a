package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// TestExplain compares what explain says about lines of a module with what
// testdata/explain.txtar holds: after the module's files, one section per
// line, named "FILE:LINE". HEAPVET_UPDATE=1 writes the sections anew.
func TestExplain(t *testing.T) {
	if !strings.HasPrefix(goVersion(t), "go1.26") {
		t.Skip("recorded with Go 1.26; the compiler's words change")
	}
	golden := filepath.Join("testdata", "explain.txtar")
	archive, err := txtar.ParseFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	dir := tree(t, string(txtar.Format(&txtar.Archive{Files: sources(archive)})))
	update := os.Getenv("HEAPVET_UPDATE") != ""
	for i, f := range archive.Files {
		if !strings.Contains(f.Name, ":") {
			continue
		}
		got := heapvet(t, dir, nil, "explain", f.Name)
		if got.status != 0 || got.stderr != "" {
			t.Errorf("explain %s: status %d, %s", f.Name, got.status, got.stderr)
		}
		switch {
		case update:
			archive.Files[i].Data = []byte(got.stdout)
		case got.stdout != string(f.Data):
			t.Errorf("explain %s printed\n%s\nwant\n%s", f.Name, got.stdout, f.Data)
		}
	}
	if update {
		if err := os.WriteFile(golden, txtar.Format(archive), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// sources returns the files of archive that are no expected output.
func sources(archive *txtar.Archive) []txtar.File {
	var files []txtar.File
	for _, f := range archive.Files {
		if !strings.Contains(f.Name, ":") {
			files = append(files, f)
		}
	}
	return files
}

func goVersion(t *testing.T) string {
	t.Helper()
	return strings.TrimSpace(command(t, t.TempDir(), nil, "go", "env", "GOVERSION").stdout)
}

// TestExplainPlaces shows that a line is found however the user names it.
func TestExplainPlaces(t *testing.T) {
	t.Parallel()
	dir := tree(t, modFile+hotSource("a/a.go", "a")+"-- b/x --\n")
	const said = "`&point{}`: the value is on the heap, 128 bytes each time"
	for _, place := range []struct{ dir, arg string }{
		{"", "a/a.go:7"}, {"", "a/a.go:7:"}, {"", "a/a.go:7:9"}, {"a", "a.go:7:8:"}, {"b", "../a/a.go:7"},
		{"b", filepath.Join(dir, "a", "a.go") + ":7"},
	} {
		got := heapvet(t, filepath.Join(dir, place.dir), nil, "explain", place.arg)
		if got.status != 0 || !strings.Contains(got.stdout, said) {
			t.Errorf("explain %s in %q: %v, want %q", place.arg, place.dir, got, said)
		}
	}
	got := heapvet(t, dir, nil, "explain", "a/a.go:7:2")
	if strings.Contains(got.stdout, said) {
		t.Errorf("explain at another column tells all the same:\n%s", got.stdout)
	}
	for _, line := range []int{1, 2, 3, 10, 16, 99} { // a bit of everything, and none
		arg := fmt.Sprintf("a/a.go:%d", line)
		if got := heapvet(t, dir, nil, "explain", arg); got.status != 0 || got.stderr != "" {
			t.Errorf("explain %s: %v", arg, got)
		}
	}
}
