// Package chi is a stub with the declarations of github.com/go-chi/chi/v5.
package chi

import "net/http"

type Mux struct{}

type Router interface {
	http.Handler
	Use(middlewares ...func(http.Handler) http.Handler)
	Get(pattern string, h http.HandlerFunc)
	Handle(pattern string, h http.Handler)
}

func NewRouter() *Mux { return &Mux{} }

func (mx *Mux) Get(pattern string, handlerFn http.HandlerFunc)     {}
func (mx *Mux) Handle(pattern string, handler http.Handler)        {}
func (mx *Mux) Use(middlewares ...func(http.Handler) http.Handler) {}
func (mx *Mux) ServeHTTP(w http.ResponseWriter, r *http.Request)   {}
