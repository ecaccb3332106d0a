// Package fixed builds texts and tables that are the same on every call,
// each beside a near miss.
package fixed

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
)

const version = "1.2.3"

var (
	product = "client-with-a-long-name"
	Product = "anyone may assign it"
	mode    = os.Getenv("MODE")
	limit   = 1000
	level   = 1
)

type status int

func (s status) String() string { return strconv.Itoa(int(s)) }

var first status = 1

func setLevel(n int) { level = n }

//heapvet:hot
func header(h map[string]string) { h["User-Agent"] = userAgent() }

//go:noinline
func userAgent() string {
	return fmt.Sprintf("client/%s (%s)", version, runtime.Version()) // want `text fmt.Sprintf\("client/%s \(%s\)", version... is the same on every call: build it once, in a package variable \(measured: 1 allocation; hot: //heapvet:hot header -> userAgent\)`
}

//heapvet:hot
func joined(name string) []string {
	return []string{
		product + "/" + version,                          // want `text product \+ "/" \+ version is the same on every call: build it once, in a package variable \(compiler: heap; hot: //heapvet:hot joined\)`
		product + "/" + mode + "/" + strconv.Itoa(limit), // want `text product \+ "/" \+ mode \+ "/" \+ strconv.... is the same on every call`
		product + "/" + name,                             // not reported: depends on the request
		Product + "/" + version,                          // not reported: may change
		"v" + version,                                    // not reported: a constant
		fmt.Sprintf("%s, level %d", product, level),      // not reported: does change
		fmt.Sprint("a", first),                           // not reported: it formats itself
	}
}

type client struct{ agent, last string }

//heapvet:hot
func (c *client) prepare() {
	c.agent = product + "/" + version // not reported: kept in a field
}

//heapvet:hot
func weight(method string) int {
	m := map[string]int{"GET": 1, "POST": 2, "PUT": 3, "DELETE": 4, "PATCH": 5, "HEAD": 6, "OPTIONS": 7, "TRACE": 8, "CONNECT": 9} // want `map of 9 constants is built on every call: keep it in a package variable, or use a switch \(measured: 3 allocations; hot: //heapvet:hot weight\)`
	return m[method]
}

//heapvet:hot
func lightWeight(method string) int {
	m := map[string]int{"GET": 1, "POST": 2, "PUT": 3, "DELETE": 4, "PATCH": 5, "HEAD": 6, "OPTIONS": 7, "TRACE": 8} // not reported: it fits the stack
	return m[method]
}

//heapvet:hot
func counts(method string) map[string]int {
	m := map[string]int{"GET": 1, "POST": 2, "PUT": 3, "DELETE": 4, "PATCH": 5, "HEAD": 6, "OPTIONS": 7, "TRACE": 8, "CONNECT": 9} // not reported: a request's own
	m[method]++
	return m
}

//heapvet:hot
func weightOf(method string, get int) int {
	m := map[string]int{"GET": get, "POST": 2, "PUT": 3, "DELETE": 4, "PATCH": 5, "HEAD": 6, "OPTIONS": 7, "TRACE": 8, "CONNECT": 9} // not reported: depends on the request
	return m[method]
}

//heapvet:hot
func parts(method string) []string {
	m := map[string][]string{"a": {"1"}, "b": {"2"}, "c": {"3"}, "d": {"4"}, "e": {"5"}, "f": {"6"}, "g": {"7"}, "h": {"8"}, "i": {"9"}} // not reported: its slices may be written to
	return m[method]
}

func cold() string { return product + "/" + version } // not reported: not hot
