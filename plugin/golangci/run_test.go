package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestFinding(t *testing.T) {
	t.Parallel()
	dir := tree(t, point+withSettings(""))
	first := lint(t, dir)
	checkLines(t, first, found)
	if !strings.Contains(first.stdout, "(compiler: heap, 128 B; ") {
		t.Errorf("the compiler does not confirm: %s", first.stdout)
	}
	if again := lint(t, dir); again != first {
		t.Errorf("the second run printed\n%v\nthe first\n%v", again, first)
	}
}

func TestSettings(t *testing.T) {
	t.Parallel()
	dir := tree(t, point+withSettings("compiler: false"))
	got := lint(t, dir)
	checkLines(t, got)
	for settings, want := range map[string][]string{
		"checks: {hotescape: true}":                   {found},
		"checks: {hotescape: false}":                  nil,
		"checks: {hotconv: true}":                     nil,
		"tier: advice, checks: {hotescape: true}":     {found},
		"options: {unboundedinput: {max-body: 4096}}": {found},
	} {
		setFile(t, filepath.Join(dir, ".golangci.yml"), strings.ReplaceAll(config, "SETTINGS", settings))
		checkLines(t, lint(t, dir), want...)
	}
}

func TestMistakes(t *testing.T) {
	t.Parallel()
	for settings, want := range map[string]string{
		"teir: advice":               `plugin(heapvet): newPlugin reading heapvet's settings: unknown key "teir": want checks, compiler, heat-file, options or tier`,
		"checks: {hotcnov: false}":   `unknown check "hotcnov": want one of hotescape, `,
		"tier: all":                  `invalid value "all" for tier: want default or advice`,
		"severity: error":            `severity is set by golangci-lint's own severity section`,
		"compiler: yes please":       `invalid value "yes please" for compiler: want true or false`,
		"options: {hotconv: {x: 1}}": `options.hotconv.x: unknown option "x"`,
	} {
		got := lint(t, tree(t, point+withSettings(settings)))
		if got.status != 3 || got.stdout != "" || !strings.Contains(got.stderr, want) {
			t.Errorf("%s: %v, want exit status 3 and %q", settings, got, want)
		}
	}
}

// TestSilence shows that the comments of golangci-lint and of heapvet both
// silence findings.
func TestSilence(t *testing.T) {
	t.Parallel()
	const line = "func newPoint(n int) *point {"
	for _, comment := range []string{" //nolint:heapvet // measured", " //heapvet:ignore hotescape measured"} {
		checkLines(t, lint(t, tree(t, strings.Replace(point, line, line+comment, 1)+withSettings(""))))
	}
}

// TestOneLine shows that of two findings on a line none is lost although
// golangci-lint shows one per line unless told otherwise, and that both are
// fixed.
func TestOneLine(t *testing.T) {
	t.Parallel()
	const line = "func newPoint(n int) *point {"
	byDefault := strings.Replace(withSettings(""), "  uniq-by-line: false\n", "", 1)
	checkLines(t, lint(t, tree(t, strings.Replace(point, line, line+" //heapvet:nope", 1)+byDefault)),
		found+": return the struct by value (compiler: heap, 128 B; hot: //heapvet:hot Handle -> newPoint); at column 31, directive: directive //heapvet:nope is unknown")
}

// TestSeverity shows that golangci-lint's own rules give checks a severity.
func TestSeverity(t *testing.T) {
	t.Parallel()
	const rules = `severity:
  default: warning
  rules:
    - linters: [heapvet]
      text: "^unboundedcache: "
      severity: error
    - linters: [heapvet]
      text: "^hotescape: "
      severity: info
`
	dir := tree(t, point+withSettings("")+rules)
	got := lint(t, dir, "--output.text.path=", "--output.json.path=stdout")
	if !strings.Contains(got.stdout, `"Severity":"info"`) {
		t.Errorf("%v, want severity info", got)
	}
}

// TestNotCompiled shows that the package of code that gc refuses is told,
// and told again by the next run.
func TestNotCompiled(t *testing.T) {
	t.Parallel()
	dir := tree(t, point+"-- a/b.go --\npackage a\n\nvar big [1 << 50]byte\n"+withSettings(""))
	for range 2 {
		if got := lint(t, dir); got.status == 0 || !strings.Contains(got.stdout+got.stderr, "larger than address space") {
			t.Errorf("%v, want the compiler's error", got)
		}
	}
}

