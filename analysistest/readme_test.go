package analysistest

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/heapvet/heapvet/passes"
)

var update = flag.Bool("update", false, "write what the tests want to README.md")

// checksTable returns the table of checks that belongs into README.md.
func checksTable(t *testing.T) string {
	var b strings.Builder
	b.WriteString("| check | what it does |\n|---|---|\n")
	for _, a := range passes.New(passes.Config{}) {
		first, _, _ := strings.Cut(a.Doc, "\n")
		title, ok := strings.CutPrefix(first, a.Name+": ")
		if !ok {
			t.Errorf("%s: the documentation begins with %q, want the name and a title", a.Name, first)
		}
		fmt.Fprintf(&b, "| [%s](%s) | %s |\n", a.Name, a.URL, title)
	}
	return b.String()
}

func TestReadmeListsTheChecks(t *testing.T) {
	dir, err := testdata()
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(filepath.Dir(dir), "README.md")
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	const begin, end = "<!-- begin checks: written by go test ./analysistest -update -->\n", "<!-- end checks -->"
	before, rest, found := strings.Cut(string(data), begin)
	old, after, ended := strings.Cut(rest, end)
	if !found || !ended {
		t.Fatalf("README.md lacks the marks %q and %q", begin, end)
	}
	table := checksTable(t)
	if old == table {
		return
	}
	if !*update {
		t.Fatalf("README.md does not list the checks there are; run go test ./analysistest -update")
	}
	if err := os.WriteFile(name, []byte(before+begin+table+end+after), 0o666); err != nil {
		t.Fatal(err)
	}
}
