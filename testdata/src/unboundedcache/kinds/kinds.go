// Buffers, channels, and what nothing reads.
package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
)

type server struct {
	log     bytes.Buffer
	text    strings.Builder
	flushed bytes.Buffer
	drained bytes.Buffer
	handed  bytes.Buffer
	body    *bytes.Buffer

	events  chan string
	jobs    chan string
	lent    chan string
	maybe   chan string
	atOnce  chan string
	replies map[string]chan string

	mu     sync.Mutex
	unread map[string]int
	shown  map[string]int
}

func newServer() *server {
	s := &server{
		events: make(chan string, 100),
		jobs:   make(chan string, 100),
		lent:   make(chan string, 100),
		maybe:  make(chan string, 100),
		atOnce: make(chan string),
		body:   new(bytes.Buffer),
	}
	go s.work()
	lend(s.lent)
	return s
}

func (s *server) buffers(w http.ResponseWriter, r *http.Request) {
	s.log.WriteString(r.URL.Path)        // want `buffer "server.log" only grows: \(\*server\)\.buffers adds text per request and nothing empties it; reset it, or keep a limited size`
	fmt.Fprintf(&s.text, "%s\n", r.Host) // want `buffer "server.text" only grows`
	io.Copy(s.body, r.Body)              // want `buffer "server.body" only grows`
	s.flushed.WriteString(r.URL.Path)    // not reported: reset when it is long
	if s.flushed.Len() > 1000 {
		s.flushed.Reset()
	}
	s.drained.WriteString(r.URL.Path) // not reported: written elsewhere, which empties it
	s.drained.WriteTo(w)
	s.handed.WriteString(r.URL.Path) // not reported: others may read it
	io.Copy(w, &s.handed)
	var own bytes.Buffer
	own.WriteString(r.URL.Path) // not reported: of this request
}

func (s *server) channels(w http.ResponseWriter, r *http.Request) {
	s.events <- r.URL.Path // want `channel "server.events" is never received from: once its buffer is full, each request stays in \(\*server\)\.channels for ever; receive from it, or drop what does not fit`
	s.jobs <- r.URL.Path   // not reported: received by work
	s.lent <- r.URL.Path   // not reported: somebody else has it, too
	select {
	case s.maybe <- r.URL.Path: // not reported: dropped when there is no room
	default:
	}
	s.atOnce <- r.URL.Path          // not reported: holds nothing
	s.replies[r.Host] <- r.URL.Path // not reported: one of many
}

func (s *server) work() {
	for job := range s.jobs {
		fmt.Println(job)
	}
}

func lend(ch <-chan string) {}

// write fills what nothing reads.
func (s *server) write(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.unread[r.Host] = 1 // want `map "server.unread" only grows: \(\*server\)\.write adds an entry per request, keyed by r\.Host, and nothing removes or even reads one; do without it`
	s.shown[r.Host] = 1  // want `map "server.shown" only grows: .* and nothing removes one`
}

func (s *server) show(w http.ResponseWriter, r *http.Request) {
	fmt.Fprintln(w, s.shown[r.Host])
}

func main() {
	s := newServer()
	http.HandleFunc("/buffers", s.buffers)
	http.HandleFunc("/channels", s.channels)
	http.HandleFunc("/write", s.write)
	http.HandleFunc("/show", s.show)
	http.ListenAndServe(":8080", nil)
}
