// Package web has the shop's router and its middleware.
package web

import (
	"errors"
	"fmt"
	"log"
	"net/http"
	"slices"
)

// A Handler answers a request or says why it cannot.
type Handler func(w http.ResponseWriter, r *http.Request) error

// A Middleware wraps a handler.
type Middleware func(Handler) Handler

// An Error is a failure that the client may see.
type Error struct {
	Status int
	Text   string
}

func (e *Error) Error() string { return fmt.Sprintf("%d %s", e.Status, e.Text) }

// A Router sends requests to handlers through its middleware.
type Router struct {
	mux    *http.ServeMux
	around []Middleware
}

// NewRouter returns a router whose handlers are wrapped by around, the
// first outermost.
func NewRouter(around ...Middleware) *Router {
	return &Router{mux: http.NewServeMux(), around: around}
}

// Handle registers h for pattern.
func (rt *Router) Handle(pattern string, h Handler) {
	for _, wrap := range slices.Backward(rt.around) {
		h = wrap(h)
	}
	rt.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		if err := h(w, r); err != nil {
			fail(w, r, err)
		}
	})
}

// ServeHTTP implements http.Handler.
func (rt *Router) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	rt.mux.ServeHTTP(w, r)
}

// fail answers with err if the client may see it.
func fail(w http.ResponseWriter, r *http.Request, err error) {
	var known *Error
	if errors.As(err, &known) {
		http.Error(w, known.Text, known.Status)
		return
	}
	log.Printf("%s %s: %v", r.Method, r.URL.Path, err)
	http.Error(w, "internal error", http.StatusInternalServerError)
}

// A Recorder remembers the status that a handler sent.
type Recorder struct {
	http.ResponseWriter
	Status int
}

// WriteHeader implements http.ResponseWriter.
func (rec *Recorder) WriteHeader(status int) {
	rec.Status = status
	rec.ResponseWriter.WriteHeader(status)
}
