// Which keys are few, and which a client chooses.
package main

import (
	"fmt"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"sync"
)

type color string

const (
	red  color = "red"
	blue color = "blue"
)

type kind struct {
	c  color
	ok bool
}

type pair struct{ host, path string }

type route struct {
	pattern string
	secure  bool
}

var known = map[string]bool{"a": true, "b": true}

type server struct {
	types    sync.Map
	bools    map[bool]int
	kinds    map[kind]int
	bytes    map[uint8]int
	inBytes  map[uint8][]string
	consts   map[string]int
	methods  map[string]int
	passed   map[string]int
	allowed  map[string]int
	routes   map[route]int
	pairs    map[pair]int
	text     map[string]int
	numbers  map[int]int
	ports    map[int]int
	names    map[string]int
	origin   map[string]int
	declared map[string]int //heapvet:bounded there are four tenants
	// reasonless is marked without saying why.
	//heapvet:bounded
	reasonless map[string]int
	events     map[*event]bool
	active     map[*event]bool
	addresses  map[string]int
	printed    map[string]int
}

type event struct{ id int }

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.types.Store(reflect.TypeOf(w), 1) // not reported: as many as the program has types
	s.bools[r.TLS != nil]++             // not reported
	s.kinds[kind{red, r.TLS != nil}]++  // not reported
	s.bytes[r.Method[0]]++              // not reported: 256 keys
	b := r.Method[0]
	s.inBytes[b] = append(s.inBytes[b], r.Host) // want `map "server.inBytes" only grows: .* adds an element to what it holds per request`
	s.consts["all"]++                           // not reported
	s.methods[method(r.Method)]++               // not reported: a switch with a constant default
	s.passed[methodOr(r.Method)]++              // want `map "server.passed" only grows: .* keyed by r\.Method`
	if known[r.Host] {
		s.allowed[r.Host]++ // not reported: one of a table
	}
	s.routes[route{r.Pattern, r.TLS != nil}]++                 // not reported: the program's routes
	s.pairs[pair{r.Host, r.URL.Path}]++                        // want `map "server.pairs" only grows`
	s.text[fmt.Sprintf("%s/%d", strings.ToLower(r.Host), 1)]++ // want `map "server.text" only grows: .* keyed by r\.Host`
	n, _ := strconv.Atoi(r.FormValue("n"))
	s.numbers[n]++  // want `map "server.numbers" only grows: .* keyed by r\.FormValue\("n"\)`
	s.ports[n%10]++ // not reported: ten keys
	for name := range known {
		s.names[name]++ // not reported: keys of a table
	}
	s.origin[host()]++     // want `map "server.origin" only grows: \(\*server\)\.ServeHTTP adds an entry per request and nothing removes one; .* \[advice\]`
	s.declared[r.Host]++   // not reported: declared to be bounded
	s.reasonless[r.Host]++ // want `map "server.reasonless" only grows`
}

// fresh makes keys that never come again.
func (s *server) fresh(w http.ResponseWriter, r *http.Request) {
	s.events[&event{len(s.bools)}] = true // want `map "server.events" only grows: .* adds an entry per request, keyed by a new pointer, which no other request has, and nothing removes or even reads one; do without it`
	e := new(event)
	s.active[e] = true // not reported: done with in the end
	defer delete(s.active, e)
	s.addresses[fmt.Sprintf("event %p", e)]++     // want `map "server.addresses" only grows: .* keyed by the address of a new object, which`
	s.printed[fmt.Sprintf("page %p", s.consts)]++ // want `map "server.printed" only grows: .* adds an entry per request and nothing removes one; .* \[advice\]`
}

// method knows a few methods.
func method(m string) string {
	switch m {
	case "GET", "POST":
		return m
	}
	return "other"
}

// methodOr passes on what it does not know.
func methodOr(m string) string {
	switch m {
	case "GET":
		return "get"
	}
	return m
}

// host comes from nowhere that the analysis can see.
func host() string { return *current }

var current = new(string)

func main() {
	s := &server{}
	http.HandleFunc("/fresh", s.fresh)
	http.Handle("/", s)
	http.ListenAndServe(":8080", nil)
}
