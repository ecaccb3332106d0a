// Package library has no handler: its exported functions are taken to run
// per request, which findings must say.
package library

// A Table is a table.
type Table struct{ m map[string]int }

// NewTable is a constructor.
func NewTable() *Table { return &Table{m: build()} }

func build() map[string]int { return nil }

// Get looks up.
func (t *Table) Get(key string) int { return t.find(key) } // want `hot assumed: exported function of a library: \(\*Table\).Get`

func (t *Table) find(key string) int { return t.m[key] } // want `hot assumed: exported function of a library: \(\*Table\).Get -> \(\*Table\).find`

// Sum adds up.
func Sum(xs ...int) int { return len(xs) } // want `hot assumed: exported function of a library: Sum`

type hidden struct{}

func (hidden) Exported() {}

func unexported() {}
