package analysistest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A Sandbox runs a vet tool on one package after the other, as Bazel's nogo
// and other build systems do: each is a process that sees the package's
// sources, the facts of its imports, and nothing else. Its environment is
// empty, so that there is no go command, no cache, no home and no module
// proxy.
type Sandbox struct {
	Tool      string   // absolute name of the vet tool
	Args      []string // its flags, such as -json
	Env       []string // the tool's whole environment
	NoModules bool     // tell it of no module, as nogo does
}

// A Unit is what a tool did with one package.
type Unit struct {
	Path           string // import path
	Named          bool   // matched by the patterns; else only facts were asked for
	Standard       bool   // of the standard library
	Stdout, Stderr string
	Status         int
	CPU            time.Duration // user and system time of the process
	State          *os.ProcessState
	Facts          int64 // size in bytes of the file with the package's types and facts
}

// Run runs the tool on the packages that patterns match in dir and, for
// their facts, on all that these import, imports first. The go command,
// which lists the packages, runs in the environment of this process.
func (s *Sandbox) Run(ctx context.Context, dir string, patterns ...string) ([]Unit, error) {
	pkgs, err := listUnits(ctx, dir, patterns)
	if err != nil {
		return nil, err
	}
	tmp, err := os.MkdirTemp("", "heapvet-units-")
	if err != nil {
		return nil, fmt.Errorf("making a directory for facts: %w", err)
	}
	defer os.RemoveAll(tmp)
	vetx := make(map[string]string)
	exports := make(map[string]string)
	for i, pkg := range pkgs {
		vetx[pkg.ImportPath] = filepath.Join(tmp, strconv.Itoa(i)+".vetx")
		exports[pkg.ImportPath] = pkg.Export
	}
	var units []Unit
	for i, pkg := range pkgs {
		if pkg.ImportPath == "unsafe" {
			continue // has no files worth the name
		}
		if s.NoModules {
			pkg.Module = nil
		}
		u, err := s.run(ctx, filepath.Join(tmp, strconv.Itoa(i)+".cfg"), pkg.config(vetx, exports))
		if err != nil {
			return nil, err
		}
		u.Path, u.Named, u.Standard = pkg.ImportPath, !pkg.DepOnly, pkg.Standard
		units = append(units, u)
	}
	return units, nil
}

// run writes the description of one package and runs the tool on it.
func (s *Sandbox) run(ctx context.Context, name string, cfg unitConfig) (Unit, error) {
	var u Unit
	data, err := json.Marshal(cfg)
	if err != nil {
		return u, fmt.Errorf("describing %s: %w", cfg.ImportPath, err)
	}
	if err := os.WriteFile(name, data, 0o600); err != nil {
		return u, fmt.Errorf("describing %s: %w", cfg.ImportPath, err)
	}
	cmd := exec.CommandContext(ctx, s.Tool, append(slices.Clone(s.Args), name)...)
	cmd.Dir = cfg.Dir
	cmd.Env = append([]string{}, s.Env...) // nil would stand for ours
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	var exit *exec.ExitError
	if err := cmd.Run(); err != nil && !errors.As(err, &exit) {
		return u, fmt.Errorf("running the tool on %s: %w", cfg.ImportPath, err)
	}
	u.Stdout, u.Stderr, u.Status, u.State = stdout.String(), stderr.String(), cmd.ProcessState.ExitCode(), cmd.ProcessState
	u.CPU = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	if info, err := os.Stat(cfg.VetxOutput); err == nil {
		u.Facts = info.Size()
	}
	return u, nil
}

// UnitFindings returns what a tool that ran with -json found in the named
// packages. Positions are relative to dir.
func UnitFindings(units []Unit, dir string) ([]Finding, error) {
	var out strings.Builder
	for _, u := range units {
		if u.Status != 0 {
			return nil, fmt.Errorf("%s: exit status %d: %s", u.Path, u.Status, u.Stderr)
		}
		out.WriteString(u.Stdout)
	}
	return parseFindings(strings.NewReader(out.String()), dir)
}

// unitConfig is what the go command tells a vet tool about a package.
type unitConfig struct {
	ID, Compiler, Dir, ImportPath        string
	GoFiles                              []string
	ModulePath, ModuleVersion, GoVersion string
	ImportMap                            map[string]string
	PackageFile                          map[string]string
	Standard                             map[string]bool
	PackageVetx                          map[string]string
	VetxOnly                             bool
	VetxOutput                           string
}

// unitPackage is what we need of go list's output.
type unitPackage struct {
	Dir, ImportPath, Export string
	CompiledGoFiles         []string
	Imports                 []string
	ImportMap               map[string]string
	Standard, DepOnly       bool
	Module                  *struct{ Path, Version, GoVersion string }
	Error                   *struct{ Err string }
}

// config describes the package; vetx and exports are the files of all
// packages.
func (p *unitPackage) config(vetx, exports map[string]string) unitConfig {
	cfg := unitConfig{
		ID: p.ImportPath, Compiler: "gc", Dir: p.Dir, ImportPath: p.ImportPath,
		ImportMap: make(map[string]string), PackageFile: make(map[string]string),
		Standard: make(map[string]bool), PackageVetx: make(map[string]string),
		VetxOnly: p.DepOnly, VetxOutput: vetx[p.ImportPath],
	}
	for _, file := range p.CompiledGoFiles {
		if filepath.Ext(file) != ".go" {
			continue
		}
		if !filepath.IsAbs(file) { // those that cgo made are
			file = filepath.Join(p.Dir, file)
		}
		cfg.GoFiles = append(cfg.GoFiles, file)
	}
	if m := p.Module; m != nil {
		cfg.ModulePath, cfg.ModuleVersion = m.Path, m.Version
		if m.GoVersion != "" {
			cfg.GoVersion = "go" + m.GoVersion
		}
	}
	maps.Copy(cfg.ImportMap, p.ImportMap) // what the source names, where it is vendored
	for _, path := range p.Imports {
		if path == "C" {
			continue
		}
		cfg.ImportMap[path] = path
		if path != "unsafe" {
			cfg.PackageVetx[path], cfg.PackageFile[path] = vetx[path], exports[path]
		}
	}
	return cfg
}

// listUnits asks the go command for packages and their imports, which come
// first.
func listUnits(ctx context.Context, dir string, patterns []string) ([]*unitPackage, error) {
	args := []string{"list", "-deps", "-export", "-compiled", "-json=Dir,ImportPath,Export,CompiledGoFiles,Imports,ImportMap,Standard,DepOnly,Module,Error"}
	cmd := exec.CommandContext(ctx, "go", append(append(args, "--"), patterns...)...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "PWD="+dir)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("listing packages: %w\n%s", err, stderr.Bytes())
	}
	var pkgs []*unitPackage
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		pkg := new(unitPackage)
		if err := dec.Decode(pkg); errors.Is(err, io.EOF) {
			return pkgs, nil
		} else if err != nil {
			return nil, fmt.Errorf("reading the list of packages: %w", err)
		}
		if pkg.Error != nil {
			return nil, fmt.Errorf("listing %s: %s", pkg.ImportPath, pkg.Error.Err)
		}
		pkgs = append(pkgs, pkg)
	}
}
