// What requests do to containers of an imported package.
package main

import (
	"net/http"

	"unboundedcache/facts/store"
)

type server struct {
	table *store.Table
	few   *store.Bounded
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	store.Count(r.URL.Path)      // want `map "store.all" only grows: \(\*server\)\.ServeHTTP adds an entry per request through Count, keyed by r\.URL\.Path, and nothing removes one; use a cache with a limit`
	store.Count("all")           // not reported: one key
	s.table.Put(r.Host, "x")     // want `map "store.Table.rows" only grows: .* through Put, keyed by r\.Host`
	s.few.Put(r.Host, "x")       // not reported: it forgets
	store.New().Put(r.Host, "x") // not reported: made per request
}

func main() {
	http.ListenAndServe(":8080", &server{table: store.New(), few: new(store.Bounded)})
}
