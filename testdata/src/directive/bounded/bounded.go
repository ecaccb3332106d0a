// Command bounded declares bounds that matter, and some that do not.
package main

import "net/http"

type server struct {
	//heapvet:bounded one entry per tenant
	tenants map[string]int

	hosts map[string]int /* want `^//heapvet:bounded does nothing here: "hosts" is not reported without it \[advice\]$` */ //heapvet:bounded one entry per host

	routes map[string]int /* want `^//heapvet:bounded does nothing here: nothing adds to "routes"$` */ //heapvet:bounded one entry per route

	count int /* want `^//heapvet:bounded does nothing here: no container is declared on this line or the next$` */ //heapvet:bounded one per server

	recent []string //heapvet:bounded requests are few
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.tenants[r.FormValue("tenant")]++
	s.hosts[r.Host]++
	defer delete(s.hosts, r.Host)
	s.count++
	s.recent = append(s.recent, r.URL.Path)
	w.WriteHeader(s.routes[r.URL.Path])
}

func main() {
	http.Handle("/", &server{})
	http.ListenAndServe(":8080", nil)
}
