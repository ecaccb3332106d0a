// What takes elements out again, and what only seems to.
package main

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"sync"
	"time"
)

type server struct {
	deleted   map[string]int
	aliased   map[string]int
	helped    map[string]int
	passed    map[string]int
	closure   map[string]int
	swept     map[string]time.Time
	cleared   map[string]int
	filtered  map[string]int
	replaced  map[string]int
	swapped   map[string]int
	named     table
	kept      table2
	stored    sync.Map
	ranged    sync.Map
	loaded    sync.Map
	lent      sync.Map
	called    sync.Map
	cut       []string
	truncated []string
	popped    []string
	emptied   onlyemptied
	lazy      onlylazy
	dead      onlydead
	onFailure onlyonfailure
	atClose   onlyatclose
	whole     inner
}

// Each of its own type: what is deleted from a neighbour is brokenevict's.
type (
	onlyemptied   struct{ m map[string]int }
	onlylazy      struct{ m map[string]int }
	onlydead      struct{ m map[string]int }
	onlyonfailure struct{ m map[string]int }
	onlyatclose   struct{ m map[string]int }
)

type inner struct{ m map[string]int }

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	key := r.URL.Path
	s.deleted[key]++          // not reported: deleted from in done
	s.aliased[key]++          // not reported: through a local variable
	s.helped[key]++           // not reported: through what a helper returns
	s.passed[key]++           // not reported: through a parameter of a goroutine
	s.closure[key]++          // not reported: in a closure
	s.swept[key] = time.Now() // not reported: swept at each tick
	s.cleared[key]++          // not reported: cleared
	s.filtered[key]++         // not reported: maps.DeleteFunc
	s.replaced[key]++         // not reported: replaced by a new map
	s.swapped[key]++          // not reported: swapped out
	s.named.add(key)
	s.kept.add(key)
	s.stored.Store(key, 1)                  // not reported: LoadAndDelete
	s.ranged.LoadOrStore(key, 1)            // not reported: Range and Delete
	s.loaded.Store(key, 1)                  // want `sync.Map "server.loaded" only grows`
	s.lent.Store(key, &entry{key, &s.lent}) // not reported: an entry knows where it is, and removes itself
	s.called.Store(key, &entry{key, nil})   // want `sync.Map "server.called" only grows`
	s.cut = append(s.cut, key)
	if len(s.cut) > 10 {
		s.cut = s.cut[1:]
	}
	s.truncated = append(s.truncated, key)
	s.popped = append(s.popped, key)
	s.emptied.m[key]++ // want `map "onlyemptied.m" only grows`
	if s.lazy.m == nil {
		s.lazy.m = make(map[string]int)
	}
	s.lazy.m[key]++ // want `map "onlylazy.m" only grows`
	s.dead.m[key]++ // want `map "onlydead.m" only grows`
	s.prepare(r.Context(), key)
	s.atClose.m[key]++ // want `map "onlyatclose.m" only grows`
	s.whole.m[key]++   // not reported: the struct is overwritten
	s.done(key)
	s.flush()
}

func (s *server) done(key string) {
	delete(s.deleted, key)
	m := s.aliased
	delete(m, key)
	delete(s.table(), key)
	func() { delete(s.closure, key) }()
	clear(s.cleared)
	maps.DeleteFunc(s.filtered, func(k string, n int) bool { return n > 10 })
	s.replaced = make(map[string]int)
	old := s.swapped
	s.swapped = nil
	_ = old
	s.named.drop(key)
	s.stored.LoadAndDelete(key)
	s.ranged.Range(func(k, v any) bool { s.ranged.Delete(k); return true })
	s.loaded.Load(key)
	s.whole = inner{m: make(map[string]int)}
}

func (s *server) table() map[string]int { return s.helped }

func (s *server) flush() {
	s.truncated = s.truncated[:0]
	last := len(s.popped) - 1
	s.popped = s.popped[:last]
	if len(s.emptied.m) == 0 {
		s.emptied.m = make(map[string]int) // drops nothing
	}
}

func clean(m map[string]int) {
	for k := range m {
		delete(m, k)
	}
}

func (s *server) sweep(every time.Duration) {
	for range time.Tick(every) {
		for k, t := range s.swept {
			if time.Since(t) > every {
				delete(s.swept, k)
			}
		}
	}
}

// forget is never called.
func (s *server) forget(key string) { delete(s.dead.m, key) }

// prepare takes back what it added when it fails.
func (s *server) prepare(ctx context.Context, key string) error {
	s.onFailure.m[key]++ // want `map "onlyonfailure.m" only grows`
	if err := check(ctx, key); err != nil {
		delete(s.onFailure.m, key)
		return err
	}
	return nil
}

func check(ctx context.Context, key string) error {
	if key == "" {
		return errors.New("no key")
	}
	return ctx.Err()
}

// Close ends the server's life.
func (s *server) Close() { s.atClose.m = nil }

type entry struct {
	key string
	in  *sync.Map
}

func (e *entry) done() { e.in.Delete(e.key) }

type table map[string]int

func (t table) add(key string)  { t[key]++ } // not reported: drop deletes
func (t table) drop(key string) { delete(t, key) }

type table2 map[string]int

func (t table2) add(key string) { t[key]++ } // want `map "server.kept" only grows`

func main() {
	s := &server{}
	defer s.Close()
	go clean(s.passed)
	go s.sweep(time.Minute)
	http.Handle("/", s)
	http.ListenAndServe(":8080", nil)
}
