// Removals that are on some ways only.
package main

import (
	"errors"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// What fails is added, and only what succeeds is removed.
type backoff struct{ hosts map[string]int }

func (b *backoff) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := dial(r.Host); err != nil {
		b.failed(r.Host)
		return
	}
	b.clear(r.Host)
}

func (b *backoff) failed(host string) {
	b.hosts[host]++ // want `map "backoff.hosts" keeps what always fails: this adds on failure, and only success removes; expire entries, or use a cache with a limit`
}

func (b *backoff) clear(host string) { delete(b.hosts, host) }

// The same, and swept.
type swept struct{ hosts map[string]int }

func (b *swept) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := dial(r.Host); err != nil {
		b.hosts[r.Host]++
		return
	}
	delete(b.hosts, r.Host)
}

func (b *swept) sweep() {
	for range time.Tick(time.Minute) {
		for host := range b.hosts {
			delete(b.hosts, host)
		}
	}
}

// Senders number what they send.
type reorder struct {
	mu      sync.Mutex
	next    int
	pending map[int]string
}

func (o *reorder) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	n, _ := strconv.Atoi(r.FormValue("n"))
	o.pending[n] = r.FormValue("text") // want `map "reorder.pending" keeps what comes out of turn: senders choose the key, and only the next in order is deleted; refuse keys too far ahead, or limit its length`
	for o.pending[o.next] != "" {
		delete(o.pending, o.next)
		o.next++
	}
}

// The same, with a window.
type windowed struct {
	next    int
	pending map[int]string
}

func (o *windowed) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	n, _ := strconv.Atoi(r.FormValue("n"))
	if n-o.next > 100 {
		return
	}
	o.pending[n] = r.FormValue("text")
	for o.pending[o.next] != "" {
		delete(o.pending, o.next)
		o.next++
	}
}

// The same, with a limit of what all of them take.
type limited struct {
	next    int
	pending map[int]string
}

func (o *limited) size() int {
	size := 0
	for _, text := range o.pending {
		size += len(text)
	}
	return size
}

func (o *limited) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	n, _ := strconv.Atoi(r.FormValue("n"))
	if o.size()+len(r.FormValue("text")) > 1<<20 {
		return
	}
	o.pending[n] = r.FormValue("text")
	for o.pending[o.next] != "" {
		delete(o.pending, o.next)
		o.next++
	}
}

type rule struct {
	id      string
	pattern string
}

// Compiled is kept by rule, while rules are replaced.
type rules struct {
	byID     map[string]*rule
	compiled map[*rule]string
}

func (s *rules) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch id := r.FormValue("id"); r.Method {
	case http.MethodPut:
		s.byID[id] = &rule{id, r.FormValue("pattern")}
	case http.MethodDelete:
		delete(s.compiled, s.byID[id])
		delete(s.byID, id)
	default:
		rule := s.byID[id]
		if _, ok := s.compiled[rule]; !ok {
			s.compiled[rule] = rule.pattern // want `map "rules.compiled" keeps the pointers that "rules.byID" replaces: only those that it still has are deleted; delete the old one, too, or key by an id`
		}
	}
}

// The old one goes when a new one comes.
type tidyRules struct {
	byID     map[string]*rule
	compiled map[*rule]string
}

func (s *tidyRules) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch id := r.FormValue("id"); r.Method {
	case http.MethodPut:
		delete(s.compiled, s.byID[id])
		s.byID[id] = &rule{id, r.FormValue("pattern")}
	case http.MethodDelete:
		delete(s.compiled, s.byID[id])
		delete(s.byID, id)
	default:
		rule := s.byID[id]
		s.compiled[rule] = rule.pattern
	}
}

// What is under way is noted, and forgotten unless it fails.
type progress struct{ running map[string]time.Time }

func (p *progress) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	id := r.FormValue("id")
	p.running[id] = time.Now()
	if err := dial(id); err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return // want `map "progress.running" keeps its entry on this return: it is deleted further down; defer that`
	}
	delete(p.running, id)
}

// The same, deferred.
type deferred struct{ running map[string]time.Time }

func (p *deferred) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	id := r.FormValue("id")
	p.running[id] = time.Now()
	defer p.done(id)
	if err := dial(id); err != nil {
		return
	}
}

func (p *deferred) done(id string) { delete(p.running, id) }

// The same, checked before it is noted.
type checked struct{ running map[string]time.Time }

func (p *checked) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	id := r.FormValue("id")
	err := dial(id)
	if err != nil {
		return
	}
	p.running[id] = time.Now()
	if err := dial(id + "2"); err != nil {
		delete(p.running, id)
		return
	}
	delete(p.running, id)
}

// Connections that are closed when they are taken out.
type conns struct{ byUser map[string]net.Conn }

func (c *conns) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	user := r.FormValue("user")
	if r.Method == http.MethodDelete {
		c.byUser[user].Close()
		delete(c.byUser, user)
		return
	}
	c.connect(user)
}

func (c *conns) connect(user string) {
	conn, err := net.Dial("tcp", "db:1")
	if err == nil {
		c.byUser[user] = conn // want `map "conns.byUser" drops a value without closing it when its key comes again: close the old one \[advice\]`
	}
}

// The same, closing the old one.
type closing struct{ byUser map[string]net.Conn }

func (c *closing) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	user := r.FormValue("user")
	if r.Method == http.MethodDelete {
		c.byUser[user].Close()
		delete(c.byUser, user)
		return
	}
	conn, err := net.Dial("tcp", "db:1")
	if err != nil {
		return
	}
	if old, ok := c.byUser[user]; ok {
		old.Close()
	}
	c.byUser[user] = conn
}

// A switch chooses one of two maps.
type chosen struct {
	cached   map[string]int
	uncached map[string]int
}

var expire = true

func enabled() bool { return expire }

func (c *chosen) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if enabled() {
		c.cached[r.Host]++
		defer delete(c.cached, r.Host)
	} else {
		c.uncached[r.Host]++ // not reported: for those who do not want the other
	}
}

func dial(host string) error {
	if host == "" {
		return errors.New("no host")
	}
	return nil
}

func main() {
	http.Handle("/backoff", &backoff{})
	s := &swept{}
	go s.sweep()
	http.Handle("/swept", s)
	http.Handle("/reorder", &reorder{})
	http.Handle("/windowed", &windowed{})
	http.Handle("/limited", &limited{})
	http.Handle("/rules", &rules{})
	http.Handle("/tidy", &tidyRules{})
	http.Handle("/progress", &progress{})
	http.Handle("/deferred", &deferred{})
	http.Handle("/checked", &checked{})
	http.Handle("/conns", &conns{})
	http.Handle("/closing", &closing{})
	http.Handle("/chosen", &chosen{})
	http.ListenAndServe(":8080", nil)
}
