package gcfacts

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"go/ast"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/go/packages"
)

// module writes a module with the given files and returns its directory.
func module(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	if files["go.mod"] == "" {
		write(t, filepath.Join(dir, "go.mod"), "module m\n\ngo 1.24\n")
	}
	for name, content := range files {
		write(t, filepath.Join(dir, name), content)
	}
	return dir
}

func environ(extra ...string) []string {
	return append(append(os.Environ(), "GOFLAGS=", "GOWORK=off", "GOTOOLCHAIN=local"), extra...)
}

// TestNoData makes each source fail in a way of its own: the reason must be
// in plain words.
func TestNoData(t *testing.T) {
	good := map[string]string{"a.go": "package m\n\nfunc F(n int) *int { return &n }\n"}
	for _, tt := range []struct {
		name  string
		files map[string]string
		cfg   ListConfig
		want  string
	}{
		{"broken", map[string]string{"a.go": "package m\n\nfunc F() { undefined() }\n"}, ListConfig{}, "escape check skipped for m: package does not compile: ./a.go:3:12: undefined: undefined"},
		{"syntax", map[string]string{"a.go": "package m\n\nfunc F( {\n"}, ListConfig{}, "escape check skipped for m: package does not compile"},
		{"dependency", map[string]string{"a.go": "package m\n\nimport \"m/b\"\n\nvar X = b.Y\n", "b/b.go": "package b\n\nvar Y int = \"\"\n"}, ListConfig{}, "escape check skipped for m: a dependency does not compile"},
		{"no go", good, ListConfig{Env: []string{"PATH="}}, "compiler cross-check unavailable: no go command"},
		{"old toolchain", map[string]string{"go.mod": "module m\n\ngo 1.99\n", "a.go": good["a.go"]}, ListConfig{}, "compiler cross-check unavailable: go: go.mod requires go >= 1.99 (running go"},
		{"driver", good, ListConfig{Env: environ("GOPACKAGESDRIVER=bazel")}, "compiler cross-check unavailable: GOPACKAGESDRIVER is set"},
		{"cgo off", map[string]string{"a.go": "package m\n\nimport \"C\"\n\nfunc F(n int) *int { return &n }\n"}, ListConfig{Env: environ("CGO_ENABLED=0")}, "escape check skipped for m: package does not compile: "},
		{"no C compiler", map[string]string{"a.go": "package m\n\n// int x;\nimport \"C\"\n\nfunc F(n int) *int { C.x = 1; return &n }\n"}, ListConfig{Env: environ("CGO_ENABLED=1", "CC=no-such-compiler")}, `escape check skipped for m: a dependency does not compile: cgo: C compiler "no-such-compiler" not found`},
		{"no cache", good, ListConfig{Env: environ("GOCACHE=off")}, "compiler cross-check unavailable: build cache is disabled by GOCACHE=off"},
		{"no home", good, ListConfig{Env: []string{"PATH=" + os.Getenv("PATH"), "GOTOOLCHAIN=local", "GOPATH=" + os.TempDir()}}, "compiler cross-check unavailable: build cache is required, but could not be located"},
		{"time", good, ListConfig{Timeout: time.Nanosecond}, "did not finish within 1ns"},
		{"directory", good, ListConfig{Dir: "no/such/directory", Patterns: []string{"./..."}}, "compiler cross-check unavailable: "},
		{"flag", good, ListConfig{Flags: []string{"-no-such-flag"}}, "compiler cross-check unavailable: flag provided but not defined: -no-such-flag"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := module(t, tt.files)
			if tt.cfg.Env == nil {
				tt.cfg.Env = environ()
			}
			_, err := NewList(tt.cfg).Load(t.Context(), Request{Path: "m", Dir: dir})
			if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("error %v, want %q", err, tt.want)
			}
		})
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := NewList(ListConfig{Env: environ()}).Load(ctx, Request{Path: "m", Dir: t.TempDir()})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

