// Which objects outlive a request.
package main

import (
	"container/list"
	"net/http"
	"sync"
)

var visits = make(map[string]int)

func countVisit(w http.ResponseWriter, r *http.Request) {
	visits[r.URL.Path]++ // want `map "visits" only grows: countVisit adds an entry per request, keyed by r.URL.Path, and nothing removes one; delete what is done, expire entries, or use a cache with a limit`
}

// server is the receiver of handlers.
type server struct {
	users    map[string]bool
	paths    sync.Map
	recent   []string
	queue    *list.List
	sessions *sessions
	perUser  map[string][]string
	perHost  map[string][]string
	all      map[string][]string
}

// sessions is kept by a field that only main sets.
type sessions struct{ byID map[string]string }

func (s *sessions) begin(id string) {
	s.byID[id] = "" // want `map "sessions.byID" only grows: \(\*sessions\)\.begin adds .* keyed by r\.Header\.Get\("X-Session"\)`
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.users[r.FormValue("user")] = true     // want `map "server.users" only grows: .* keyed by r\.FormValue\("user"\)`
	s.paths.Store(r.URL.Path, r.Method)     // want `sync.Map "server.paths" only grows`
	s.recent = append(s.recent, r.URL.Path) // want `slice "server.recent" only grows: .* adds an element per request and nothing removes one; remove what is done, or keep a limited number`
	w.Header().Set("X-First", s.recent[0])
	s.queue.PushBack(r.URL.Path) // want `list "server.queue" only grows`
	s.sessions.begin(r.Header.Get("X-Session"))
	user := r.FormValue("user")
	s.perUser[user] = append(s.perUser[user], "in") // want `map "server.perUser" only grows`
	paths := s.perHost[r.Host]
	paths = append(paths, r.URL.Path)
	if len(r.Form) > 0 {
		paths = append(paths, user)
	}
	s.perHost[r.Host] = paths // want `map "server.perHost" only grows`
	all := s.all["all"]
	all = append(all, user)
	s.all["all"] = all // want `map "server.all" only grows: .* adds an element to what it holds per request`
	request := newRequest()
	request.seen(r.URL.Path)
	local := make(map[string]int)
	local[r.URL.Path]++ // not reported: dies with the request
	each(r.Header, func(k string) { local[k]++ })
}

// scope is made for each request.
type scope struct{ names map[string]bool }

func newRequest() *scope { return &scope{names: make(map[string]bool)} }

func (s *scope) seen(name string) {
	s.names[name] = true // not reported: part of an object made per request
}

func each(h http.Header, f func(string)) {
	for k := range h {
		f(k)
	}
}

// twice hands the function on to one that only calls it.
func twice(h http.Header, f func(string)) {
	each(h, f)
	each(h, f)
}

// limiter returns a handler that keeps what it captures.
func limiter(next http.Handler) http.Handler {
	seen := make(map[string]int)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen[r.RemoteAddr]++ // want `map "seen" only grows: limiter\.func1 adds an entry per request, keyed by r\.RemoteAddr`
		next.ServeHTTP(w, r)
	})
}

// failures grows when requests fail, which clients can do at will.
var failures = make(map[string]int)

func failing(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet {
		failures[r.RemoteAddr]++ // want `map "failures" only grows`
		http.Error(w, "no", http.StatusMethodNotAllowed)
		return
	}
}

// registered grows at set-up only.
var registered = make(map[string]http.Handler)

func register(name string, h http.Handler) {
	registered[name] = h // not reported: main calls it
}

// A router wraps the handlers that it is given.
type router struct{ mux *http.ServeMux }

func (t *router) handle(path string, h func(http.ResponseWriter, *http.Request) error) {
	t.mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) { h(w, r) })
}

type api struct{ hosts map[string]bool }

func (a *api) list(w http.ResponseWriter, r *http.Request) error {
	a.hosts[r.Host] = true // want `map "api.hosts" only grows: \(\*api\)\.list adds`
	return nil
}

// tally is filled by callbacks that end with the call.
type tally struct {
	names  map[string]bool
	sorted map[string][]string
}

func (t *tally) fill(w http.ResponseWriter, r *http.Request) {
	fresh := &tally{names: make(map[string]bool)}
	each(r.Header, func(k string) {
		fresh.names[k] = true // not reported: made per request
	})
	var sum tally
	sum.names = make(map[string]bool)
	twice(r.Header, func(k string) {
		sum.names[k] = true // not reported: a local variable, and twice keeps no function
	})
	found := t.sorted[r.Host]
	found = append(found, r.URL.Path) // not reported: a local variable
	_ = found
}

func main() {
	a := &api{hosts: make(map[string]bool)}
	(&router{mux: http.DefaultServeMux}).handle("/list", a.list)
	http.HandleFunc("/fill", new(tally).fill)
	s := &server{users: make(map[string]bool), queue: list.New(), sessions: &sessions{byID: make(map[string]string)}, perUser: make(map[string][]string)}
	register("server", s)
	http.Handle("/", limiter(s))
	http.HandleFunc("/count", countVisit)
	http.HandleFunc("/fail", failing)
	http.ListenAndServe(":8080", nil)
}
