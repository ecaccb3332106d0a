// Package texts has texts that are split, matched and compared, each beside
// a near miss.
package texts

import (
	"bytes"
	"net/http"
	"regexp"
	"strings"
)

//heapvet:hot
func split(kv, csv string) (n int) {
	key := strings.Split(kv, "=")[0]    // want `strings.Split makes a slice of all parts for the first: use strings.Cut \(measured: 1 allocation, 128 B; hot: //heapvet:hot split\)`
	parts := strings.SplitN(kv, "=", 2) // want `strings.SplitN makes a slice of two parts: use strings.Cut \(measured: 1 allocation, 32 B`
	if len(parts) == 2 {
		key += parts[1]
	}
	all := strings.Split(csv, ",") // want `strings.Split makes a slice of all parts for the last: use strings.LastIndex`
	key += all[len(all)-1]
	n = len(strings.Split(csv, ","))            // want `strings.Split makes a slice of all parts to count them: use strings.Count`
	for _, p := range strings.Split(csv, ",") { // want `strings.Split makes a slice of all parts to range over: use strings.SplitSeq`
		n += len(p)
	}
	for _, p := range bytes.Fields([]byte(csv)) { // want `bytes.Fields makes a slice of all parts to range over: use bytes.FieldsSeq`
		n += len(p)
	}
	return n + len(key)
}

//heapvet:hot
func splitAll(kv, csv, sep string) (n int) {
	for i := range strings.Split(csv, ",") { // not reported: the index
		n += i
	}
	first := strings.Split(kv, sep)[0] // not reported: perhaps at nothing
	parts := strings.Split(csv, ",")   // not reported: two of any number
	if len(parts) > 1 {
		first += parts[1]
	}
	three := strings.SplitN(csv, ",", 3) // not reported: three
	return n + len(first) + len(three[0]+three[1])
}

var word = regexp.MustCompile(`^(\w+)$`)

//heapvet:hot
func match(s string, b []byte) (n int) {
	if word.FindStringSubmatch(s) != nil { // want `\(\*regexp.Regexp\).FindStringSubmatch makes a slice to tell whether there is a match: use MatchString \(measured: 2 allocations, 112 B; hot: `
		n++
	}
	if word.FindIndex(b) == nil { // want `\(\*regexp.Regexp\).FindIndex makes a slice to tell whether there is a match: use Match `
		n++
	}
	if m := word.FindStringSubmatch(s); m != nil { // not reported: the match is used
		n += len(m[1])
	}
	return n
}

//heapvet:hot
func compare(s, t string, b []byte) (n int) {
	if strings.ToLower(s) == "get" { // want `strings.ToLower copies a text to compare it: use strings.EqualFold \(measured: 1 allocation; hot: .*\) \[advice\]`
		n++
	}
	if strings.ToUpper(s) != strings.ToUpper(t) { // want `strings.ToUpper copies a text to compare it: use strings.EqualFold .*advice`
		n++
	}
	if bytes.Equal(bytes.ToLower(b), []byte("get")) { // want `bytes.ToLower copies a text to compare it: use bytes.EqualFold \(measured: 1 allocation; hot: //heapvet:hot compare\)$`
		n++
	}
	if bytes.Equal(bytes.ToLower(b), prefix) { // want `bytes.ToLower copies a text to compare it`
		n++
	}
	if bytes.Equal(bytes.ToLower(b), b) { // not reported: is it in lower case?
		n++
	}
	if strings.HasPrefix(strings.ToLower(s), "bearer ") { // want `strings.ToLower copies a text to compare it: use strings.EqualFold on the part in question .*advice`
		n++
	}
	if strings.ToLower(s) == "GET" { // not reported: never equal
		n++
	}
	if strings.ToLower(s) == t { // not reported: the other text may be in upper case
		n++
	}
	return n
}

func headers(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Request-Id", r.Header.Get("x-request-id")) // want `header key "x-request-id" is made canonical on every call: write "X-Request-Id" \(measured: 1 allocation, 12 B; hot: net/http handler headers\)`
	w.Header().Set("Content-Type", r.Header.Get("content-type")) // not reported: a common key
}

func routes(mux *http.ServeMux) { mux.HandleFunc("/headers", headers) }

func cold(s string) bool { return strings.ToLower(s) == "get" }

var prefix = []byte("urn:uuid:")