// TestGoFlags puts into GOFLAGS what would change the text.
func TestGoFlags(t *testing.T) {
	dir := module(t, map[string]string{"a.go": "package m\n\nfunc F(n int) *int { return &n }\n"})
	list := NewList(ListConfig{Env: append(os.Environ(), "GOWORK=off", "GOFLAGS=-trimpath -gcflags=-N -json -buildvcs=false")})
	text, err := list.Load(t.Context(), Request{Path: "m", Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	if len(text.explanations) != 2 {
		t.Errorf("explanations %+v", text.explanations)
	}
}

// countingSource counts how often it is asked.
type countingSource struct{ calls int }

func (s *countingSource) Load(context.Context, Request) (*Text, error) {
	s.calls++
	return nil, errors.New("nothing here")
}

// TestLazy makes sure that nothing is loaded before a check asks, and only
// once then.
func TestLazy(t *testing.T) {
	dir := module(t, map[string]string{"a.go": "package m\n\nfunc F(n int) *int { return &n }\n"})
	pkgs, err := packages.Load(&packages.Config{Dir: dir, Env: environ(), Mode: packages.LoadSyntax | packages.NeedModule}, ".")
	if err != nil {
		t.Fatal(err)
	}
	src := &countingSource{}
	facts := runFacts(t, New(src, nil), pkgs[0])
	if facts.NoData() != "" || src.calls != 0 {
		t.Errorf("before a question: %q, %d calls", facts.NoData(), src.calls)
	}
	for range 2 {
		if v := facts.At(pkgs[0].Syntax[0], Moved).Verdict; v != NoData {
			t.Errorf("verdict %v", v)
		}
	}
	if facts.NoData() != "nothing here" || src.calls != 1 {
		t.Errorf("after a question: %q, %d calls", facts.NoData(), src.calls)
	}
	for _, other := range []*Package{runFacts(t, New(src, []string{"other"}), pkgs[0]), runFacts(t, New(nil, nil), pkgs[0])} {
		if v := other.At(pkgs[0].Syntax[0], Moved).Verdict; v != NoData || other.NoData() == "" || src.calls != 1 {
			t.Errorf("verdict %v, reason %q, %d calls", v, other.NoData(), src.calls)
		}
	}
}

// TestCanaryTells feeds the canary a text whose words have changed.
func TestCanaryTells(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "probe.go")
	write(t, file, probeSource)
	c := compilation{path: "probe", files: []string{file}, dir: dir, roots: Roots{Dir: dir}, tools: toolchain{env: environ()}}
	text, err := c.run(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	if ok, err := understood(text, file); !ok || err != nil {
		t.Fatalf("understood = %v, %v", ok, err)
	}
	for name, change := range map[string]func(*Text){
		"no explanation": func(t *Text) { t.explanations = nil },
		"no finals":      func(t *Text) { t.messages = t.messages[:1] },
		"columns moved": func(t *Text) {
			for i := range t.messages {
				t.messages[i].at.col++
			}
		},
	} {
		changed := *text
		changed.messages = slices.Clone(text.messages)
		change(&changed)
		if ok, err := understood(&changed, file); ok || err != nil {
			t.Errorf("%s: understood = %v, %v", name, ok, err)
		}
	}
}

// TestDirectOverlay proves an edit: what it compiles is not what is on disk.
func TestDirectOverlay(t *testing.T) {
	src := "package m\n\nimport \"strconv\"\n\nfunc F(n int) *int { _ = strconv.Itoa(n); return &n }\n"
	dir := module(t, map[string]string{"a.go": src})
	file := filepath.Join(dir, "a.go")
	imports, exports := exportData(t, dir)
	d := &Direct{Path: "m", Dir: dir, GoVersion: "go1.24", Files: []string{file}, ImportMap: imports, PackageFile: exports, Env: environ()}
	for _, tt := range []struct {
		src  string
		want Verdict
	}{{src, Heap}, {strings.Replace(src, "return &n", "return nil", 1), Stack}} {
		d.Overlay = map[string][]byte{file: []byte(tt.src)}
		text, err := d.Load(t.Context(), Request{Path: "m"})
		if err != nil {
			t.Fatal(err)
		}
		c := checkFile(t, file, tt.src)
		facts := c.facts(c.resolve(text))
		param := c.file.Decls[1].(*ast.FuncDecl).Type.Params.List[0].Names[0]
		if got := facts.At(param, Moved).Verdict; got != tt.want {
			t.Errorf("verdict of n in %q: %v, want %v", tt.src, got, tt.want)
		}
	}
	if b, err := os.ReadFile(file); err != nil || string(b) != src {
		t.Errorf("the file on disk has changed: %q, %v", b, err)
	}
}

// exportData lists the imports of the package in dir.
func exportData(t *testing.T, dir string) (imports, exports map[string]string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-export", "-deps", "-json=ImportPath,Export", ".")
	cmd.Dir, cmd.Env = dir, environ()
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	imports, exports = make(map[string]string), make(map[string]string)
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var pkg struct{ ImportPath, Export string }
		if err := dec.Decode(&pkg); errors.Is(err, io.EOF) {
			return imports, exports
		} else if err != nil {
			t.Fatal(err)
		}
		if pkg.Export != "" {
			exports[pkg.ImportPath] = pkg.Export
		}
		if pkg.ImportPath == "strconv" {
			imports[pkg.ImportPath] = pkg.ImportPath
		}
	}
}
