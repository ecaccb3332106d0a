// What facts tell of imported functions.
package main

import "reqflow/lib"

type request struct{ Host string }

func sink(v any) {}

//heapvet:hot
func handle(r *request) {
	sink(lib.First(r.Host, "x")) // want `request r.Host`
	sink(lib.First("x", r.Host)) // want `unknown`
	a, b := lib.Both("x", r.Host)
	sink(a)                // want `request r.Host`
	sink(b)                // want `unknown`
	sink(lib.None(r.Host)) // want `unknown`
}

func main() {}
