// Package server keeps per-request values after the request, with the near
// misses beside the hits.
package server

import (
	"context"
	"net/http"
	"sync"
	"time"
)

var (
	lastRequest *http.Request
	ticks       int
	readTimeout = 5 * time.Second
)

// Server is made once.
type Server struct {
	ctx     context.Context // of the server
	last    context.Context
	current context.Context
	ring    [16]sample
	wrap    func(http.ResponseWriter)
	fixed   func(http.ResponseWriter)
	next    int
}

type sample struct {
	mu   sync.Mutex
	when time.Time
	ctx  context.Context
	path string
}

// call is made per request.
type call struct {
	ctx context.Context
	r   *http.Request
}

// Start keeps the context of the program.
func (s *Server) Start(ctx context.Context) {
	s.ctx = ctx // not reported: runs once
}

func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	lastRequest = r                                    // want `package variable "lastRequest" keeps a request after the request: with it all that hangs on it stays in memory; store what is needed of it`
	s.last = r.Context()                               // want `field "Server.last" keeps a context after the request`
	s.ring[s.next].ctx = r.Context()                   // want `element of "sample.ctx" keeps a context after the request`
	s.ring[s.next].path = r.URL.Path                   // not reported: a string
	s.current = context.WithValue(r.Context(), "k", 1) // not reported: set to nil below
	defer func() { s.current = nil }()
	(&http.Response{}).Request = r     // not reported: parts of one request
	c := &call{ctx: r.Context(), r: r} // not reported: ends with the request
	c.ctx = context.WithValue(c.ctx, "k", 2)
	s.serve(c)
}

func (s *Server) serve(c *call) {
	before := s.wrap
	s.wrap = func(w http.ResponseWriter) { before(w) }  // want `function "Server.wrap" is wrapped in a new one on every request: the chain of calls, and what each link captures, only grows`
	s.fixed = func(w http.ResponseWriter) { before(w) } // not reported: replaces another
}

func (s *Server) timers(w http.ResponseWriter, r *http.Request) {
	body := make([]byte, 1<<20)
	time.AfterFunc(time.Hour, func() { _ = body[0] }) // want `time.AfterFunc keeps a buffer in memory for 1h0m0s, and nothing can stop it`
	time.AfterFunc(time.Hour, func() { _ = r.URL })   // want `time.AfterFunc keeps a request in memory for 1h0m0s`
	time.AfterFunc(s.delay(), func() { _ = r.URL })   // want `time.AfterFunc keeps a request in memory until it fires.*\[advice\]`
	time.AfterFunc(time.Second, func() { _ = r.URL }) // not reported: soon over
	time.AfterFunc(time.Hour, func() { ticks++ })     // not reported: captures nothing
	time.AfterFunc(readTimeout, func() { _ = r.URL }) // not reported: soon over
	t := time.AfterFunc(time.Hour, func() { _ = r.URL })
	defer t.Stop() // not reported: can be stopped

	context.AfterFunc(s.ctx, func() { _ = body[0] }) // want `context.AfterFunc adds a function to "Server.ctx" on every request, which stays as long as that context; call the stop function that it returns`
	stop := context.AfterFunc(s.ctx, func() { _ = body[0] })
	defer stop()                                           // not reported: taken out again
	context.AfterFunc(r.Context(), func() { _ = body[0] }) // not reported: ends with the request
}

func (s *Server) delay() time.Duration { return time.Duration(s.next) }

// Run registers the handlers.
func Run(ctx context.Context) {
	s := &Server{}
	s.Start(ctx)
	http.Handle("/", s)
	http.HandleFunc("/timers", s.timers)
}
