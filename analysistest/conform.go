package analysistest

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// A Finding is what a driver prints about one diagnostic.
type Finding struct {
	Check   string
	Posn    string // file:line:column, relative to the folder the driver ran in
	Message string
}

func (f Finding) String() string { return fmt.Sprintf("%s: %s (%s)", f.Posn, f.Message, f.Check) }

// Drivers runs the heapvet binary tool in dir as a command of its own and as
// a tool of go vet, and reports every finding that only one of them has. It
// returns what both have, so that a test can tell agreement from silence.
//
// On several packages the two need not agree: go vet shows a tool one
// package at a time.
func Drivers(t Testing, tool, dir string, patterns ...string) []Finding {
	alone, err := findings(dir, 1, tool, append([]string{"-json"}, patterns...))
	if err != nil {
		t.Errorf("standalone: %v", err)
		return nil
	}
	vet, err := findings(dir, 0, "go", append([]string{"vet", "-json", "-vettool=" + tool}, patterns...))
	if err != nil {
		t.Errorf("go vet: %v", err)
		return nil
	}
	var both []Finding
	for _, f := range alone {
		if slices.Contains(vet, f) {
			both = append(both, f)
		} else {
			t.Errorf("only standalone: %v", f)
		}
	}
	for _, f := range vet {
		if !slices.Contains(alone, f) {
			t.Errorf("only go vet: %v", f)
		}
	}
	return both
}

// findings runs a command in dir that prints JSON as go vet -json does and
// returns what it found. The command exits with status 0, or with the given
// one to say that there are findings.
func findings(dir string, status int, name string, args []string) ([]Finding, error) {
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil && (status == 0 || cmd.ProcessState.ExitCode() != status) {
		return nil, fmt.Errorf("running %s: %w\n%s", filepath.Base(name), err, stderr.Bytes())
	}
	found, err := parseFindings(&stdout, dir)
	if err != nil {
		return nil, fmt.Errorf("reading the output of %s: %w\n%s", filepath.Base(name), err, stderr.Bytes())
	}
	return found, nil
}

// parseFindings reads a sequence of JSON objects, each of which maps
// packages to checks to diagnostics, or to an error. Lines between them
// that begin with # are comments of the go command.
func parseFindings(r io.Reader, dir string) ([]Finding, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	var kept []byte
	for line := range bytes.Lines(data) {
		if !bytes.HasPrefix(line, []byte("#")) {
			kept = append(kept, line...)
		}
	}
	var found []Finding
	for dec := json.NewDecoder(bytes.NewReader(kept)); ; {
		var packages map[string]map[string]json.RawMessage
		if err := dec.Decode(&packages); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, err
		}
		for pkg, checks := range packages {
			for check, raw := range checks {
				var diagnostics []struct{ Posn, Message string }
				if err := json.Unmarshal(raw, &diagnostics); err != nil {
					return nil, fmt.Errorf("%s: %s: %s", pkg, check, raw)
				}
				for _, d := range diagnostics {
					posn := strings.TrimPrefix(d.Posn, dir+string(filepath.Separator))
					found = append(found, Finding{check, filepath.ToSlash(posn), d.Message})
				}
			}
		}
	}
	slices.SortFunc(found, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Posn, b.Posn), cmp.Compare(a.Check, b.Check), cmp.Compare(a.Message, b.Message))
	})
	return slices.Compact(found), nil
}
