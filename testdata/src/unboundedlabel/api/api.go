// Package api uses a wrapper of another package.
package api

import (
	"net/http"

	"unboundedlabel/observe"
)

func serve(w http.ResponseWriter, r *http.Request) {
	observe.Request(0, r.URL.Path) // want `metric label r.URL.Path is chosen by the client: a series stays`
	observe.Request(0, "/fixed")
}

// Routes registers the handlers.
func Routes() { http.HandleFunc("/", serve) }
