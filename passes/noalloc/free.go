package noalloc

import (
	_ "embed"
	"fmt"
	"go/types"
	"strconv"
	"strings"

	"github.com/heapvet/heapvet/passes/internal/modpath"
)

//go:embed free.tsv
var freeSource string

// frees are functions of other people's packages that do not allocate on
// their way to success, or not always, by types.Func.FullName.
type frees map[string]freeRow

// A freeRow says what a function does all the same.
type freeRow struct {
	calls   []calledParam
	grows   bool // allocates when what it appends to is full
	inlined bool // is free of allocations only where it is inlined, or as the compiler says there
}

// A calledParam is a parameter, from 1 with the receiver first, that is
// called, or of which a method is.
type calledParam struct {
	param  int
	method string
}

// freeTable reads the table that is built in.
func freeTable() (frees, error) { return parseFree(freeSource) }

// parseFree reads lines of a function's full name and, after a tab, what it
// calls, "1" or "2.Write", "+" if it grows, "~" if it must be inlined.
func parseFree(source string) (frees, error) {
	table := make(frees)
	number := 0
	for text := range strings.Lines(source) {
		number++
		text = strings.TrimRight(text, "\n")
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		name, list, _ := strings.Cut(text, "\t")
		var row freeRow
		for _, item := range strings.Fields(list) {
			if err := row.add(item); err != nil {
				return nil, fmt.Errorf("reading free.tsv, line %d: %w", number, err)
			}
		}
		table[name] = row
	}
	return table, nil
}

func (row *freeRow) add(item string) error {
	switch item {
	case "+":
		row.grows = true
		return nil
	case "~":
		row.inlined = true
		return nil
	}
	param, method, _ := strings.Cut(item, ".")
	n, err := strconv.Atoi(param)
	row.calls = append(row.calls, calledParam{n, method})
	return err
}

// of returns the row of fn.
func (f frees) of(fn *types.Func) (freeRow, bool) {
	if row, ok := f[fn.FullName()]; ok {
		return row, true
	}
	if fn.Pkg() == nil || !strings.Contains(fn.Pkg().Path(), ".") {
		return freeRow{}, false
	}
	row, ok := f[strings.Replace(fn.FullName(), fn.Pkg().Path(), modpath.Versionless(fn.Pkg().Path()), 1)]
	return row, ok
}

// has reports whether there is a row of fn.
func (f frees) has(fn *types.Func) bool {
	_, ok := f.of(fn)
	return ok
}

// causes returns what row means for a caller of the function of that name.
func (row freeRow) causes(name string) []cause {
	var causes []cause
	for _, call := range row.calls {
		e := effect{Kind: kindOfParam(call.method), Text: "it calls what it is given", Param: call.param, Method: call.method}
		causes = append(causes, cause{effect: e})
	}
	if row.grows {
		causes = append(causes, cause{effect: effect{Kind: grows, Text: name + " grows what it writes to, or needs memory for large values"}})
	}
	if row.inlined {
		causes = append(causes, cause{effect: effect{Kind: unknown, Text: name + unproved, Compiler: true, Asked: true}})
	}
	return causes
}

// unproved says of a function that nothing better can be said.
const unproved = " is not known not to allocate"

// tsv returns the line of the table for fn.
func (row freeRow) tsv(fn *types.Func) string {
	var items []string
	for _, call := range row.calls {
		item := strconv.Itoa(call.param)
		if call.method != "" {
			item += "." + call.method
		}
		items = append(items, item)
	}
	if row.grows {
		items = append(items, "+")
	}
	if row.inlined {
		items = append(items, "~")
	}
	return strings.TrimSuffix(fn.FullName()+"\t"+strings.Join(items, " "), "\t")
}
