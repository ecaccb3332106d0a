package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/heapvet/heapvet/analysistest"
)

// TestConformance shows that with a heat file all drivers find the same in
// the same words, and that without one they differ as README.md says.
func TestConformance(t *testing.T) {
	if testing.Short() {
		t.Skip("builds heapvet and its Go plugin, and compiles net/http for each driver: minutes")
	}
	tool := filepath.Join(t.TempDir(), "heapvet")
	if got := command(t, filepath.Join("..", ".."), "go", "build", "-o", tool, "./cmd/heapvet"); got.status != 0 {
		t.Fatal(got)
	}
	drivers := []driver{
		{"standalone", func(t *testing.T, dir, heat string) []finding { return alone(t, tool, dir, heat) }},
		{"go vet", func(t *testing.T, dir, heat string) []finding { return vet(t, tool, dir, heat) }},
		{"golangci-lint", func(t *testing.T, dir, heat string) []finding { return linted(t, dir, heat, "") }},
		{"sandbox", func(t *testing.T, dir, heat string) []finding { return sandboxed(t, tool, dir, heat) }},
	}
	if so := goPlugin(t); so != "" {
		drivers = append(drivers, driver{"Go plugin", func(t *testing.T, dir, heat string) []finding { return linted(t, dir, heat, so) }})
	}
	t.Run("app", func(t *testing.T) {
		dir := tree(t, "")
		if err := os.CopyFS(dir, os.DirFS(filepath.Join("..", "..", "testdata", "app"))); err != nil {
			t.Fatal(err)
		}
		conform(t, tool, dir, drivers)
	})
	t.Run("packages", func(t *testing.T) {
		archive, err := os.ReadFile(filepath.Join("testdata", "conform.txtar"))
		if err != nil {
			t.Fatal(err)
		}
		dir := tree(t, string(archive))
		want := conform(t, tool, dir, drivers)
		for _, d := range drivers[1:] {
			checkDifferences(t, d.name, want, d.run(t, dir, ""))
		}
	})
}

// A driver is one of the ways to run heapvet. Its run returns the findings
// of both tiers in the module in dir; heat names a heat file, or is "".
type driver struct {
	name string
	run  func(t *testing.T, dir, heat string) []finding
}

// conform runs all drivers with a heat file and returns what heapvet finds
// by itself.
func conform(t *testing.T, tool, dir string, drivers []driver) []finding {
	t.Helper()
	if got := command(t, dir, tool, "heat", "-o", "default.heat", "./..."); got.status != 0 {
		t.Fatal(got)
	}
	got := command(t, dir, tool, "heat", "-sum", "default.heat")
	heat := strings.TrimSpace(got.stdout)
	want := alone(t, tool, dir, "")
	if len(want) == 0 || got.status != 0 {
		t.Fatalf("%d findings, heat file %v", len(want), got)
	}
	for _, d := range drivers {
		found := d.run(t, dir, heat)
		for _, f := range subtract(d.name, want, found) {
			t.Errorf("not found by %s: %v", d.name, f)
		}
		for _, f := range subtract(d.name, found, want) {
			t.Errorf("only found by %s: %v", d.name, f)
		}
	}
	t.Logf("%d findings", len(want))
	return want
}

// subtract returns the findings in a that are not in b. In the sandbox the
// compiler is not to be had: its word does not count there, and neither do
// findings that only it can tell, or refute.
func subtract(driver string, a, b []finding) []finding {
	sandbox := driver == "sandbox"
	var known []finding
	for _, f := range b {
		known = append(known, f.compared(sandbox))
	}
	var rest []finding
	for _, f := range a {
		switch {
		case slices.Contains(known, f.compared(sandbox)):
		case sandbox && compilerWord.MatchString(f.message) && (f.check == "hotescape" || f.check == "noalloc"):
		case sandbox && strings.Contains(f.message, "the compiler was not asked about"): // told once for the package
		case sandbox && strings.HasPrefix(f.message, "compiler cross-check unavailable"):
		default:
			rest = append(rest, f)
		}
	}
	return rest
}

// compared returns what is compared of a finding.
func (f finding) compared(sandbox bool) finding {
	if sandbox {
		f.message = compilerWord.ReplaceAllString(f.message, "")
	}
	return f
}

