package gcfacts

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/unitchecker"
	"golang.org/x/tools/go/packages"
)

const mixedDir = "../../testdata/escape/mixed"

// vetToolEnv makes this test binary a vet tool that prints all sites.
const vetToolEnv = "HEAPVET_TEST_VETTOOL"

func TestMain(m *testing.M) {
	if os.Getenv(vetToolEnv) == "" {
		os.Exit(m.Run())
	}
	var src Source
	for _, arg := range os.Args[1:] {
		if strings.HasSuffix(arg, ".cfg") {
			src = NewUnit(arg, nil)
		}
		if strings.HasSuffix(arg, ".cfg") && os.Getenv(vetToolEnv) == "bare" {
			src = NewUnit(bareConfig(arg), nil)
		}
	}
	unitchecker.Main(dumpAnalyzer(src))
}

// bareConfig writes a copy of a unit's configuration that names no export
// data, as a later go command may, and returns its name.
func bareConfig(file string) string {
	b, err := os.ReadFile(file)
	if err != nil {
		log.Fatal(err)
	}
	var cfg map[string]any
	if err := json.Unmarshal(b, &cfg); err != nil {
		log.Fatal(err)
	}
	delete(cfg, "PackageFile")
	if b, err = json.Marshal(cfg); err != nil {
		log.Fatal(err)
	}
	bare := file + ".bare"
	if err := os.WriteFile(bare, b, 0o600); err != nil {
		log.Fatal(err)
	}
	return bare
}

// dumpAnalyzer reports every site, and what is wrong with the package's
// output.
func dumpAnalyzer(src Source) *analysis.Analyzer {
	gc := New(src, nil)
	return &analysis.Analyzer{
		Name: "dump", Doc: "report every site", Requires: []*analysis.Analyzer{gc},
		Run: func(pass *analysis.Pass) (any, error) {
			facts := pass.ResultOf[gc].(*Package)
			for _, s := range facts.Sites() {
				pass.Reportf(s.Node.Pos(), "%v %v %s (%s)", s.Kind, s.Verdict, s.Expr, s.Reason())
			}
			stats := facts.Stats()
			if facts.NoData() != "" || stats.One+stats.LongLine+stats.Foreign != stats.Heap {
				pass.Reportf(pass.Files[0].Package, "no data %q, %+v", facts.NoData(), stats)
			}
			return nil, nil
		},
	}
}

// mixed copies the mixed module and returns its directory and environment.
func mixed(t *testing.T) (dir string, env []string) {
	t.Helper()
	dir = t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(mixedDir)); err != nil {
		t.Fatal(err)
	}
	env = append(os.Environ(), "GOWORK=off", "GOFLAGS=", "PWD="+dir)
	if _, err := exec.LookPath("cc"); err != nil {
		t.Log("no C compiler: without the package that calls C")
		if err := os.RemoveAll(filepath.Join(dir, "native")); err != nil {
			t.Fatal(err)
		}
	}
	return dir, env
}

// vetSites runs go vet with this binary as its tool.
func vetSites(t *testing.T, dir string, env []string, args ...string) []string {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	args = append([]string{"vet", "-vettool=" + exe}, args...)
	cmd := exec.CommandContext(t.Context(), "go", args...)
	cmd.Dir, cmd.Env = dir, env
	out, err := cmd.CombinedOutput()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return siteLines(out, dir)
}

// siteLines returns the sites in out with names relative to dir, sorted.
func siteLines(out []byte, dir string) []string {
	var lines []string
	for line := range strings.Lines(string(out)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") || strings.Contains(line, "_cgo_gotypes.go") {
			continue // what cgo wrote lies in a directory that is gone
		}
		line = strings.TrimPrefix(strings.TrimPrefix(line, dir+"/"), "./")
		lines = append(lines, line)
	}
	slices.Sort(lines)
	return lines
}

// listSites resolves the text of go list for what go/packages loads.
func listSites(t *testing.T, dir string, env []string, tests bool, flags ...string) []string {
	t.Helper()
	pkgs, err := packages.Load(&packages.Config{
		Dir: dir, Env: env, Tests: tests, BuildFlags: flags,
		Mode: packages.LoadSyntax | packages.NeedModule | packages.NeedForTest,
	}, "./...")
	if err != nil {
		t.Fatal(err)
	}
	src := NewList(ListConfig{Dir: dir, Env: env, Tests: tests, Flags: flags})
	dump := dumpAnalyzer(src)
	var out bytes.Buffer
	tested := make(map[string]bool)
	for _, pkg := range pkgs {
		tested[pkg.PkgPath] = tested[pkg.PkgPath] || pkg.ForTest != ""
	}
	for _, pkg := range pkgs {
		if strings.HasSuffix(pkg.ID, ".test") || tested[pkg.PkgPath] && pkg.ForTest == "" {
			continue // the variant with tests has the same files and more
		}
		runDump(t, dump, pkg, &out)
	}
	return siteLines(out.Bytes(), dir)
}

