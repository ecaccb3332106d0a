// Package web is a web framework of the project's own.
package web

import "net/http"

type Ctx struct { // the request
	W http.ResponseWriter
	R *http.Request
}

type Handler func(c *Ctx) error

type Checker interface {
	Check(c *Ctx) bool
	Name() string
}

type Router struct {
	handlers map[string]Handler
	checks   []Checker
	after    []func(*Ctx)
	options  func()
}

// Handle registers through a closure that net/http calls.
func Handle(path string, fn func(c *Ctx)) {
	http.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) { fn(&Ctx{w, r}) })
}

// Add stores where ServeHTTP looks.
func (r *Router) Add(path string, h Handler) {
	r.handlers[path] = wrap(h)
}

// After appends.
func (r *Router) After(fns ...func(*Ctx)) {
	r.after = append(r.after, fns...)
}

// Use takes values with methods.
func (r *Router) Use(c Checker) { r.checks = append(r.checks, c) }

// Configure calls its parameter, but not per request.
func (r *Router) Configure(f func(*Router)) { f(r) }

func wrap(h Handler) Handler {
	return func(c *Ctx) error { return h(c) }
}

func (r *Router) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	c := &Ctx{w, req}
	for _, check := range r.checks {
		if !check.Check(c) {
			return
		}
	}
	if h := r.handlers[req.URL.Path]; h != nil {
		h(c)
	}
	for _, fn := range r.after {
		fn(c)
	}
}
