package doc_test

import (
	"testing"

	"github.com/heapvet/heapvet/passes/internal/doc"
)

func TestSection(t *testing.T) {
	const source = `// Package two has two checks.
//
// # Analyzer one
//
// one: find a thing
//
// More about it.
//
// # Analyzer two
//
// two: find another
package two
`
	for _, tt := range []struct{ name, want string }{
		{"one", "one: find a thing\n\nMore about it."},
		{"two", "two: find another"},
		{"three", ""},
	} {
		if got := doc.Section(source, tt.name); got != tt.want {
			t.Errorf("Section(%q) = %q, want %q", tt.name, got, tt.want)
		}
	}
	if got := doc.Section("no Go", "one"); got != "" {
		t.Errorf("Section of broken source = %q, want nothing", got)
	}
}
