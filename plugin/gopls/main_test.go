package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestBuild builds the program and lets it check a file.
func TestBuild(t *testing.T) {
	if testing.Short() {
		t.Skip("builds gopls")
	}
	program := filepath.Join(t.TempDir(), "gopls")
	if err := run(t.Context(), program, os.Stderr); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, "check", filepath.Join("leaky", "shop", "order.go"))
	cmd.Dir = filepath.Join("..", "..", "testdata", "app")
	cmd.Env = append(os.Environ(), "GOWORK=off")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	const want = "order.go:24:15-33: io.ReadAll reads the request's Body without a limit: whatever is sent is kept in memory; wrap it in http.MaxBytesReader or io.LimitReader"
	if !strings.Contains(string(out), want) {
		t.Errorf("gopls does not tell %q:\n%s", want, out)
	}
}
