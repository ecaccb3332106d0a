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
		"teir: advice":               `plugin(heapvet): newPlugin reading heapvet's settings: unknown key "teir": want checks, compiler, options or tier`,
		"checks: {hotcnov: false}":   `unknown check "hotcnov": want one of hotescape, `,
		"tier: all":                  `invalid value "all" for tier: want default or advice`,
		"compiler: yes please":       `invalid value "yes please" for compiler: want true or false`,
		"options: {hotconv: {x: 1}}": `options.hotconv: unknown option "x"`,
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

// TestBuilds shows that the compiler is asked about what golangci-lint
// loaded.
func TestBuilds(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		files string
		args  []string
	}{
		"-build-tags": {strings.Replace(point, "package a\n", "//go:build special\n\npackage a\n", 1), []string{"--build-tags=special"}},
		"tests": {point + "-- a/a_test.go --\npackage a\n\nimport \"testing\"\n\nfunc TestHandle(t *testing.T) { Handle(1) }\n" +
			"-- a/b_test.go --\npackage a_test\n\nimport \"example.com/m/a\"\n\nvar _ = a.Handle(1)\n", nil},
		"other module": {strings.ReplaceAll(point, "-- ", "-- sub/"), []string{"./..."}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := tree(t, tt.files+withSettings(""))
			want := found
			if name == "other module" {
				dir = filepath.Join(dir, "sub")
				want = strings.Replace(want, "a/", "sub/a/", 1)
			}
			got := lint(t, dir, tt.args...)
			if !strings.Contains(got.stdout, "result of newPoint") || !strings.Contains(got.stdout, "(compiler: heap, ") {
				t.Errorf("%v, want %s", got, want)
			}
		})
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
