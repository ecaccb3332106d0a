// Package catalogue_test holds the checks against a catalogue of measured
// shapes: every one that has a cheaper form is told in hot code and not in
// cold code, and none of those that cost nothing is.
package catalogue_test

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/imports"
	"golang.org/x/tools/txtar"
)

// maxUncovered is how many shapes may be listed as told by no check. It may
// only go down.
const maxUncovered = 18

// A shape is a row of shapes.tsv.
type shape struct {
	id, class, check string
	code             string
}

func TestCatalogue(t *testing.T) {
	shapes, uncovered := readShapes(t), readUncovered(t)
	if len(uncovered) != maxUncovered {
		t.Errorf("%d shapes are uncovered, want %d", len(uncovered), maxUncovered)
	}
	dir := writeModule(t, shapes)
	tool := build(t)
	told := findings(t, tool, dir)
	for _, s := range shapes {
		hot, cold := told["hot_"+s.id], told["cold_"+s.id]
		cold = slices.DeleteFunc(cold, func(m string) bool {
			return strings.HasPrefix(m, "poolmisuse: ") // it is about all code
		})
		if len(cold) > 0 {
			t.Errorf("%s: told in cold code: %q", s.id, cold)
		}
		delete(told, "hot_"+s.id)
		delete(told, "cold_"+s.id)
		_, excused := uncovered[s.id]
		switch {
		case s.class == "X" && len(hot) > 0:
			t.Errorf("%s: told although it costs nothing: %q", s.id, hot)
		case s.class == "X":
		case excused && by(hot, s.check):
			t.Errorf("%s: told, but listed as uncovered: %q", s.id, hot)
		case !excused && !by(hot, s.check):
			t.Errorf("%s: not told by %s: %q\n\t%s", s.id, s.check, hot, s.code)
		}
	}
	for fn := range told {
		t.Errorf("%s: told, but no shape: %q", fn, told[fn])
	}
	fixAll(t, tool, dir)
}

// by reports whether one of messages, "check: text", is of check.
func by(messages []string, check string) bool {
	return slices.ContainsFunc(messages, func(m string) bool { return strings.HasPrefix(m, check+": ") })
}

// fixAll applies all fixes that the compiler proves and builds the result.
func fixAll(t *testing.T, tool, dir string) {
	t.Helper()
	out, _ := command(dir, tool, "-fix", "-tier", "advice", "./...").CombinedOutput()
	text, err := command(dir, "go", "build", "./...").CombinedOutput()
	if err != nil {
		t.Errorf("building what -fix made: %v\n%s\n%s", err, text, out)
	}
	t.Logf("-fix: %s", lastLine(string(out)))
}

func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return lines[len(lines)-1]
}

// rows reads the lines of a table that are no comments.
func rows(t *testing.T, name string, columns int) [][]string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var all [][]string
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		row := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if len(row) != columns {
			t.Fatalf("%s: %d columns, want %d: %s", name, len(row), columns, line)
		}
		all = append(all, row)
	}
	return all
}

func readShapes(t *testing.T) []shape {
	t.Helper()
	var shapes []shape
	for _, row := range rows(t, "shapes.tsv", 6) {
		for _, n := range row[3:5] {
			if _, err := strconv.Atoi(n); err != nil && n != "-" {
				t.Errorf("%s: allocations %q", row[0], n)
			}
		}
		shapes = append(shapes, shape{id: row[0], class: row[1], check: row[2], code: row[5]})
	}
	return shapes
}

// readUncovered returns the reasons by shape.
func readUncovered(t *testing.T) map[string]string {
	t.Helper()
	uncovered := make(map[string]string)
	for _, row := range rows(t, "uncovered.tsv", 2) {
		uncovered[row[0]] = row[1]
	}
	return uncovered
}

// writeModule writes a module with a hot and a cold function for each shape
// and returns its folder.
func writeModule(t *testing.T, shapes []shape) string {
	t.Helper()
	dir := t.TempDir()
	archive, err := txtar.ParseFile("module.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range archive.Files {
		write(t, filepath.Join(dir, f.Name), f.Data)
	}
	var b strings.Builder
	b.WriteString("package catalogue\n\nimport (\n\t\"math/rand\"\n\t\"text/template\"\n)\n\nvar _, _ = rand.Int, template.New\n")
	for _, s := range shapes {
		fmt.Fprintf(&b, "\n//heapvet:hot\nfunc hot_%s() {\n%s\n}\n\nfunc cold_%s() {\n%s\n}\n", s.id, s.code, s.id, s.code)
	}
	name := filepath.Join(dir, "shapes.go")
	text, err := imports.Process(name, []byte(b.String()), nil)
	if err != nil {
		t.Fatal(err)
	}
	write(t, name, text)
	return dir
}

func write(t *testing.T, name string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, data, 0o666); err != nil {
		t.Fatal(err)
	}
}

func command(dir, name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off", "GOPROXY=off")
	return cmd
}

func build(t *testing.T) string {
	t.Helper()
	tool := filepath.Join(t.TempDir(), "heapvet")
	if out, err := exec.Command("go", "build", "-o", tool, "github.com/heapvet/heapvet/cmd/heapvet").CombinedOutput(); err != nil {
		t.Fatalf("building heapvet: %v\n%s", err, out)
	}
	return tool
}

// findings runs heapvet on the module and returns what it says, by function.
func findings(t *testing.T, tool, dir string) map[string][]string {
	t.Helper()
	cmd := command(dir, tool, "-json", "-tier", "advice", "./...")
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, _ := cmd.Output() // fails where there are findings
	type diagnostic struct{ Posn, Message string }
	told := make(map[string][]string)
	functions := declared(t, filepath.Join(dir, "shapes.go"))
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var packages map[string]map[string][]diagnostic
		if err := dec.Decode(&packages); err == io.EOF {
			break
		} else if err != nil {
			t.Fatalf("reading heapvet's findings: %v\n%s", err, stderr.String())
		}
		for check, diagnostics := range packages["catalogue.test"] {
			for _, d := range diagnostics {
				file, line := position(d.Posn)
				fn := "support.go"
				if filepath.Base(file) == "shapes.go" {
					fn = functions[line]
				}
				told[fn] = append(told[fn], check+": "+d.Message)
			}
		}
	}
	if len(told) == 0 {
		t.Fatalf("heapvet finds nothing\n%s", stderr.String())
	}
	return told
}

// position splits "file:line:column".
func position(posn string) (file string, line int) {
	fields := strings.Split(posn, ":")
	if len(fields) < 3 {
		return posn, 0
	}
	line, _ = strconv.Atoi(fields[len(fields)-2])
	return strings.Join(fields[:len(fields)-2], ":"), line
}

// declared returns the name of the function at each line of a file.
func declared(t *testing.T, name string) map[int]string {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, name, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	names := make(map[int]string)
	for _, decl := range file.Decls {
		if fn, ok := decl.(*ast.FuncDecl); ok {
			for line := fset.Position(fn.Pos()).Line; line <= fset.Position(fn.End()).Line; line++ {
				names[line] = fn.Name.Name
			}
		}
	}
	return names
}
