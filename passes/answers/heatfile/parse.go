package heatfile

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/heapvet/heapvet/passes/answers"
)

// Parse reads the content of the heat file called name.
func Parse(name string, data []byte) (*answers.Module, error) {
	facts := make(map[string]fact)
	n := 0
	for line := range strings.Lines(string(data)) {
		n++
		line = strings.TrimRight(line, "\r\n")
		if line == "" {
			continue
		}
		f, err := parse(line)
		if err != nil {
			return nil, fmt.Errorf("reading the heat file %s: line %d: %w", name, n, err)
		}
		if old, ok := facts[f.key]; !ok || old.weight < f.weight || old.weight == f.weight && old.line > line {
			f.line = line
			facts[f.key] = f
		}
	}
	module := &answers.Module{Name: name}
	for _, key := range slices.Sorted(maps.Keys(facts)) {
		facts[key].add(module)
	}
	if len(module.Paths) == 0 {
		return nil, fmt.Errorf("reading the heat file %s: the line %q is missing", name, header)
	}
	return module, nil
}

// A fact is what one line says.
type fact struct {
	key    string // what it is about: of the lines with one key, one stands
	weight int    // the greater one
	line   string
	add    func(*answers.Module)
}

// parse reads one line.
func parse(line string) (fact, error) {
	cols := strings.Split(line, "\t")
	if len(cols) < 3 {
		return fact{}, errColumns
	}
	if cols[0] == header {
		return parseHeader(cols)
	}
	switch cols[1] {
	case "package":
		return parsePackage(cols)
	case "hot", "warm", "cold":
		return parseFunc(cols)
	case "param":
		return parseParam(cols)
	case "default", "advice", "none":
		return parseVerdict(cols)
	}
	return fact{}, fmt.Errorf("unknown kind %q", cols[1])
}

var errColumns = errors.New("it lacks columns, or has too many")

func parseHeader(cols []string) (fact, error) {
	if cols[1] != version {
		return fact{}, fmt.Errorf("its format is %q, and this heapvet reads %s only: write it again with heapvet heat", cols[1], version)
	}
	if len(cols) != 3 {
		return fact{}, errColumns
	}
	return fact{
		key: strings.Join(cols, "\t"),
		add: func(m *answers.Module) { m.Paths = append(m.Paths, cols[2]) },
	}, nil
}

func parsePackage(cols []string) (fact, error) {
	if len(cols) != 3 {
		return fact{}, errColumns
	}
	return fact{
		key: cols[0] + "\tpackage",
		add: func(m *answers.Module) { m.Add(cols[0], cols[2]) },
	}, nil
}

// parseFunc reads the heat of a function.
func parseFunc(cols []string) (fact, error) {
	f := answers.Func{Grade: cols[1]}
	weight := 0
	switch {
	case f.Grade == "cold" && len(cols) == 4:
		f.Why = cols[3]
	case f.Grade != "cold" && len(cols) == 6 && cols[3] == "root":
		var err error
		if f.Loops, err = parseLoops(cols[4]); err != nil {
			return fact{}, err
		}
		f.Root = cols[5]
	case f.Grade != "cold" && len(cols) == 6 && cols[3] == "from":
		f.Caller = answers.Ref{Package: cols[4], Func: cols[5]}
		if cols[4] == "." {
			f.Caller.Package = cols[0]
		}
	default:
		return fact{}, errColumns
	}
	switch f.Grade {
	case "warm":
		weight = 1
	case "hot":
		weight = 2
	}
	return fact{
		key:    cols[0] + "\tfunc\t" + cols[2],
		weight: weight,
		add:    func(m *answers.Module) { m.Add(cols[0], "").Funcs[cols[2]] = f },
	}, nil
}

// parseLoops reads "-" or numbers like "0,2".
func parseLoops(s string) ([]int, error) {
	if s == "-" {
		return nil, nil
	}
	var loops []int
	for number := range strings.SplitSeq(s, ",") {
		n, err := strconv.Atoi(number)
		if err != nil || n < 0 {
			return nil, fmt.Errorf("%q are no numbers of loops", s)
		}
		loops = append(loops, n)
	}
	return loops, nil
}

// parseParam reads what other packages pass for a parameter.
func parseParam(cols []string) (fact, error) {
	if len(cols) != 6 {
		return fact{}, errColumns
	}
	index, err := strconv.Atoi(cols[3])
	if err != nil || index < 0 {
		return fact{}, fmt.Errorf("%q is no number of a parameter", cols[3])
	}
	param := answers.Param{Func: cols[2], Index: index}
	data := answers.Data{Origins: strings.Split(cols[4], ","), Source: cols[5]}
	return fact{
		key:    strings.Join([]string{cols[0], "param", cols[2], cols[3]}, "\t"),
		weight: len(data.Origins),
		add:    func(m *answers.Module) { m.Add(cols[0], "").Params[param] = data },
	}, nil
}

// parseVerdict reads what a check says about a line.
func parseVerdict(cols []string) (fact, error) {
	kind := cols[1]
	if len(cols) < 6 || kind == "none" && len(cols) > 6 || kind != "none" && len(cols) == 6 {
		return fact{}, errColumns
	}
	v := answers.Verdict{
		Decl: cols[2], Hash: cols[3], Check: cols[4],
		Message: strings.Join(cols[6:], "\t"), Advice: kind == "advice",
	}
	line, column, _ := strings.Cut(cols[5], ":")
	var err, err2 error
	v.Line, err = strconv.Atoi(line)
	v.Column, err2 = strconv.Atoi(column)
	if err != nil || err2 != nil || v.Line < 0 || v.Column < 1 {
		return fact{}, fmt.Errorf("%q is no place", cols[5])
	}
	weight := map[string]int{"none": 0, "advice": 1, "default": 2}[kind]
	return fact{
		key:    strings.Join([]string{cols[0], "line", v.Decl, v.Hash, v.Check, line}, "\t"),
		weight: weight,
		add: func(m *answers.Module) {
			p := m.Add(cols[0], "")
			p.Verdicts = append(p.Verdicts, v)
		},
	}, nil
}
