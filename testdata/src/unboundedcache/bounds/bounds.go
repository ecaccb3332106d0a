// Less usual ways to bound a container, and those that only look like one.
package main

import (
	"container/list"
	"net/http"
	"runtime"
	"sync"
	"unique"
	"weak"
)

type page struct{ body [1024]byte }

type kept struct {
	ghosts map[string]weak.Pointer[page]
	strong map[string]*page
}

type server struct {
	mu      sync.Mutex
	once    sync.Once
	pages   map[string]weak.Pointer[page]
	kept    kept
	hosts   map[unique.Handle[string]]int
	static  map[string]int
	dynamic map[string]int
	lru     lru
}

// weakly keeps pages as long as somebody else does.
func (s *server) weakly(w http.ResponseWriter, r *http.Request) {
	p, key := new(page), r.URL.Path
	s.pages[key] = weak.Make(p) // not reported: deleted with the page
	runtime.AddCleanup(p, func(key string) { delete(s.pages, key) }, key)
	s.kept.ghosts[key] = weak.Make(p) // want `map "kept.ghosts" only grows`
	s.kept.strong[key] = p            // want `map "kept.strong" only grows`
	s.hosts[unique.Make(r.Host)]++    // want `map "server.hosts" only grows`
}

// first is filled by the first request.
func (s *server) first(w http.ResponseWriter, r *http.Request) {
	s.once.Do(func() {
		s.static[r.Host] = 1 // not reported: once
	})
	s.dynamic[r.Host] = 1 // want `map "server.dynamic" only grows`
}

type lru struct {
	max   int
	order *list.List
	items map[string]*list.Element
}

func (c *lru) add(key string) {
	if e, ok := c.items[key]; ok {
		c.order.MoveToFront(e)
		return
	}
	c.items[key] = c.order.PushFront(key) // not reported: the oldest goes
	if c.order.Len() > c.max {
		c.evict()
	}
}

func (c *lru) evict() {
	oldest := c.order.Back()
	c.order.Remove(oldest)
	delete(c.items, oldest.Value.(string))
}

// A forgetful cache evicts from its list only.
type forgetful struct {
	order *list.List
	items map[string]*list.Element
}

func (c *forgetful) add(key string) {
	c.items[key] = c.order.PushFront(key) // want `map "forgetful.items" only grows`
	if c.order.Len() > 100 {
		c.order.Remove(c.order.Back())
	}
}

var recent forgetful

func (s *server) cached(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lru.add(r.URL.Path)
	recent.add(r.URL.Path)
}

func main() {
	s := &server{}
	http.HandleFunc("/weakly", s.weakly)
	http.HandleFunc("/first", s.first)
	http.HandleFunc("/cached", s.cached)
	http.ListenAndServe(":8080", nil)
}
