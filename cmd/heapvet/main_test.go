package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// asHeapvet makes the test binary be heapvet, so that nothing needs to be
// built for the tests.
const asHeapvet = "HEAPVET_TEST_AS_HEAPVET"

func TestMain(m *testing.M) {
	if os.Getenv(asHeapvet) != "" {
		main()
	}
	if os.Getenv(asFloor) != "" {
		if err := loadFloor(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// A result is what a command printed, and its exit status.
type result struct {
	stdout, stderr string
	status         int
}

// heapvet runs heapvet in dir. The variables of env replace those of the
// tests' environment; "NAME" alone unsets one.
func heapvet(t *testing.T, dir string, env []string, args ...string) result {
	t.Helper()
	return command(t, dir, env, self(t), args...)
}

// govet runs go vet with heapvet as its tool.
func govet(t *testing.T, dir string, args ...string) result {
	t.Helper()
	return command(t, dir, nil, "go", append([]string{"vet", "-vettool=" + self(t)}, args...)...)
}

func self(t *testing.T) string {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return exe
}

func command(t *testing.T, dir string, env []string, name string, args ...string) result {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Dir = dir
	cmd.Env = environment(append([]string{asHeapvet + "=1", "PWD=" + dir, "GOWORK", "GOFLAGS=-mod=mod", "GOPROXY=off", "GOTOOLCHAIN=local"}, env...))
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return result{stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()}
}

// environment returns the environment of the process with changes.
func environment(changes []string) []string {
	changed := make(map[string]string)
	for _, c := range changes {
		name, _, _ := strings.Cut(c, "=")
		changed[name] = c
	}
	var env []string
	for _, v := range os.Environ() {
		name, _, _ := strings.Cut(v, "=")
		if _, ok := changed[name]; !ok {
			env = append(env, v)
		}
	}
	for _, c := range changed {
		if strings.Contains(c, "=") {
			env = append(env, c)
		}
	}
	return env
}

// tree writes the files of a txtar archive to a directory.
func tree(t *testing.T, archive string) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
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