var compilerWord = regexp.MustCompile(`compiler: heap( when larger than 32 B)?[,;] | \(unconfirmed: [^)]*\)`)

// alone runs heapvet by itself.
func alone(t *testing.T, tool, dir, heat string) []finding {
	t.Helper()
	return parseJSON(t, dir, command(t, dir, tool, "-json", "-tier=advice", "-heat="+heat, "./..."))
}

// vet runs go vet with heapvet as its tool.
func vet(t *testing.T, tool, dir, heat string) []finding {
	t.Helper()
	return parseJSON(t, dir, command(t, dir, "go", "vet", "-vettool="+tool, "-json", "-tier=advice", "-heat="+heat, "./..."))
}

func parseJSON(t *testing.T, dir string, got result) []finding {
	t.Helper()
	parsed, err := analysistest.UnitFindings([]analysistest.Unit{{Stdout: got.stdout}}, dir)
	if err != nil {
		t.Fatalf("%v\n%v", err, got)
	}
	return convert(parsed)
}

// fields returns the words that a command printed.
func (r result) fields() []string { return strings.Fields(r.stdout) }

func convert(found []analysistest.Finding) []finding {
	var all []finding
	for _, f := range found {
		all = append(all, finding{f.Posn, f.Check, f.Message})
	}
	return all
}

// linted runs golangci-lint, with the Go plugin so if that is not "".
func linted(t *testing.T, dir, heat, so string) []finding {
	t.Helper()
	settings := "tier: advice"
	if heat != "" {
		settings += ", heat-file: " + heat
	}
	cfg := strings.ReplaceAll(config, "SETTINGS", settings)
	if so != "" {
		cfg = strings.Replace(cfg, "type: module", "type: goplugin\n        path: "+so, 1)
	}
	setFile(t, filepath.Join(dir, ".golangci.yml"), cfg)
	return lintFindings(t, dir)
}

// sandboxed runs the vet tool on one package after the other, without an
// environment.
func sandboxed(t *testing.T, tool, dir, heat string) []finding {
	t.Helper()
	t.Setenv("GOWORK", "off")
	t.Setenv("GOFLAGS", "")
	t.Setenv("CGO_ENABLED", "0") // or package net would have files that cgo makes
	sandbox := analysistest.Sandbox{Tool: tool, Args: []string{"-json", "-tier=advice", "-heat=" + heat}}
	units, err := sandbox.Run(t.Context(), dir, command(t, dir, "go", "list", "-f", "{{if .GoFiles}}{{.ImportPath}}{{end}}", "./...").fields()...)
	if err != nil {
		t.Fatal(err)
	}
	found, err := analysistest.UnitFindings(units, dir)
	if err != nil {
		t.Fatal(err)
	}
	return convert(found)
}

// goPlugin builds the Go plugin and returns its file, or "" where there is
// no cgo.
func goPlugin(t *testing.T) string {
	t.Helper()
	if cgo := command(t, ".", "go", "env", "CGO_ENABLED"); cgo.stdout != "1\n" {
		return ""
	}
	so := filepath.Join(t.TempDir(), "heapvet.so")
	if got := command(t, ".", "go", "build", "-buildmode=plugin", "-o", so, "github.com/heapvet/heapvet/plugin/goplugin"); got.status != 0 {
		t.Fatal(got)
	}
	return so
}

