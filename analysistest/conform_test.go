package analysistest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestParseFindings(t *testing.T) {
	const text = `# example.com/p
{"example.com/p": {"b": [{"posn": "/dir/p/p.go:7:2", "message": "second"}], "a": [{"posn": "/dir/p/p.go:3:1", "message": "first"}]}}
# example.com/q
{}
{"example.com/p [example.com/p.test]": {"a": [{"posn": "/dir/p/p.go:3:1", "message": "first"}]}}
`
	found, err := parseFindings(strings.NewReader(text), "/dir")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range found {
		got = append(got, f.String())
	}
	want := "p/p.go:3:1: first (a)|p/p.go:7:2: second (b)"
	if strings.Join(got, "|") != want {
		t.Errorf("got %q, want %q", strings.Join(got, "|"), want)
	}
	const failed = `{"example.com/p": {"a": {"error": "boom"}}}`
	if _, err := parseFindings(strings.NewReader(failed), "/dir"); err == nil || !strings.Contains(err.Error(), "boom") {
		t.Errorf("an analyzer's error is reported as %v", err)
	}
}

func TestDriversFails(t *testing.T) {
	var got recorder
	Drivers(&got, "/nowhere/heapvet", t.TempDir(), "./...")
	got.has(t, "standalone: ", "heapvet")
}

// TestDriversAgree runs both drivers on packages of the corpus, each as a
// module of its own. It is left out with -short: go vet shows its tool the
// standard library, which takes a while the first time.
func TestDriversAgree(t *testing.T) {
	if testing.Short() {
		t.Skip("go vet takes seconds to show a new tool the standard library")
	}
	root, tool := build(t)
	for _, check := range []string{"gctuning", "hotconv", "hotescape", "poolmisuse"} {
		t.Run(check, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.CopyFS(dir, os.DirFS(filepath.Join(root, "src", check, "handlers"))); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module example.com/handlers\n\ngo 1.26.0\n"), 0o666); err != nil {
				t.Fatal(err)
			}
			if len(Drivers(t, tool, dir, "./...")) == 0 {
				t.Error("the drivers agree on nothing")
			}
		})
	}
}

// TestTwins runs heapvet on the small server: the leaking twin has findings
// of these checks, and the mended one has none of any.
func TestTwins(t *testing.T) {
	if testing.Short() {
		t.Skip("building heapvet takes seconds")
	}
	root, tool := build(t)
	found, err := findings(filepath.Join(root, "app"), 1, tool, []string{"-json", "./..."})
	if err != nil {
		t.Fatal(err)
	}
	missing := map[string]bool{"gctuning": true, "hotconv": true, "hotescape": true, "poolmisuse": true}
	for _, f := range found {
		delete(missing, f.Check)
		if !strings.HasPrefix(f.Posn, "leaky/") {
			t.Errorf("not in the leaking twin: %v", f)
		}
	}
	for check := range missing {
		t.Errorf("%s finds nothing in the leaking twin", check)
	}
}

// build builds heapvet and returns the folder testdata and the binary.
func build(t *testing.T) (root, tool string) {
	t.Helper()
	root, err := testdata()
	if err != nil {
		t.Fatal(err)
	}
	tool = filepath.Join(t.TempDir(), "heapvet")
	if out, err := exec.Command("go", "build", "-o", tool, "github.com/heapvet/heapvet/cmd/heapvet").CombinedOutput(); err != nil {
		t.Fatalf("building heapvet: %v\n%s", err, out)
	}
	return root, tool
}
