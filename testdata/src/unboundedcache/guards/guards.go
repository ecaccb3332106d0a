// What bounds a container before the insert.
package main

import (
	"container/list"
	"net/http"
	"sync"
	"sync/atomic"
)

const limit = 100

type server struct {
	max      int
	checked  map[string]int
	other    looseother
	any      looseany
	counted  map[string]int
	size     int
	helper   map[string]int
	method   entries
	atomic   sync.Map
	n        atomic.Int64
	optional looseoptional
	lru      map[string]*list.Element
	order    *list.List
	trimmed  map[string]int
	log      []string
	existing map[string]int
	updated  looseupdated
	ranged   map[string]int
}

// Each of its own type: what is deleted from a neighbour is brokenevict's.
type (
	looseother    struct{ m map[string]int }
	looseany      struct{ m map[string]int }
	looseoptional struct{ m map[string]int }
	looseupdated  struct{ m map[string]int }
)

type entries struct{ m map[string]int }

func (e *entries) len() int { return len(e.m) }

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	key := r.URL.Path
	if len(s.checked) < limit {
		s.checked[key]++ // not reported: behind a check of its length
	}
	if len(s.checked) < limit {
		s.other.m[key]++ // want `map "looseother.m" only grows`
	}
	if len(s.any.m) > 0 {
		s.any.m[key]++ // want `map "looseany.m" only grows`
	}
	s.count(key)
	if !s.full() {
		s.helper[key]++ // not reported: full compares its length
	}
	if s.method.len() < limit {
		s.method.m[key]++ // not reported: len returns its length
	}
	if s.n.Add(1) < limit {
		s.atomic.Store(key, 1) // not reported: behind a counter
	}
	if s.max > 0 && len(s.optional.m) >= s.max {
		return
	}
	s.optional.m[key]++ // want `map "looseoptional.m" only grows`
	s.use(key)
	s.trimmed[key]++ // not reported: trimmed afterwards
	s.trim()
	if len(s.log) < limit {
		s.log = append(s.log, key)
	}
	if _, ok := s.existing[key]; ok {
		s.existing[key]++ // not reported: adds no key
	}
	if _, ok := s.updated.m[key]; !ok {
		s.updated.m[key]++ // want `map "looseupdated.m" only grows`
	}
	for k := range s.ranged {
		s.ranged[k] = 0 // not reported: adds no key
	}
}

// count counts up while there is room.
func (s *server) count(key string) {
	if s.size >= limit {
		return
	}
	s.size++
	s.counted[key]++ // not reported: behind a counter
}

func (s *server) full() bool { return len(s.helper) >= limit }

// use is an LRU: what is pushed out is deleted.
func (s *server) use(key string) {
	s.lru[key] = s.order.PushFront(key)
	if s.order.Len() > limit {
		last := s.order.Back()
		s.order.Remove(last)
		delete(s.lru, last.Value.(string))
	}
}

func (s *server) trim() {
	for k := range s.trimmed {
		if len(s.trimmed) <= limit {
			return
		}
		delete(s.trimmed, k)
	}
}

func main() {
	http.Handle("/", &server{order: list.New()})
	http.ListenAndServe(":8080", nil)
}
