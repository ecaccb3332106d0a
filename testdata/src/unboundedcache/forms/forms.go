// The forms in which containers are changed.
package main

import (
	"bufio"
	"maps"
	"net"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
)

type event struct {
	kind  string
	paths []string
}

type server struct {
	mu     sync.Mutex
	byHost map[string][]string
	latest map[string][]string
	queue  []string
	events map[string]event
	last   event

	routes  map[string]int
	current map[string]int
	hosts   atomic.Pointer[map[string]int]
	paths   atomic.Value // of map[string]bool
	agents  atomic.Pointer[[]string]
	evicted atomic.Pointer[map[string]int]
	seen    []string
	recent  []string
}

// found starts with nothing if nothing is there.
func (s *server) found(w http.ResponseWriter, r *http.Request) {
	var e []string
	if old, ok := s.byHost["all"]; ok {
		e = old
	}
	e = append(e, r.URL.Path)
	s.byHost["all"] = e // want `map "server.byHost" only grows: .* adds an element to what it holds per request`
	var l []string
	if old, ok := s.latest["all"]; ok && len(old) < 10 {
		l = old
	}
	l = append(l, r.URL.Path)
	s.latest["all"] = l // not reported: starts again when it is long
}

// deferred stores back at the end.
func (s *server) deferred(w http.ResponseWriter, r *http.Request) {
	q := s.queue
	defer func() { s.queue = q }() // want `slice "server.queue" only grows`
	q = append(q, r.URL.Path)
}

// byValue changes a copy and stores that.
func (s *server) byValue(w http.ResponseWriter, r *http.Request) {
	e := s.events["all"]
	e.paths = append(e.paths, r.URL.Path) // want `slice "event.paths" only grows`
	s.events["all"] = e
	t := event{kind: "one"}
	t.paths = append(t.paths, r.URL.Path) // not reported: never stored
	last := s.last
	last.kind = r.Method
	s.last = last
}

// copied replaces what it has by a copy with one more.
func (s *server) copied(w http.ResponseWriter, r *http.Request) {
	next := make(map[string]int, len(s.routes)+1)
	for k, v := range s.routes {
		next[k] = v
	}
	next[r.URL.Path]++ // want `map "server.routes" only grows: .* keyed by r.URL.Path`
	s.routes = next

	now := make(map[string]int)
	for k, v := range s.current {
		if v > 1 {
			now[k] = v
		}
	}
	now[r.URL.Path]++ // not reported: not all are copied
	s.current = now
}

// published keeps its containers in atomic variables.
func (s *server) published(w http.ResponseWriter, r *http.Request) {
	hosts := maps.Clone(*s.hosts.Load())
	hosts[r.Host]++ // want `map "server.hosts" only grows: .* keyed by r.Host`
	s.hosts.Store(&hosts)

	old := s.paths.Load().(map[string]bool)
	paths := make(map[string]bool)
	for k := range old {
		paths[k] = true
	}
	paths[r.URL.Path] = true // want `map "server.paths" only grows`
	s.paths.Store(paths)

	agents := append(slices.Clone(*s.agents.Load()), r.UserAgent())
	s.agents.Store(&agents) // want `slice "server.agents" only grows`

	evicted := maps.Clone(*s.evicted.Load())
	evicted[r.RemoteAddr]++ // not reported: deleted below
	delete(evicted, r.FormValue("old"))
	s.evicted.Store(&evicted)
}

// closures add to variables of functions that run for ever.
func closures() http.HandlerFunc {
	var paths, trimmed []string
	add := func(path string) {
		paths = append(paths, path) // want `slice "paths" only grows`
		trimmed = append(trimmed, path)
		if len(trimmed) > 10 {
			trimmed = nil
		}
	}
	return func(w http.ResponseWriter, r *http.Request) { add(r.URL.Path) }
}

// accept keeps its state in local variables.
func accept(l net.Listener) {
	byAddr := make(map[string]int)
	open := make(map[string]int)
	var conns, few []net.Conn
	for {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		byAddr[conn.RemoteAddr().String()]++ // want `map "byAddr" only grows`
		open[conn.RemoteAddr().String()]++   // not reported: deleted
		delete(open, conn.RemoteAddr().String())
		conns = append(conns, conn) // want `slice "conns" only grows`
		few = append(few, conn)     // not reported: starts again
		if len(few) == 10 {
			few = few[:0]
		}
		go serve(conn)
	}
}

// serve has its state per connection.
func serve(conn net.Conn) {
	lines := make(map[string]bool)
	for in := bufio.NewReader(conn); ; {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		turn := make(map[string]bool)
		turn[line] = true  // not reported: of this line
		lines[line] = true // not reported: reading is not known to be endless
	}
}

func main() {
	s := &server{}
	http.HandleFunc("/found", s.found)
	http.HandleFunc("/deferred", s.deferred)
	http.HandleFunc("/byvalue", s.byValue)
	http.HandleFunc("/copied", s.copied)
	http.HandleFunc("/published", s.published)
	http.HandleFunc("/closures", closures())
	l, err := net.Listen("tcp", ":7000")
	if err != nil {
		return
	}
	go accept(l)
	http.ListenAndServe(":8080", nil)
}
