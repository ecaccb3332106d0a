package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// asGolangci makes the test binary be golangci-lint with heapvet, so that
// nothing needs to be linked twice for the tests.
const asGolangci = "HEAPVET_TEST_AS_GOLANGCI"

func TestMain(m *testing.M) {
	if os.Getenv(asGolangci) != "" {
		main()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// config enables heapvet alone, and shows all that it finds.
const config = `version: "2"
linters:
  default: none
  enable: [heapvet]
  settings:
    custom:
      heapvet:
        type: module
        settings: {SETTINGS}
issues:
  max-issues-per-linter: 0
  max-same-issues: 0
  uniq-by-line: false
`

// withSettings is a .golangci.yml, as a file of a txtar archive.
func withSettings(settings string) string {
	return "-- .golangci.yml --\n" + strings.ReplaceAll(config, "SETTINGS", settings)
}

// point is a module with one finding, which needs no import.
const point = `-- go.mod --
module example.com/m

go 1.26
-- a/a.go --
package a

type point struct{ x, y [8]int }

//go:noinline
func newPoint(n int) *point {
	p := &point{}
	p.x[n] = n
	return p
}

//heapvet:hot
func Handle(n int) int {
	return newPoint(n).x[n]
}
`

// found is how the finding begins.
const found = "a/a.go:6:22: hotescape: result of newPoint is a pointer that no caller keeps"

// A result is what a command printed, and its exit status.
type result struct {
	stdout, stderr string
	status         int
}

// golangci runs golangci-lint in dir. It caches beside dir, as if it ran
// for the first time on this machine.
func golangci(t *testing.T, dir string, args ...string) result {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return command(t, dir, exe, args...)
}

// lint runs golangci-lint's linters and prints nothing but findings.
func lint(t *testing.T, dir string, args ...string) result {
	t.Helper()
	args = append([]string{"run", "--allow-parallel-runners", "--show-stats=false", "--output.text.print-issued-lines=false", "--output.text.print-linter-name=false"}, args...)
	return golangci(t, dir, args...)
}

func command(t *testing.T, dir, name string, args ...string) result {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), asGolangci+"=1", "GOLANGCI_LINT_CACHE="+dir+".cache", "PWD="+dir, "GOWORK=off", "GOFLAGS=")
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return result{stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()}
}

// tree writes the files of a txtar archive to a directory.
func tree(t *testing.T, archive string) string {
	t.Helper()
	tmp, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(tmp, "m")
	for _, f := range txtar.Parse([]byte(archive)).Files {
		name := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, f.Data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// checkLines compares the beginnings of the findings.
func checkLines(t *testing.T, got result, want ...string) {
	t.Helper()
	lines := strings.Split(strings.TrimSuffix(got.stdout, "\n"), "\n")
	if got.stdout == "" || got.stdout == "0 issues.\n" {
		lines = nil
	}
	if !slices.EqualFunc(lines, want, strings.HasPrefix) {
		t.Errorf("stdout:\n%s\nwant lines that begin with\n%s\nstderr:\n%s", got.stdout, strings.Join(want, "\n"), got.stderr)
	}
	if status := min(len(want), 1); got.status != status {
		t.Errorf("exit status %d, want %d\n%s", got.status, status, got.stderr)
	}
}
