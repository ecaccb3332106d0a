package prove

import (
	"go/token"
	"sync"

	"golang.org/x/tools/go/analysis"

	"github.com/heapvet/heapvet/passes/gcfacts"
)

// A Ledger keeps what findings rest on until their fixes are proved.
type Ledger struct {
	mu      sync.Mutex
	entries map[entry]gcfacts.Evidence
}

// entry names a diagnostic.
type entry struct {
	check   string
	pos     token.Pos
	message string
}

// Note records the evidence of a diagnostic, for [passes.Config].
func (l *Ledger) Note(d analysis.Diagnostic, e gcfacts.Evidence) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.entries == nil {
		l.entries = make(map[entry]gcfacts.Evidence)
	}
	l.entries[entry{d.Category, d.Pos, d.Message}] = e
}

// Of returns the evidence of d, or nil.
func (l *Ledger) Of(d analysis.Diagnostic) *gcfacts.Evidence {
	l.mu.Lock()
	defer l.mu.Unlock()
	if e, ok := l.entries[entry{d.Category, d.Pos, d.Message}]; ok {
		return &e
	}
	return nil
}
