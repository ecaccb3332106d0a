// Package httprouter is a stub with the declarations of github.com/julienschmidt/httprouter.
package httprouter

import "net/http"

type Param struct{ Key, Value string }

type Params []Param

type Handle func(http.ResponseWriter, *http.Request, Params)

type Router struct{}

func (r *Router) GET(path string, handle Handle) {}
