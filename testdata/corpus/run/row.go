package main

import (
	"fmt"
	"os"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// A row is one known bug, or one known look-alike.
type row struct {
	id        string
	category  string // "map-pkgvar"
	class     string // what the totals are grouped by
	reach     string // how far one must look: "intra", "pkg" ...; "" if the file does not say
	file      string // relative to the module's root, slash-separated
	functions []string
	buggy     version
	fixed     version // no module if there is none
}

// A version is one version of a module, with the lines of interest in the
// row's file.
type version struct {
	module  string // "std" for the standard library
	version string
	lines   []int
}

// pkg returns the import path of the row's package in v.
func (r *row) pkg(v version) string {
	dir := path.Dir(r.file)
	switch {
	case v.module == "std":
		return dir
	case dir == ".":
		return v.module
	}
	return v.module + "/" + dir
}

// readRows reads a tab-separated corpus file, whose first line names the
// columns.
func readRows(name string) ([]*row, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var rows []*row
	var head []string
	for i, line := range strings.Split(strings.TrimRight(string(text), "\n"), "\n") {
		fields := strings.Split(line, "\t")
		if i == 0 {
			head = fields
			continue
		}
		cols := make(map[string]string, len(head))
		for j, f := range fields {
			if j < len(head) {
				cols[head[j]] = strings.TrimSpace(f)
			}
		}
		r, err := newRow(cols)
		if err != nil {
			return nil, fmt.Errorf("reading %s:%d: %w", name, i+1, err)
		}
		rows = append(rows, r)
	}
	return rows, nil
}

var reachTag = regexp.MustCompile(`^\[(\w+)\]`)

// newRow makes a row of one line's columns. The formats differ in the
// names of their columns, and by that they are told apart.
func newRow(cols map[string]string) (*row, error) {
	r := &row{id: cols["id"], category: cols["category"], file: cols["file"]}
	if r.id == "" || r.file == "" {
		return nil, fmt.Errorf("no id or no file")
	}
	if dir := cols["package_dir"]; dir != "" {
		r.file = path.Join(dir, r.file) // which is then relative to the package
	}
	r.functions = strings.FieldsFunc(cols["function"], func(c rune) bool { return c == ';' || c == '/' })
	if m := reachTag.FindStringSubmatch(cols["signal"]); m != nil {
		r.reach = m[1]
	}
	lines := cols["lines"]
	switch {
	case cols["module@version"] != "": // look-alikes, which have no buggy version
		r.category = "negative"
		r.buggy = parseVersion("", strings.Replace(cols["module@version"], "@", " ", 1), cols["insert_lines"])
	case cols["before_version"] != "":
		r.category = cols["pattern"]
		before, after, _ := strings.Cut(lines, ";")
		r.buggy = parseVersion(cols["module"], cols["before_version"], strings.TrimPrefix(before, "b:"))
		r.fixed = parseVersion(cols["module"], cols["after_version"], strings.TrimPrefix(after, "a:"))
	case cols["buggy_version"] != "":
		r.buggy = parseVersion(cols["module"], cols["buggy_version"], lines)
		r.fixed = parseVersion(cols["module"], cols["fixed_version"], "")
	default:
		return nil, fmt.Errorf("row %s: no version column", r.id)
	}
	r.class = r.category
	if cols["pattern"] == "" {
		r.class, _, _ = strings.Cut(strings.Replace(r.category, ":", "-", 1), "-")
	}
	return r, nil
}

// parseVersion reads a version, which may name a module of its own before
// it, and lines such as "12,20-24". A version of "-" or "" is none.
func parseVersion(module, text, lines string) version {
	if text == "" || text == "-" {
		return version{}
	}
	v := version{module: module, version: text}
	if mod, ver, ok := strings.Cut(text, " "); ok {
		v.module, v.version = mod, ver
	}
	for part := range strings.SplitSeq(lines, ",") {
		from, to, isRange := strings.Cut(strings.TrimSpace(part), "-")
		first, err := strconv.Atoi(from)
		if err != nil {
			continue // no lines given: the function alone counts
		}
		last := first
		if n, err := strconv.Atoi(to); isRange && err == nil {
			last = n
		}
		for n := first; n <= last; n++ {
			v.lines = append(v.lines, n)
		}
	}
	return v
}

// selectRows returns the rows with the given ids, all for no ids.
func selectRows(rows []*row, ids []string) ([]*row, error) {
	if len(ids) == 0 {
		return rows, nil
	}
	var out []*row
	for _, id := range ids {
		i := slices.IndexFunc(rows, func(r *row) bool { return r.id == id })
		if i < 0 {
			return nil, fmt.Errorf("no row has the id %q", id)
		}
		out = append(out, rows[i])
	}
	return out, nil
}
