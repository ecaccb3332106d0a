package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// A finding is one diagnostic of heapvet.
type finding struct {
	Check   string `json:"check"`
	File    string `json:"file"` // absolute
	Line    int    `json:"line"`
	Message string `json:"message"`
	Advice  bool   `json:"advice,omitempty"`
}

// An analysis is what heapvet said about one package of one version.
type analysis struct {
	Root     string    `json:"root"` // the module's directory
	Findings []finding `json:"findings"`
}

// errNotLoaded says why a version cannot be analysed; it is no verdict on
// heapvet.
type errNotLoaded struct{ reason string }

func (e errNotLoaded) Error() string { return e.reason }

// An analyser runs heapvet on versions of modules.
type analyser struct {
	cache  string // directory of throw-away modules and results
	binary string // heapvet
	sum    [sha256.Size]byte
	module bool     // analyse all packages of the module
	checks []string // run only these checks; nil for all
}

func newAnalyser(cache, binary string, module bool, checks []string) (*analyser, error) {
	binary, err := filepath.Abs(binary)
	if err != nil {
		return nil, err
	}
	code, err := os.ReadFile(binary)
	if err != nil {
		return nil, fmt.Errorf("reading the heapvet binary: %w", err)
	}
	return &analyser{cache: cache, binary: binary, sum: sha256.Sum256(code), module: module, checks: checks}, nil
}

// timeout bounds one run of the go command or of heapvet.
const timeout = 15 * time.Minute

// analyse returns heapvet's findings on package pkg of v, from the cache if
// this binary has been asked before.
func (a *analyser) analyse(ctx context.Context, v version, pkg string) (*analysis, error) {
	key := sha256.Sum256(fmt.Appendf(nil, "%x %s %s %s %t %s", a.sum, v.module, v.version, pkg, a.module, a.checks))
	name := filepath.Join(a.cache, "results", fmt.Sprintf("%x.json", key[:12]))
	if text, err := os.ReadFile(name); err == nil {
		var res analysis
		if json.Unmarshal(text, &res) == nil {
			return &res, nil
		}
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	dir, root, err := a.load(ctx, v, pkg)
	if err != nil {
		return nil, err
	}
	pattern := pkg
	if a.module && v.module != "std" {
		pattern = v.module + "/..."
	}
	findings, err := a.heapvet(ctx, dir, v, pattern)
	if err != nil {
		return nil, err
	}
	res := &analysis{Root: root, Findings: findings}
	text, err := json.Marshal(res)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return nil, err
	}
	return res, os.WriteFile(name, text, 0o644)
}

// load makes the throw-away module of v and has the go command fetch and
// compile pkg. It returns the directory to work in and that of v.
func (a *analyser) load(ctx context.Context, v version, pkg string) (dir, root string, err error) {
	if v.module == "std" {
		if v.version != runtime.Version() {
			return "", "", errNotLoaded{"needs " + v.version}
		}
		out, err := goCommand(ctx, ".", v, "env", "GOROOT").Output()
		if err != nil {
			return "", "", fmt.Errorf("finding GOROOT: %w", err)
		}
		src := filepath.Join(strings.TrimSpace(string(out)), "src")
		return src, src, nil
	}
	sum := sha256.Sum256([]byte(v.module + "@" + v.version))
	dir = filepath.Join(a.cache, "modules", fmt.Sprintf("%x", sum[:12]))
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", "", err
	}
	gomod := filepath.Join(dir, "go.mod")
	if _, err := os.Stat(gomod); err != nil {
		text := fmt.Sprintf("module corpus.test/row\n\ngo 1.26.0\n\nrequire %s %s\n", v.module, v.version)
		if err := os.WriteFile(gomod, []byte(text), 0o644); err != nil {
			return "", "", err
		}
	}
	cmd := goCommand(ctx, dir, v, "list", "-e", "-export", "-json=Export,Error,DepsErrors,Module", pkg)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return "", "", errNotLoaded{lastLine(stderr.String(), err.Error())}
	}
	root, err = loadedRoot(out)
	return dir, root, err
}

