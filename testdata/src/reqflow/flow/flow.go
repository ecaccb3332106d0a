// Where request data flows, and what bounds it.
package main

import "strings"

type request struct {
	Method, Host string
	Header       map[string]string
	Size         uint8
	Count        int
}

func (r *request) Form(key string) string { return r.Header[key] }

type level string

const (
	low  level = "low"
	high level = "high"
)

type entry struct{ key, value string }

var (
	table  = map[string]string{"a": "1"}
	cache  = make(map[string]string)
	last   string
	config = "x"
)

func sink(v any) {}

//heapvet:hot
func handle(r *request) {
	sink(r.Method)                // want `request r.Method`
	sink(r.Form("user"))          // want `request r.Form."user".`
	sink(strings.ToUpper(r.Host)) // want `request r.Host`
	sink("x" + r.Host)            // want `request r.Host`
	sink("x")                     // want `constant bounded`
	sink(r.Size)                  // want `request bounded`
	sink(r.Count)                 // want `request r.Count`
	sink(r.Count % 8)             // want `unknown bounded`
	sink(min(r.Count, 10))        // want `unknown`
	sink(table[r.Host])           // want `constant bounded`
	sink(identity(r.Host))        // want `request r.Host`
	sink(identity("x"))           // want `unknown`
	sink(ignore(r.Host))          // want `constant bounded|unknown`
	sink(allow(r.Method))         // want `unknown bounded`
	sink(orOther(r.Method))       // want `request r.Method`
	e := &entry{key: r.Host, value: "v"}
	sink(e.key)   // want `request r.Host`
	sink(e.value) // want `unknown`
	sink(*e)      // want `request r.Host`
	cache[r.Host] = "v"
	sink(cache["x"]) // want `unknown`
	for k := range cache {
		sink(k) // want `request r.Host`
	}
	last = r.Host
	if _, ok := table[r.Host]; ok {
		sink(r.Host) // want `request bounded`
	}
	if r.Method == "GET" || r.Method == "POST" {
		sink(r.Method) // want `request bounded`
	}
	func() { sink(r.Host) }() // want `request r.Host`
	var b strings.Builder
	b.WriteString(r.Host)
	sink(b.String()) // want `request r.Host`
	deep1(r.Host)
	prefixed(config, r)
}

// What the program adds is not where the data came from.
func prefixed(prefix string, r *request) {
	sink(strings.TrimPrefix(r.Host, prefix)) // want `request r.Host`
	sink(strings.TrimPrefix(prefix, r.Host)) // want `request r.Host`
	sink(join(prefix, r.Host))               // want `request r.Host`
	sink(join(r.Host, prefix))               // want `request r.Host`
}

func join(a, b string) string { return a + b }

func deep1(s string) { deep2(s) }
func deep2(s string) { deep3(s) }
func deep3(s string) { sink(s) } // want `request r.Host`

func later() {
	sink(last)   // want `request r.Host`
	sink(config) // want `unknown`
}

func identity(s string) string { return s }
func ignore(s string) string   { return "x" }

func allow(m string) string {
	switch m {
	case "GET", "POST":
		return m
	}
	return "other"
}

func orOther(m string) string {
	if m == "GET" {
		return "get"
	}
	return m
}

func main() { later() }
