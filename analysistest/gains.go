package analysistest

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// A Gain is a call of a case's package that must allocate less once the
// fixes of the package are made.
type Gain struct {
	Name string // of the fix that is measured
	Call string // a statement
}

// Gains measures with [testing.AllocsPerRun] what calls of a case's package
// allocate, as it is and with its golden files in place of the files that
// they are of, and reports those that do not allocate less. imports are
// what the calls import, and setup holds declarations for them. It builds two
// test binaries: a short test must not call it.
func Gains(t *testing.T, check, pkg string, imports []string, setup string, gains ...Gain) {
	t.Helper()
	dir, err := testdata()
	if err != nil {
		t.Fatal(err)
	}
	at := filepath.Join(dir, "src", check, filepath.FromSlash(pkg))
	golden, name, err := goldenFiles(at)
	if err != nil {
		t.Fatal(err)
	}
	test := filepath.Join(t.TempDir(), "gains_test.go")
	if err := os.WriteFile(test, gainsTest(name, imports, setup, gains), 0o666); err != nil {
		t.Fatal(err)
	}
	replace := map[string]string{filepath.Join(at, "zz_gains_test.go"): test}
	before, err := measure(t, dir, check+"/"+pkg, replace)
	if err != nil {
		t.Fatalf("before the fixes: %v", err)
	}
	for file, text := range golden {
		replace[file] = filepath.Join(t.TempDir(), filepath.Base(file))
		if err := os.WriteFile(replace[file], text, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	after, err := measure(t, dir, check+"/"+pkg, replace)
	if err != nil {
		t.Fatalf("after the fixes: %v", err)
	}
	if len(before) != len(gains) || len(after) != len(gains) {
		t.Fatalf("measured %d calls before and %d after, want %d", len(before), len(after), len(gains))
	}
	for i, g := range gains {
		t.Logf("%s: %v allocations, %v with the fix", g.Name, before[i], after[i])
		if after[i] >= before[i] {
			t.Errorf("%s: %v allocations, and with the fix %v", g.Name, before[i], after[i])
		}
	}
}

// goldenFiles returns what the golden files in dir hold, by the name of the
// file that each is of, and the name of the package.
func goldenFiles(dir string) (golden map[string][]byte, pkg string, err error) {
	names, err := filepath.Glob(filepath.Join(dir, "*.go.golden"))
	if err != nil || len(names) == 0 {
		return nil, "", fmt.Errorf("there are no golden files in %s: %w", dir, err)
	}
	golden = make(map[string][]byte)
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, "", fmt.Errorf("reading a golden file: %w", err)
		}
		if archive := txtar.Parse(data); len(archive.Files) > 0 {
			return nil, "", fmt.Errorf("%s has a section for each fix: measure them apart", name)
		}
		for line := range bytes.Lines(data) {
			if text, ok := bytes.CutPrefix(line, []byte("package ")); ok {
				pkg = strings.Fields(string(text))[0]
				break
			}
		}
		golden[strings.TrimSuffix(name, ".golden")] = data
	}
	return golden, pkg, nil
}

// gainMark begins the lines that the measuring test prints.
const gainMark = "gain "

// gainsTest returns the test that measures.
func gainsTest(pkg string, imports []string, setup string, gains []Gain) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "package %s\n\nimport (\n\t\"fmt\"\n\t\"testing\"\n", pkg)
	for _, imp := range imports {
		if imp != "fmt" {
			fmt.Fprintf(&b, "\t%q\n", imp)
		}
	}
	fmt.Fprintf(&b, ")\n\n%s\n\nfunc TestGains(t *testing.T) {\n", setup)
	for _, g := range gains {
		fmt.Fprintf(&b, "\tfmt.Println(%q, testing.AllocsPerRun(200, func() { %s }))\n", strings.TrimSpace(gainMark), g.Call)
	}
	b.WriteString("}\n")
	return b.Bytes()
}

// measure runs the test in the package path and returns what it prints.
func measure(t *testing.T, dir, path string, replace map[string]string) ([]float64, error) {
	data, err := json.Marshal(struct{ Replace map[string]string }{replace})
	if err != nil {
		return nil, err
	}
	overlay := filepath.Join(t.TempDir(), "overlay.json")
	if err := os.WriteFile(overlay, data, 0o666); err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(t.Context(), "go", "test", "-vet=off", "-count=1", "-overlay="+overlay, "-run=^TestGains$", "-v", path)
	cmd.Dir, cmd.Env = dir, append(listing(dir, nil).Env, "GOFLAGS=")
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return nil, fmt.Errorf("go test: %s", bytes.TrimSpace(out))
	} else if err != nil {
		return nil, fmt.Errorf("running go test: %w", err)
	}
	var all []float64
	for sc := bufio.NewScanner(bytes.NewReader(out)); sc.Scan(); {
		var n float64
		if text, ok := strings.CutPrefix(sc.Text(), gainMark); ok {
			if _, err := fmt.Sscan(text, &n); err != nil {
				return nil, fmt.Errorf("reading what go test prints: %w", err)
			}
			all = append(all, n)
		}
	}
	return all, nil
}