func runDump(t *testing.T, dump *analysis.Analyzer, pkg *packages.Package, out *bytes.Buffer) {
	t.Helper()
	gc := dump.Requires[0]
	pass := newPass(dump, pkg)
	pass.Report = func(d analysis.Diagnostic) { fmt.Fprintf(out, "%s: %s\n", pkg.Fset.Position(d.Pos), d.Message) }
	pass.ResultOf = map[*analysis.Analyzer]any{gc: runFacts(t, gc, pkg)}
	if _, err := dump.Run(pass); err != nil {
		t.Fatal(err)
	}
}

func newPass(a *analysis.Analyzer, pkg *packages.Package) *analysis.Pass {
	return &analysis.Pass{
		Analyzer: a, Fset: pkg.Fset, Files: pkg.Syntax, Pkg: pkg.Types, TypesInfo: pkg.TypesInfo, TypesSizes: pkg.TypesSizes,
		Module: &analysis.Module{Path: pkg.Module.Path},
	}
}

func runFacts(t *testing.T, gc *analysis.Analyzer, pkg *packages.Package) *Package {
	t.Helper()
	facts, err := gc.Run(newPass(gc, pkg))
	if err != nil {
		t.Fatal(err)
	}
	return facts.(*Package)
}

// TestUnit runs this package as a vet tool over a module that has a bit of
// everything, and expects what go list says.
func TestUnit(t *testing.T) {
	dir, env := mixed(t)
	vet := vetSites(t, dir, append(env, vetToolEnv+"=1"), "-tags=special", "./...")
	list := listSites(t, dir, env, true, "-tags=special")
	if d := diff(strings.Join(list, "\n")+"\n", strings.Join(vet, "\n")+"\n"); d != "" {
		t.Errorf("go list (-) and vet unit (+) differ:\n%s", d)
	}
	for _, want := range []string{
		"mixed.go:9:12: Closure Heap func literal (return)",
		"gen/gen.go:5:17: Moved Heap v (return)",
		"embedded/embedded.go:17:31: Box Heap text",
		"special.go:6:34: Box Heap n (return)",
		"asm/asm.go:5:33: Box Heap add(a, b) (return)",
		"line/line.go:6:29: Box Heap n (assign)",
		"line/grammar.y:200:27: Box Heap n (assign)",
	} {
		if !slices.ContainsFunc(vet, func(s string) bool { return strings.HasPrefix(s, want) }) {
			t.Errorf("no site %q in:\n%s", want, strings.Join(vet, "\n"))
		}
	}
}

// TestUnitWithoutExports runs the vet tool on units that name no export data.
func TestUnitWithoutExports(t *testing.T) {
	dir, env := mixed(t)
	want := vetSites(t, dir, append(env, vetToolEnv+"=1"), "./asm", "./gen")
	// In a copy, lest the go command replays what the tool said before.
	dir, env = mixed(t)
	got := vetSites(t, dir, append(env, vetToolEnv+"=bare"), "./asm", "./gen")
	if d := diff(strings.Join(want, "\n")+"\n", strings.Join(got, "\n")+"\n"); d != "" || len(want) == 0 {
		t.Errorf("with (-) and without export data (+):\n%s", d)
	}
}

// TestReplayElsewhere asks the go command in another directory than the one
// where it compiled: it repeats the text with the names relative to that.
func TestReplayElsewhere(t *testing.T) {
	dir, env := mixed(t)
	pkgs, err := packages.Load(&packages.Config{Dir: dir, Env: env, Mode: packages.LoadSyntax | packages.NeedModule}, "./asm")
	if err != nil {
		t.Fatal(err)
	}
	for _, cfg := range []ListConfig{{Dir: dir, Env: env, Patterns: []string{"./asm"}}, {Dir: dir, Env: env}} {
		var out bytes.Buffer
		runDump(t, dumpAnalyzer(NewList(cfg)), pkgs[0], &out)
		if want := "asm.go:5:33: Box Heap add(a, b) (return)\n"; !strings.HasSuffix(out.String(), want) || strings.Count(out.String(), "\n") != 1 {
			t.Errorf("patterns %v: %s", cfg.Patterns, out.String())
		}
	}
}
