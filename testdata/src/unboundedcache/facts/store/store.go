// Package store has containers that its importers fill.
package store

var all = make(map[string]int)

// Count counts for the whole process.
func Count(name string) { all[name]++ } // want Count:`grows\(map "store.all", 0\)` `map "all" only grows: Count adds an entry per call`

// A Table belongs to whoever makes it.
type Table struct{ rows map[string]string }

// New returns an empty table.
func New() *Table { return &Table{rows: make(map[string]string)} }

// Put adds a row.
func (t *Table) Put(key, value string) { t.rows[key] = value } // want Put:`grows\(map "store.Table.rows", 1\)`

// A Bounded table forgets.
type Bounded struct{ rows map[string]string }

// Put adds a row and drops all others.
func (t *Bounded) Put(key, value string) {
	t.rows = make(map[string]string)
	t.rows[key] = value
}
