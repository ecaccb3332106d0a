package heatfile

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"github.com/heapvet/heapvet/passes/answers"
)

// Format returns the content of a heat file, the header first and then the
// other lines in the order of their bytes.
func Format(m *answers.Module) []byte {
	var lines []string
	add := func(cols ...string) { lines = append(lines, strings.Join(cols, "\t")) }
	for _, path := range m.Paths {
		add(header, version, path)
	}
	for _, p := range m.Packages() {
		add(p.Path, "package", p.Name)
		for name, f := range p.Funcs {
			add(slices.Concat([]string{p.Path, f.Grade, name}, reason(p.Path, f))...)
		}
		for param, data := range p.Params {
			add(p.Path, "param", param.Func, strconv.Itoa(param.Index), strings.Join(data.Origins, ","), data.Source)
		}
		for _, v := range p.Verdicts {
			add(slices.Concat([]string{p.Path}, verdict(v))...)
		}
	}
	slices.Sort(lines)
	var buf bytes.Buffer
	for _, line := range slices.Compact(lines) {
		buf.WriteString(line)
		buf.WriteByte('\n')
	}
	return buf.Bytes()
}

// reason returns the columns that tell why a function of the package path
// is as hot as it is.
func reason(path string, f answers.Func) []string {
	switch {
	case f.Grade == "cold":
		return []string{f.Why}
	case f.Root != "":
		return []string{"root", formatLoops(f.Loops), f.Root}
	case f.Caller.Package == path:
		return []string{"from", ".", f.Caller.Func}
	}
	return []string{"from", f.Caller.Package, f.Caller.Func}
}

func formatLoops(loops []int) string {
	if len(loops) == 0 {
		return "-"
	}
	var numbers []string
	for _, n := range loops {
		numbers = append(numbers, strconv.Itoa(n))
	}
	return strings.Join(numbers, ",")
}

// verdict returns the columns of a verdict after its package.
func verdict(v answers.Verdict) []string {
	at := strconv.Itoa(v.Line) + ":" + strconv.Itoa(v.Column)
	switch {
	case v.Message == "":
		return []string{"none", v.Decl, v.Hash, v.Check, at}
	case v.Advice:
		return []string{"advice", v.Decl, v.Hash, v.Check, at, v.Message}
	}
	return []string{"default", v.Decl, v.Hash, v.Check, at, v.Message}
}
