package main

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A heat knows the functions of a module that heapvet calls hot or warm.
type heat struct {
	dir    string            // the module's root
	grades map[string]string // "hot" or "warm" by "file:line:column" of a function
}

// heat runs heapvet hot on the program's module.
func (p program) heat(ctx context.Context, module, binary string) (heat, error) {
	out, err := command(ctx, module, nil, binary, "hot", "./...")
	if err != nil {
		return heat{}, err
	}
	h := heat{dir: module, grades: make(map[string]string)}
	lines := bufio.NewScanner(bytes.NewReader(out))
	for lines.Scan() {
		// Have: "dir/file.go:12:1: hot (*T).M: why"
		at, rest, ok := strings.Cut(lines.Text(), ": ")
		grade, _, _ := strings.Cut(rest, " ")
		if ok && (grade == "hot" || grade == "warm") {
			h.grades[at] = grade
		}
	}
	if len(h.grades) == 0 {
		return heat{}, fmt.Errorf("nothing is hot:\n%s", out)
	}
	return h, lines.Err()
}

// source copies the program's module from the module cache to dir.
func (p program) source(ctx context.Context, work, dir string) error {
	out, err := command(ctx, work, nil, "go", "mod", "download", "-json", p.module+"@"+p.version)
	if err != nil {
		return err
	}
	var download struct{ Dir string }
	if err := json.Unmarshal(out, &download); err != nil {
		return err
	}
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	if err := os.CopyFS(dir, os.DirFS(download.Dir)); err != nil {
		return err
	}
	return takeReleases(ctx, dir)
}

// takeReleases makes the module in dir, which may be one of several of a
// repository, take the others from the module proxy.
func takeReleases(ctx context.Context, dir string) error {
	out, err := command(ctx, dir, nil, "go", "mod", "edit", "-json")
	if err != nil {
		return err
	}
	var gomod struct {
		Replace []struct{ Old, New struct{ Path string } }
	}
	if err := json.Unmarshal(out, &gomod); err != nil {
		return err
	}
	edit := []string{"mod", "edit"}
	for _, r := range gomod.Replace {
		if strings.HasPrefix(r.New.Path, ".") {
			edit = append(edit, "-dropreplace="+r.Old.Path)
		}
	}
	if len(edit) == 2 {
		return nil // complete
	}
	// The module cache's files are read-only, and so are their copies.
	for _, name := range []string{"go.mod", "go.sum"} {
		if err := os.Chmod(filepath.Join(dir, name), 0o666); err != nil {
			return err
		}
	}
	if _, err := command(ctx, dir, nil, "go", edit...); err != nil {
		return err
	}
	_, err = command(ctx, dir, []string{"GOFLAGS=-mod=mod"}, "go", "list", "-deps", "./...")
	return err
}

// grade returns the grade of the function that holds s: "cold" if heapvet
// does not list it. Where a literal begins and ends on the line of s, the
// hotter of the two functions counts, since nobody knows which allocates.
func (h heat) grade(s site) (string, error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, filepath.Join(h.dir, filepath.FromSlash(s.file)), nil, parser.SkipObjectResolution)
	if err != nil {
		return "", err
	}
	grade := "cold"
	for n := range ast.Preorder(file) {
		switch n.(type) {
		default:
			continue // no function
		case *ast.FuncDecl, *ast.FuncLit:
		}
		first, last := fset.Position(n.Pos()), fset.Position(n.End())
		if s.line < first.Line || last.Line < s.line {
			continue // elsewhere
		}
		g := cmp.Or(h.grades[fmt.Sprintf("%s:%d:%d", s.file, first.Line, first.Column)], "cold")
		if first.Line < last.Line || slices.Index(grades(), g) < slices.Index(grades(), grade) {
			grade = g
		}
	}
	return grade, nil
}

// grades returns the grades, the hottest first.
func grades() []string { return []string{"hot", "warm", "cold"} }

// summarize says how many sites, and how much of what is allocated there,
// are of each grade.
func summarize(w io.Writer, sites []site) {
	var all, allBytes, allSelf int64
	count, self, size := make(map[string]int64), make(map[string]int64), make(map[string]int64)
	for _, s := range sites {
		all++
		allBytes += s.bytes
		count[s.grade]++
		size[s.grade] += s.bytes
		if s.self {
			allSelf++
			self[s.grade]++
		}
	}
	for _, g := range grades() {
		fmt.Fprintf(w, "%s: %d of %d sites with %.1f %% of the bytes; of the lines that allocate by themselves %d of %d\n",
			g, count[g], all, 100*float64(size[g])/float64(allBytes), self[g], allSelf)
	}
}
