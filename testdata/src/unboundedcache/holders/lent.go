package main

import "net/http"

// answer is what one call decodes into.
type answer struct {
	parts []string
	kept  []string
}

func (a *answer) read(r *http.Request) {
	a.parts = append(a.parts, r.URL.Path) // not reported: join makes it, and its closure ends with the call
}

func (a *answer) keep(r *http.Request) {
	a.kept = append(a.kept, r.URL.Path) // want `slice "answer.kept" only grows`
}

// caller calls what it is given, also for handlers.
type caller struct{ last func(*http.Request) }

func (c *caller) do(f func(*http.Request)) { c.try(f) }

func (c *caller) try(f func(*http.Request)) { f(nil) }

func (c *caller) again(f func(*http.Request)) { c.repeat(f) }

func (c *caller) repeat(f func(*http.Request)) { c.last = f }

func join(c *caller) []string {
	var a answer
	c.do(func(r *http.Request) { a.read(r) })
	return a.parts
}

func watch(c *caller) []string {
	var a answer
	c.again(func(r *http.Request) { a.keep(r) })
	return a.kept
}

func (c *caller) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.do(func(r *http.Request) { w.WriteHeader(http.StatusOK) })
	c.last(r)
}

func init() {
	c := new(caller)
	join(c)
	watch(c)
	http.Handle("/caller", c)
}