// TestBuilds shows that the compiler is asked about what golangci-lint
// loaded.
func TestBuilds(t *testing.T) {
	t.Parallel()
	const confirmed = "(compiler: heap, 128 B; "
	tests := []struct {
		name, files string
		dir         string // below the tree
		args        []string
	}{
		{
			name:  "build tags",
			files: strings.Replace(point, "package a\n", "//go:build special\n\npackage a\n", 1),
			args:  []string{"--build-tags=special"},
		},
		{
			name: "tests",
			files: point + "-- a/a_test.go --\npackage a\n\nimport \"testing\"\n\nfunc TestHandle(t *testing.T) { Handle(1) }\n" +
				"-- a/b_test.go --\npackage a_test\n\nimport \"example.com/m/a\"\n\nvar _ = a.Handle(1)\n",
		},
		{
			name:  "cgo",
			files: point + "-- a/c.go --\npackage a\n\n// static int one(void) { return 1; }\nimport \"C\"\n\nvar one = C.one()\n",
		},
		{
			name:  "//line",
			files: strings.Replace(point, "//go:noinline", "//line a.tmpl:100\n//go:noinline", 1),
		},
		{
			name: "vendored module",
			files: strings.Replace(point, "go 1.26\n", "go 1.26\n\nrequire example.com/dep v1.0.0\n", 1) +
				"-- vendor/modules.txt --\n# example.com/dep v1.0.0\n## explicit; go 1.26\nexample.com/dep\n" +
				"-- vendor/example.com/dep/dep.go --\npackage dep\n\nvar N = 1\n" +
				"-- a/b.go --\npackage a\n\nimport \"example.com/dep\"\n\nvar n = dep.N\n",
		},
		{name: "configuration above the module", files: strings.ReplaceAll(point, "-- ", "-- sub/"), dir: "sub"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(tree(t, tt.files+withSettings("")), tt.dir)
			got := lint(t, dir, tt.args...)
			if strings.Count(got.stdout, "\n") != 1 || !strings.Contains(got.stdout, confirmed) {
				t.Errorf("%v, want one finding with %q", got, confirmed)
			}
		})
	}
}

// TestFix shows that --fix applies the fixes of checks.
func TestFix(t *testing.T) {
	t.Parallel()
	dir := tree(t, strings.Replace(point, "//heapvet:hot", "// heapvet:hot", 1)+withSettings(""))
	checkLines(t, lint(t, dir), "a/a.go:12:1: directive: comment \"// heapvet:hot\" is no directive")
	checkLines(t, lint(t, dir, "--fix"))
	checkLines(t, lint(t, dir), found)
}

// TestReadme shows that the configuration that README.md gives works.
func TestReadme(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, block, _ := strings.Cut(string(readme), "```yaml\nversion: ")
	block, _, ok := strings.Cut(block, "```")
	if !ok {
		t.Fatal("README.md has no configuration of golangci-lint")
	}
	got := lint(t, tree(t, point+"-- .golangci.yml --\nversion: "+block))
	if got.status != 1 || !strings.HasPrefix(got.stdout, found) { // other linters are on by default
		t.Errorf("%v, want %s", got, found)
	}
}

// TestGoPlugin shows that the Go plugin loads and finds the same.
func TestGoPlugin(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles all that the plugin needs once more: a minute, the first time")
	}
	t.Parallel()
	if cgo := command(t, ".", "go", "env", "CGO_ENABLED"); cgo.stdout != "1\n" {
		t.Skip("Go plugins need cgo")
	}
	so := filepath.Join(t.TempDir(), "heapvet.so")
	got := command(t, ".", "go", "build", "-buildmode=plugin", "-o", so, "github.com/heapvet/heapvet/plugin/goplugin")
	if got.status != 0 {
		t.Fatal(got)
	}
	configured := strings.Replace(withSettings("tier: advice"), "type: module", "type: goplugin\n        path: "+so, 1)
	checkLines(t, lint(t, tree(t, point+configured)), found)
	mistaken := strings.Replace(configured, "tier:", "teir:", 1)
	if got := lint(t, tree(t, point+mistaken)); got.status != 3 || !strings.Contains(got.stderr, `unknown key "teir"`) {
		t.Errorf("%v, want exit status 3 and the unknown key", got)
	}
}

// TestTarget shows that results for another target are not taken from the
// cache. An int has four bytes there.
func TestTarget(t *testing.T) {
	dir := tree(t, point+withSettings(""))
	for arch, bytes := range map[string]string{"amd64": "128", "386": "64"} {
		t.Setenv("GOARCH", arch)
		got := lint(t, dir)
		if want := "(compiler: heap, " + bytes + " B; "; !strings.Contains(got.stdout, want) {
			t.Errorf("GOARCH=%s: %v, want %q", arch, got, want)
		}
	}
}

// TestEdit shows that an edited package is not taken from the cache.
func TestEdit(t *testing.T) {
	t.Parallel()
	dir := tree(t, point+withSettings(""))
	checkLines(t, lint(t, dir), found)
	setFile(t, filepath.Join(dir, "a", "a.go"), "package a\n")
	checkLines(t, lint(t, dir))
}

func setFile(t *testing.T, name, content string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(content), 0o666); err != nil {
		t.Fatal(err)
	}
}