// loadedRoot reads the answer of go list about one package and returns the
// directory of its module, or why the package does not load.
func loadedRoot(out []byte) (string, error) {
	var p struct {
		Export     string
		Error      *struct{ Err string }
		DepsErrors []struct{ Err string }
		Module     *struct{ Dir string }
	}
	if err := json.Unmarshal(out, &p); err != nil {
		return "", fmt.Errorf("reading go list's answer: %w", err)
	}
	switch {
	case p.Error != nil:
		return "", errNotLoaded{lastLine(p.Error.Err, "go list failed")}
	case len(p.DepsErrors) > 0:
		return "", errNotLoaded{lastLine(p.DepsErrors[0].Err, "a dependency failed")}
	case p.Export == "" || p.Module == nil:
		return "", errNotLoaded{"does not compile"}
	}
	return p.Module.Dir, nil
}

// heapvet runs the binary on pattern in dir, with both tiers on.
func (a *analyser) heapvet(ctx context.Context, dir string, v version, pattern string) ([]finding, error) {
	args := []string{"-json", "-tier", "advice"}
	for _, check := range a.checks {
		args = append(args, "-"+check)
	}
	cmd := exec.CommandContext(ctx, a.binary, append(args, pattern)...)
	cmd.Dir, cmd.Env = dir, environ(v)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok && exit.ExitCode() == 1 {
		err = nil // findings
	}
	if err != nil {
		return nil, fmt.Errorf("heapvet: %w: %s", err, lastLine(stderr.String(), "no output"))
	}
	return parseFindings(bytes.NewReader(out), dir)
}

// parseFindings reads diagnostics in the form of go vet -json: objects
// that map a package to a map of a check to its diagnostics.
func parseFindings(r io.Reader, dir string) ([]finding, error) {
	type diagnostic struct{ Posn, Message string }
	var all []finding
	for dec := json.NewDecoder(r); ; {
		var packages map[string]map[string]json.RawMessage
		if err := dec.Decode(&packages); err == io.EOF {
			sortFindings(all)
			return all, nil
		} else if err != nil {
			return nil, fmt.Errorf("reading heapvet's findings: %w", err)
		}
		for _, checks := range packages {
			for check, raw := range checks {
				var diags []diagnostic
				if json.Unmarshal(raw, &diags) != nil {
					return nil, fmt.Errorf("heapvet failed: %s: %s", check, raw)
				}
				for _, d := range diags {
					f := finding{Check: check, Message: d.Message, Advice: strings.HasSuffix(d.Message, "[advice]")}
					f.File, f.Line = splitPosn(d.Posn)
					if !filepath.IsAbs(f.File) {
						f.File = filepath.Join(dir, f.File)
					}
					all = append(all, f)
				}
			}
		}
	}
}

// splitPosn splits "file:line:column"; the column may be missing.
func splitPosn(posn string) (file string, line int) {
	fields := strings.Split(posn, ":")
	for n := len(fields) - 1; n > 0 && n >= len(fields)-2; n-- {
		if num, err := strconv.Atoi(fields[n]); err == nil {
			file, line = strings.Join(fields[:n], ":"), num
		}
	}
	return file, line
}

// goCommand returns a go command that works in dir for v.
func goCommand(ctx context.Context, dir string, v version, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir, cmd.Env = dir, environ(v)
	return cmd
}

// environ is the environment of all commands on v: the throw-away module
// is completed as the go command sees fit, whatever workspace is around.
func environ(v version) []string {
	flags := "-mod=mod"
	if v.module == "std" {
		flags = "" // the standard library is vendored
	}
	return append(os.Environ(), "GOFLAGS="+flags, "GOWORK=off")
}

// lastLine returns the last non-empty line of s, which is where the go
// command says what stopped it, or alternative if there is none.
func lastLine(s, alternative string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	if last := strings.TrimSpace(lines[len(lines)-1]); last != "" {
		return last
	}
	return alternative
}
