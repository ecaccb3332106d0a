package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// largest is how many of the sites that allocate most are held against
// heapvet's findings.
const largest = 20

// A finding is one of tier default about an allocation.
type finding struct {
	check string
	spot
}

// A spot is a line of a file of the module.
type spot struct {
	file string // relative to the module's root
	line int
}

// A function is where one begins and ends.
type function struct {
	file        string
	first, last int // lines
}

// findings runs heapvet on the module in dir and returns what its checks
// of allocations, whose names begin with hot, find.
func (p program) findings(ctx context.Context, dir, binary string) ([]finding, error) {
	cmd := exec.CommandContext(ctx, binary, "-json", "./...")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-buildvcs=false")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	var exit *exec.ExitError
	if err != nil && !(errors.As(err, &exit) && exit.ExitCode() == 1) {
		return nil, fmt.Errorf("running heapvet: %w\n%s", err, &stderr)
	}
	var tree map[string]map[string][]struct{ Posn string }
	if err := json.Unmarshal(out, &tree); err != nil {
		return nil, fmt.Errorf("reading heapvet's findings: %w", err)
	}
	var all []finding
	for _, checks := range tree {
		for check, list := range checks {
			if !strings.HasPrefix(check, "hot") {
				continue
			}
			for _, d := range list {
				at, _, _ := cutLast(d.Posn, ':')
				name, number, _ := cutLast(at, ':')
				line, err := strconv.Atoi(number)
				if err != nil {
					return nil, fmt.Errorf("reading heapvet's findings: position %s", d.Posn)
				}
				rel, err := filepath.Rel(dir, name)
				if err != nil {
					return nil, fmt.Errorf("reading heapvet's findings: %w", err)
				}
				all = append(all, finding{check, spot{filepath.ToSlash(rel), line}})
			}
		}
	}
	return all, nil
}

// covered runs the program once more and returns the lines of the module
// that ran.
func (p program) covered(ctx context.Context, dir string, requests int) (map[spot]bool, error) {
	main, binary := filepath.Join(dir, "main"), filepath.Join(dir, "covered")
	if _, err := command(ctx, main, nil, "go", "build", "-mod=mod", "-cover", "-coverpkg=.,"+p.module+"/...", "-o", binary, "."); err != nil {
		return nil, err
	}
	data, err := os.MkdirTemp("", "sites")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(data)
	if _, err := command(ctx, data, []string{"GOCOVERDIR=" + data}, binary, strconv.Itoa(requests), data); err != nil {
		return nil, err
	}
	text := filepath.Join(data, "profile")
	if _, err := command(ctx, main, nil, "go", "tool", "covdata", "textfmt", "-i="+data, "-o="+text); err != nil {
		return nil, err
	}
	f, err := os.Open(text)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return p.readCover(f)
}

// readCover reads a coverage profile: "path/file.go:1.2,3.4 statements count".
func (p program) readCover(r io.Reader) (map[spot]bool, error) {
	ran := make(map[spot]bool)
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		name, rest, ok := cutLast(lines.Text(), ':')
		file, own := strings.CutPrefix(name, p.module+"/")
		if !ok || !own {
			continue
		}
		var first, last, column, statements, count int
		if _, err := fmt.Sscanf(rest, "%d.%d,%d.%d %d %d", &first, &column, &last, &column, &statements, &count); err != nil {
			return nil, fmt.Errorf("reading a coverage profile: %q: %w", lines.Text(), err)
		}
		for line := first; count > 0 && line <= last; line++ {
			ran[spot{file, line}] = true
		}
	}
	return ran, lines.Err()
}

// functions knows where the functions of a module are.
type functions struct {
	dir   string
	files map[string][][2]int // first and last lines, outer functions first
}

// of returns the innermost function at s; where there is none, the line.
func (f *functions) of(s spot) (fn function, err error) {
	if _, ok := f.files[s.file]; !ok {
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, filepath.Join(f.dir, filepath.FromSlash(s.file)), nil, parser.SkipObjectResolution)
		if err != nil {
			return fn, err
		}
		f.files[s.file] = nil
		for n := range ast.Preorder(file) {
			switch n.(type) {
			case *ast.FuncDecl, *ast.FuncLit:
				lines := [2]int{fset.Position(n.Pos()).Line, fset.Position(n.End()).Line}
				f.files[s.file] = append(f.files[s.file], lines)
			}
		}
	}
	fn = function{s.file, s.line, s.line}
	for _, lines := range f.files[s.file] {
		if lines[0] <= s.line && s.line <= lines[1] {
			fn = function{s.file, lines[0], lines[1]}
		}
	}
	return fn, nil
}

// A judge holds the places that allocated against heapvet's findings.
type judge struct {
	fns       *functions
	named     map[function]bool // by a finding
	allocated map[function]bool // under load
}

// told reports whether a finding stands in the function of s or in one that
// called it.
func (j *judge) told(s site) (bool, error) {
	told := false
	for at := range s.callers {
		fn, err := j.fns.of(at)
		if err != nil {
			return false, err
		}
		j.allocated[fn] = true
		told = told || j.named[fn]
	}
	return told, nil
}

// compare says how many of the largest sites are told, and how many of the
// findings in code that ran stand in functions that allocated.
func compare(w io.Writer, dir string, sites []site, all []finding, ran map[spot]bool) error {
	j := &judge{&functions{dir, make(map[string][][2]int)}, make(map[function]bool), make(map[function]bool)}
	for _, f := range all {
		fn, err := j.fns.of(f.spot)
		if err != nil {
			return err
		}
		j.named[fn] = true
	}
	named, top := 0, min(largest, len(sites))
	for i, s := range sites {
		told, err := j.told(s)
		if err != nil {
			return err
		}
		if i >= top {
			continue
		}
		verdict := "silent"
		if told {
			verdict = "told"
			named++
		}
		fmt.Fprintf(w, "%s\t%d bytes\t%s:%d\t%s\n", verdict, s.bytes, s.file, s.line, s.function)
	}
	reached, right := 0, 0
	for _, f := range all {
		fn, err := j.fns.of(f.spot)
		if err != nil {
			return err
		}
		switch {
		case !ran[f.spot]:
			continue
		case j.allocated[fn]:
			right++
		default:
			fmt.Fprintf(w, "idle\t%s\t%s:%d\n", f.check, f.file, f.line)
		}
		reached++
	}
	fmt.Fprintf(w, "%d of the %d largest sites told; %d of %d findings in code that ran stand where memory was allocated; %d findings\n",
		named, top, right, reached, len(all))
	return nil
}
