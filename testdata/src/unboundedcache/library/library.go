// Package library has no request root: what it exports may be called per
// request.
package library

import (
	"net/http"
	"regexp"
	"sync"
)

var (
	mu       sync.Mutex
	compiled = make(map[string]*regexp.Regexp)
	hooks    = make(map[string]func())
	clients  []*Client
)

// Match compiles each pattern once.
func Match(pattern, text string) bool { return compile(pattern).MatchString(text) }

func compile(pattern string) *regexp.Regexp {
	mu.Lock()
	defer mu.Unlock()
	re, ok := compiled[pattern]
	if !ok {
		re = regexp.MustCompile(pattern)
		compiled[pattern] = re // want `map "compiled" only grows: compile adds an entry per call, keyed by pattern, and nothing removes one; delete what is done, expire entries, or use a cache with a limit$`
	}
	return re
}

// RegisterHook is called at set-up.
func RegisterHook(name string, f func()) {
	hooks[name] = f // not reported: a registry
}

// A Client is kept by the package.
type Client struct{ name string }

// NewClient returns a client.
func NewClient(name string) *Client {
	c := &Client{name: name}
	clients = append(clients, c) // want `slice "clients" only grows: NewClient adds an element per call .* \[advice\]`
	return c
}

// Clients returns all clients.
func Clients() []*Client { return clients }

// Topics is shared between goroutines: it has a mutex.
type Topics struct {
	mu     sync.Mutex
	locks  map[string]*sync.Mutex
	paired map[any]int
}

// Totals can be reset as a whole.
type Totals struct {
	mu    sync.Mutex
	reset map[string]int
}

// Count counts.
func (t *Totals) Count(topic string) {
	t.mu.Lock()
	t.reset[topic]++ // want `map "Totals.reset" only grows: .* and what removes does not keep up; .* \[advice\]`
	t.mu.Unlock()
}

// Publish makes a lock for each topic.
func (t *Topics) Publish(topic string) { // want Publish:`grows\(map "library.Topics.locks", 1\)`
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.locks[topic] == nil {
		t.locks[topic] = new(sync.Mutex) // want `map "Topics.locks" only grows: \(\*Topics\)\.Publish adds an entry per call, keyed by topic, .* \[advice\]`
	}
	t.paired[topic]++ // not reported: Forget deletes, callers have to call it
}

// Forget forgets a topic.
func (t *Topics) Forget(topic string) { delete(t.paired, topic) }

// Reset forgets all of them; nothing calls it.
func (t *Totals) Reset() { t.reset = make(map[string]int) }

// Plain is not shared: no mutex.
type Plain struct{ m map[string]int }

// Add counts.
func (p *Plain) Add(name string) { // want Add:`grows\(map "library.Plain.m", 1\)`
	p.m[name]++ // not reported: callers own it
}

// Cache is a map with a method that adds and none that removes.
type Cache map[string]any

// Put keeps v.
func (c Cache) Put(key string, v any) { c[key] = v } // want Put:`grows\(map "library.Cache", 1\)` `map "Cache" only grows: Cache\.Put adds an entry per call, keyed by key, .* \[advice\]`

var requests = make(map[*http.Request]int)

// Mark keeps something about a request until Unmark.
func Mark(r *http.Request) {
	mu.Lock()
	requests[r]++ // want `map "requests" only grows: Mark adds an entry per call, keyed by r, and nothing here removes one; remove it when the request ends \[advice\]`
	mu.Unlock()
}

// Unmark forgets a request.
func Unmark(r *http.Request) {
	mu.Lock()
	delete(requests, r)
	mu.Unlock()
}
