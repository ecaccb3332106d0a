package vettool

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// The go command asks for the facts of what the named packages import, and
// of its answer keeps one for both: the facts alone, and the findings of the
// package when the user names it. With Go 1.26,
//
//	go vet ./a && go vet ./b
//
// is silent about b if a imports it, whatever the tool, and so is go vet
// ./... from then on. So heapvet looks for findings in the user's packages
// even where it is asked for facts only, and gives them as the output that
// the go command keeps and shows again.

// shared reports whether the go command would take the answer about the
// facts of u for that about its findings: a package with tests is another
// when it is named.
func (u *unit) shared() bool {
	if !u.VetxOnly || len(u.modules()) == 0 {
		return false
	}
	tests, err := filepath.Glob(filepath.Join(u.Dir, "*_test.go"))
	if err != nil {
		return true
	}
	for _, name := range tests {
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.PackageClauseOnly)
		if err == nil && !strings.HasSuffix(f.Name.Name, "_test") {
			return false
		}
	}
	return true
}

// fixes reports whether the arguments ask for fixes, the answers about
// which the go command keeps apart.
func fixes(args []string) bool {
	for _, name := range []string{"fix", "diff"} {
		if value, ok := flagValue(args, name); ok && value != "false" {
			return true
		}
	}
	for _, arg := range args {
		if arg = strings.TrimLeft(arg, "-"); arg == "fix" || arg == "diff" {
			return true
		}
	}
	return false
}

// named runs heapvet on the unit in file as if the user had named it, and
// makes what it prints the unit's output. It returns the exit status.
func named(args []string, u *unit, file string) (int, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return 0, fmt.Errorf("reading the description of a package: %w", err)
	}
	var cfg map[string]json.RawMessage
	if err := json.Unmarshal(data, &cfg); err != nil {
		return 0, fmt.Errorf("reading %s: %w", file, err)
	}
	cfg["VetxOnly"] = json.RawMessage("false")
	delete(cfg, "Stdout")
	if data, err = json.Marshal(cfg); err != nil {
		return 0, fmt.Errorf("describing a package: %w", err)
	}
	copied := strings.TrimSuffix(file, ".cfg") + "-named.cfg"
	if err := os.WriteFile(copied, data, 0o600); err != nil {
		return 0, fmt.Errorf("describing a package: %w", err)
	}
	self, err := os.Executable()
	if err != nil {
		return 0, fmt.Errorf("finding its own binary: %w", err)
	}
	var out bytes.Buffer
	cmd := exec.Command(self, append(args[:len(args)-1:len(args)-1], copied)...)
	cmd.Stdout, cmd.Stderr = &out, &out
	err = cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return 0, fmt.Errorf("running heapvet again: %w", err)
	}
	if _, facts := os.Stat(u.VetxOutput); facts != nil {
		os.Stderr.Write(out.Bytes())
		return cmd.ProcessState.ExitCode(), nil
	}
	if err := os.WriteFile(u.Stdout, out.Bytes(), 0o666); err != nil {
		return 0, fmt.Errorf("writing findings: %w", err)
	}
	return 0, nil
}