// differences are what drivers that see one package at a time find in
// testdata/conform.txtar without a heat file, and heapvet by itself does
// not, each with the row of README.md's table that it belongs to.
var differences = []struct{ row, posn, check, message string }{
	{"advice instead", "text/text.go:12:9", "hotconv", "fmt.Sprintf of plain strings boxes its arguments: concatenate them (compiler: heap, 16 B; hot: exported function of a library Quote) [advice]"},
	{"advice instead", "text/text.go:17:9", "hotinit", "regexp.MustCompile of constants on every call: compile it once, in a package variable (measured: 36 allocations, 2712 B; hot: exported function of a library Titles) [advice]"},
	{"advice instead", "store/store.go:26:9", "unboundedcache", `map "Store.texts" only grows: (*Store).Put adds an entry per call, keyed by key, and nothing removes one; delete what is done, expire entries, or use a cache with a limit [advice]`},
	{"more advice", "text/text.go:22:9", "hotconv", "fmt.Sprintf of plain strings boxes its arguments: concatenate them (compiler: heap, 16 B; hot: exported function of a library Unused) [advice]"},
	{"told at the call", "api/api.go:36:13", "unboundedcache", `map "store.Store.texts" only grows: (*Server).Put adds an entry per request through Put, keyed by r.FormValue("key"), and nothing removes one; use a cache with a limit`},
	{"told at the call", "api/api.go:41:24", "hotinit", "text.Titles calls regexp.MustCompile on every call: compile it once, in a package variable (measured: 36 allocations, 2712 B; hot: net/http handler (*Server).Raw)"},
	{"the compiler was not asked about", "sum/sum.go:10:7", "noalloc", `noalloc function "Of" is not proved: point.New: the compiler was not asked about package point`},
	{"the compiler was not asked about", "sum/sum.go:12:17", "noalloc", `noalloc function "Of" is not proved: point.Twice: the compiler was not asked about package point`},
	{"told although", "api/api.go:31:15", "unboundedinput", "io.ReadAll reads the request's Body without a limit: whatever is sent is kept in memory; wrap it in http.MaxBytesReader or io.LimitReader"},
}

// checkDifferences compares what a driver found without a heat file with
// what heapvet finds by itself.
func checkDifferences(t *testing.T, driver string, want, found []finding) {
	t.Helper()
	readme, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	var expected []finding
	replaced := make(map[string]bool)
	for _, d := range differences {
		expected = append(expected, finding{d.posn, d.check, d.message})
		replaced[d.posn] = d.row == "advice instead" || d.check == "noalloc"
		if !strings.Contains(string(readme), d.row) {
			t.Errorf("README.md does not explain %q", d.row)
		}
	}
	for _, f := range want {
		if !replaced[f.posn] {
			expected = append(expected, f)
		}
	}
	for _, f := range subtract(driver, expected, found) {
		t.Errorf("%s without a heat file does not find %v", driver, f)
	}
	for _, f := range subtract(driver, found, expected) {
		t.Errorf("%s without a heat file finds %v", driver, f)
	}
}

// TestHeatFileChanges shows that golangci-lint does not show what it found
// with another heat file.
func TestHeatFileChanges(t *testing.T) {
	if testing.Short() {
		t.Skip("builds heapvet: seconds")
	}
	t.Parallel()
	archive := txtar.Parse([]byte(strings.Replace(point, "//heapvet:hot\n", "", 1)))
	dir := tree(t, string(txtar.Format(archive)))
	const head = "#heapvet-heat\t1\texample.com/m\nexample.com/m/a\tpackage\ta\n"
	for heat, want := range map[string][]string{
		head: nil,
		head + "example.com/m/a\thot\tHandle\troot\t-\ttest\nexample.com/m/a\thot\tnewPoint\tfrom\t.\tHandle\n":                                            {found},
		head + "example.com/m/a\thot\tHandle\troot\t-\ttest\nexample.com/m/a\thot\tnewPoint\tfrom\t.\tHandle\nexample.com/m/a\thot\tGone\troot\t-\ttest\n": {"a/a.go:1:9: heatfile: heat file \"x.heat\" is stale here: 2 of its 3 entries", found},
	} {
		setFile(t, filepath.Join(dir, "x.heat"), heat)
		setFile(t, filepath.Join(dir, ".golangci.yml"), strings.ReplaceAll(config, "SETTINGS", "heat-file: "+spec(t, dir)))
		for range 2 { // the second time from the cache
			checkLines(t, lint(t, dir), want...)
		}
	}
}

// spec asks heapvet for the name of x.heat with its hash.
func spec(t *testing.T, dir string) string {
	t.Helper()
	got := command(t, filepath.Join("..", ".."), "go", "run", "./cmd/heapvet", "heat", "-sum", filepath.Join(dir, "x.heat"))
	if got.status != 0 {
		t.Fatal(got)
	}
	return filepath.Base(strings.TrimSpace(got.stdout))
}
