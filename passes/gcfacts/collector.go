package gcfacts

import (
	"context"
	"fmt"
	"io"
	"slices"
	"sync"
)

// A Collector keeps what concerns us of the standard error of one
// `go list -e -export -gcflags=-m=2` or `go build -gcflags=-m=2`, and
// serves it as a [Source]. The text itself is not kept.
type Collector struct {
	mu     sync.Mutex
	parser *textParser
	failed map[textKey]string
}

// NewCollector returns a Collector for the text of a go command that runs
// in roots.Dir.
func NewCollector(roots Roots) *Collector {
	return &Collector{parser: newParser(roots), failed: make(map[textKey]string)}
}

// Read reads the text until its end, in any number of portions.
func (c *Collector) Read(r io.Reader) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.parser.read(r); err != nil {
		return fmt.Errorf("reading compiler output: %w", err)
	}
	return nil
}

// Fail records why there can be no text about a package: the error that
// the go command reported for it.
func (c *Collector) Fail(req Request, reason string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.failed[req.key()] = reason
}

// Counters returns how many lines were read, and what became of them.
func (c *Collector) Counters() Counters {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.parser.counts
}

// Other returns the first lines that are not about optimisation, such as
// errors of the compiler or the go command.
func (c *Collector) Other() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.parser.other)
}

// Load implements [Source].
func (c *Collector) Load(_ context.Context, req Request) (*Text, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if reason, ok := c.failed[req.key()]; ok {
		return nil, fmt.Errorf("escape check skipped for %s: %s", req.Path, reason)
	}
	t := c.parser.texts[req.key()]
	if t == nil || len(t.messages) == 0 {
		return nil, fmt.Errorf("escape check skipped for %s: %w", req.Path, errNoText)
	}
	return t, nil
}
