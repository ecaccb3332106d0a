// Package known is a table of what calls of well-known libraries allocate:
// the part of a function's allocations that its own package's compiler
// output does not show, because it happens in the callee.
package known

import (
	_ "embed"
	"fmt"
	"go/types"
	"strconv"
	"strings"

	"github.com/heapvet/heapvet/passes/internal/modpath"
)

//go:embed calls.tsv
var source string

// A Remedy is how the allocations of a call can be saved.
type Remedy string

const (
	Once Remedy = "once" // build it once, if all that decides the result is constant
	Pool Remedy = "pool" // keep the object, in a pool, and reset it
	Swap Remedy = "swap" // call something else
	Rare Remedy = "rare" // as the advice says, where that is possible: not always
)

// A Row is what one function, method or type costs.
type Row struct {
	Package string // import path without major version
	Symbol  string // "NewWriter", "Template.Parse", "Transport"
	Remedy  Remedy
	Args    int    // how many of the first arguments decide the result, -1 for all; with Pool the one, from 1, that is the size in bytes
	Allocs  int64  // allocations per use: of a writer, until it is closed
	Bytes   int64  // bytes of those
	Version string // what was measured; "" for the standard library of Go 1.26
	System  bool   // the figures depend on the machine
	Advice  string // the edit: "compile it once, in a package variable"
}

// Name returns the row's key, "compress/gzip.NewWriter".
func (r *Row) Name() string { return r.Package + "." + r.Symbol }

// A Table finds rows by declaration. It must not be changed.
type Table struct {
	rows   []*Row
	byName map[string]*Row
}

// Load reads the table that is built in.
func Load() (*Table, error) { return parse(source) }

func parse(source string) (*Table, error) {
	t := &Table{byName: make(map[string]*Row)}
	number := 0
	for line := range strings.Lines(source) {
		number++
		line = strings.TrimRight(line, "\n")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		row, err := parseRow(strings.Split(line, "\t"))
		if err != nil {
			return nil, fmt.Errorf("reading calls.tsv, line %d: %w", number, err)
		}
		if t.byName[row.Name()] != nil {
			return nil, fmt.Errorf("reading calls.tsv, line %d: %s is there already", number, row.Name())
		}
		t.rows = append(t.rows, row)
		t.byName[row.Name()] = row
	}
	return t, nil
}

func parseRow(cols []string) (*Row, error) {
	const columns = 8
	if len(cols) != columns {
		return nil, fmt.Errorf("%d columns, want %d", len(cols), columns)
	}
	row := &Row{Package: cols[0], Symbol: cols[1], Remedy: Remedy(cols[2]), Args: -1, Advice: cols[7]}
	var err error
	if cols[3] != "all" {
		if row.Args, err = strconv.Atoi(cols[3]); err != nil {
			return nil, err
		}
	}
	if row.Allocs, err = strconv.ParseInt(cols[4], 10, 64); err != nil {
		return nil, err
	}
	if row.Bytes, err = strconv.ParseInt(cols[5], 10, 64); err != nil {
		return nil, err
	}
	switch cols[6] {
	case "std":
	case "system":
		row.System = true
	default:
		row.Version = cols[6]
	}
	switch row.Remedy {
	case Once, Pool, Swap, Rare:
		return row, nil
	}
	return nil, fmt.Errorf("unknown remedy %q", row.Remedy)
}

// Rows returns the table's rows in their order.
func (t *Table) Rows() []*Row { return t.rows }

// Of returns the row of obj, a function, method or type, or nil.
func (t *Table) Of(obj types.Object) *Row {
	if obj == nil || obj.Pkg() == nil {
		return nil
	}
	symbol := obj.Name()
	if fn, ok := obj.(*types.Func); ok && fn.Signature().Recv() != nil {
		recv := fn.Signature().Recv().Type()
		if ptr, ok := types.Unalias(recv).(*types.Pointer); ok {
			recv = ptr.Elem()
		}
		named, ok := types.Unalias(recv).(*types.Named)
		if !ok {
			return nil
		}
		symbol = named.Obj().Name() + "." + symbol
	} else if obj.Parent() != obj.Pkg().Scope() {
		return nil // a local name or a field
	}
	path := obj.Pkg().Path()
	if row := t.byName[path+"."+symbol]; row != nil {
		return row // math/rand/v2 and its like are in no row of math/rand
	}
	if strings.Contains(strings.SplitN(path, "/", 2)[0], ".") {
		return t.byName[modpath.Versionless(path)+"."+symbol]
	}
	return nil
}
