package gcfacts

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"io"
	"path/filepath"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// Compilations asks the go command what compiling the packages takes that
// cfg.Patterns match, so that edits of them can be tried. The keys are the
// go command's names, "p" or "p [p.test]". Packages that do not compile, and
// those with files that cgo made, are left out.
func Compilations(ctx context.Context, cfg ListConfig) (map[string]*Direct, error) {
	args := append(append([]string{"list"}, cfg.Flags...), ListFlags()...)
	args = append(args, "-deps", "-compiled", "-json=ImportPath,Dir,Export,CompiledGoFiles,CgoFiles,Imports,ImportMap,DepOnly,Module")
	if cfg.Tests {
		args = append(args, "-test")
	}
	listed, err := listCompiled(ctx, cfg, append(append(args, "--"), cfg.Patterns...))
	if err != nil {
		return nil, err
	}
	exports := make(map[string]string)
	all := make(map[string]*Direct)
	for _, l := range listed { // dependencies come first
		exports[l.ImportPath] = l.Export
		if l.DepOnly || l.Export == "" || len(l.CgoFiles) > 0 || len(l.CompiledGoFiles) == 0 {
			continue
		}
		all[l.ImportPath] = l.direct(exports, cfg)
	}
	return all, nil
}

// Export returns the file with the export data of the package path, which
// an edit imports and the program may not have, in the view of dir.
func Export(ctx context.Context, cfg ListConfig, path string) (string, error) {
	args := append(append([]string{"list"}, cfg.Flags...), "-export", "-trimpath=false", "-json=ImportPath,Export", "--", path)
	listed, err := listCompiled(ctx, cfg, args)
	if err != nil {
		return "", err
	}
	if len(listed) != 1 || listed[0].Export == "" {
		return "", fmt.Errorf("there is no export data of %s", path)
	}
	return listed[0].Export, nil
}

// listCompiled runs go list and returns what it prints on standard output.
func listCompiled(ctx context.Context, cfg ListConfig, args []string) ([]*compiled, error) {
	tools := toolchain{dir: cfg.Dir, env: cfg.Env, timeout: cfg.Timeout}
	ctx, cancel := context.WithTimeout(ctx, tools.timeLimit())
	defer cancel()
	cmd, err := tools.command(ctx, args...)
	if err != nil {
		return nil, err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, unavailableError(err)
	}
	var said tail
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		return nil, tools.failure(ctx, "go list", err, "")
	}
	listed, decodeErr := decodeCompiled(stdout)
	if err := cmd.Wait(); err != nil {
		return nil, tools.failure(ctx, "go list", err, said.lastLine())
	}
	return listed, decodeErr
}

// A tail keeps the end of what is written to it: the go command replays
// megabytes of gc's text before it says why it fails.
type tail []byte

// Write implements [io.Writer].
func (t *tail) Write(p []byte) (int, error) {
	const most = 1000
	*t = append(*t, p[max(0, len(p)-most):]...)
	*t = append((*t)[:0], (*t)[max(0, len(*t)-most):]...)
	return len(p), nil
}

// lastLine returns the last line that was written.
func (t tail) lastLine() string {
	text := strings.TrimSpace(string(t))
	return text[strings.LastIndexByte(text, '\n')+1:]
}

// compiled is what go list says about a package that it compiled.
type compiled struct {
	ImportPath      string
	Dir             string
	Export          string
	CompiledGoFiles []string
	CgoFiles        []string
	Imports         []string
	ImportMap       map[string]string
	DepOnly         bool
	Module          *struct{ GoVersion string }
}

func decodeCompiled(r io.Reader) ([]*compiled, error) {
	var all []*compiled
	for dec := json.NewDecoder(r); ; {
		l := new(compiled)
		switch err := dec.Decode(l); {
		case errors.Is(err, io.EOF):
			return all, nil
		case err != nil:
			_, _ = io.Copy(io.Discard, r) // let the command end
			return nil, fmt.Errorf("reading the go command's list: %w", err)
		}
		all = append(all, l)
	}
}

// direct returns what compiles l, given the export data of its imports.
func (l *compiled) direct(exports map[string]string, cfg ListConfig) *Direct {
	d := &Direct{
		Path: plainPath(l.ImportPath), Dir: l.Dir, Env: cfg.Env, Timeout: cfg.Timeout,
		ImportMap: make(map[string]string), PackageFile: make(map[string]string),
	}
	if l.Module != nil && l.Module.GoVersion != "" {
		d.GoVersion = "go" + l.Module.GoVersion
	}
	for _, name := range l.CompiledGoFiles {
		if filepath.Ext(name) != ".go" {
			continue // assembly
		}
		if !filepath.IsAbs(name) {
			name = filepath.Join(l.Dir, name)
		}
		d.Files = append(d.Files, name)
	}
	for _, imp := range l.Imports {
		d.PackageFile[plainPath(imp)] = exports[imp]
	}
	for from, to := range l.ImportMap {
		d.ImportMap[from] = plainPath(to)
	}
	return d
}

// plainPath returns an import path without the test variant.
func plainPath(path string) string {
	plain, _, _ := strings.Cut(path, " [")
	return plain
}

// Compile runs the compiler on files, the parsed and type-checked form of
// what d names, edits included, and returns what it says about them. Unlike
// the analyzer it has an error for what does not compile.
func (d *Direct) Compile(ctx context.Context, fset *token.FileSet, files []*ast.File, pkg *types.Package, info *types.Info, sizes types.Sizes) (*Package, error) {
	text, err := d.Load(ctx, Request{Path: d.Path, Dir: d.Dir, Files: d.Files})
	if errors.Is(err, errNoText) {
		text, err = newText(d.Dir), nil // it compiled: nothing is worth a word
	}
	if err != nil {
		return nil, err
	}
	pass := &analysis.Pass{Fset: fset, Files: files, Pkg: pkg, TypesInfo: info, TypesSizes: sizes}
	p := newPackage(pass, nil)
	p.once.Do(func() { p.res = resolve(text, fset, files, info, sizes) })
	return p, nil
}
