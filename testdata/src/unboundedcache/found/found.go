// Objects that one request makes and later ones find in a container.
package main

import (
	"net/http"
	"sync"
)

type visit struct {
	paths  []string
	last   []string
	agents map[string]bool
}

type server struct {
	visits map[string]*visit
	open   map[string]*visit
	shards [16]*shard
	hosts  sync.Map // of *host
}

// shard is one of a fixed number.
type shard struct {
	mu   sync.Mutex
	keys map[string]int
}

type host struct{ seen map[string]bool }

func (s *server) login(w http.ResponseWriter, r *http.Request) {
	s.visits[r.FormValue("user")] = &visit{agents: make(map[string]bool)} // want `map "server.visits" only grows`
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	v, ok := s.visits[r.FormValue("user")]
	if !ok {
		return
	}
	v.paths = append(v.paths, r.URL.Path) // want `slice "visit.paths" only grows: .* adds an element per request`
	if len(v.last) == 20 {
		v.last = v.last[:0]
	}
	v.last = append(v.last, r.URL.Path) // not reported: cut when it is full
	s.agent(r)
	s.shard(r)
	s.host(r)
}

// agent makes what it does not find.
func (s *server) agent(r *http.Request) {
	v := s.visits[r.Host]
	if v == nil {
		v = &visit{agents: make(map[string]bool)}
		s.visits[r.Host] = v
	}
	v.agents[r.UserAgent()] = true // want `map "visit.agents" only grows`
}

func (s *server) shard(r *http.Request) {
	part := s.shards[len(r.URL.Path)%len(s.shards)]
	part.mu.Lock()
	defer part.mu.Unlock()
	part.keys[r.URL.Path]++ // want `map "shard.keys" only grows`
}

func (s *server) host(r *http.Request) {
	h, _ := s.hosts.LoadOrStore(r.Host, &host{seen: make(map[string]bool)}) // want `sync.Map "server.hosts" only grows`
	h.(*host).seen[r.RemoteAddr] = true                                     // want `map "host.seen" only grows`
}

// job lives until it is done: its entry is deleted then.
type job struct {
	mu  sync.Mutex
	log []string
}

// alone is a job that requests do not share: there is nothing to lock.
type alone struct{ log []string }

type queue struct {
	jobs map[string]*job
	own  map[string]*alone
}

func (q *queue) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	id := r.FormValue("id")
	j, ok := q.jobs[id]
	if !ok {
		j = new(job)
		q.jobs[id] = j
	}
	j.log = append(j.log, r.URL.Path) // want `slice "job.log" only grows: .* \[advice\]`
	a := q.own[id]
	a.log = append(a.log, r.URL.Path) // not reported
	if r.Method == http.MethodDelete {
		delete(q.jobs, id)
		delete(q.own, id)
	}
}

// part is part of one request.
type part struct{ log []string }

func local(w http.ResponseWriter, r *http.Request) {
	byHost := map[string]*part{r.Host: {}}
	p := byHost[r.FormValue("host")]
	p.log = append(p.log, r.URL.Path) // not reported: found in a map that dies with the request
}

func main() {
	s := &server{visits: make(map[string]*visit)}
	for i := range s.shards {
		s.shards[i] = &shard{keys: make(map[string]int)}
	}
	http.HandleFunc("/login", s.login)
	http.Handle("/", s)
	http.Handle("/jobs", &queue{jobs: make(map[string]*job)})
	http.HandleFunc("/local", local)
	http.ListenAndServe(":8080", nil)
}
