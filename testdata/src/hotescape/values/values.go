// Package values has values that are boxed, too large for the stack or
// collected as options.
package values

import "sort"

type byAge struct {
	names []string
	ages  []int
	order func(a, b int) bool
	desc  bool
}

func (s byAge) Len() int           { return len(s.ages) }
func (s byAge) Less(i, j int) bool { return s.order(s.ages[i], s.ages[j]) }
func (s byAge) Swap(i, j int)      { s.ages[i], s.ages[j] = s.ages[j], s.ages[i] }

type byName []string

func (s byName) Len() int           { return len(s) }
func (s byName) Less(i, j int) bool { return s[i] < s[j] }
func (s byName) Swap(i, j int)      { s[i], s[j] = s[j], s[i] }

//heapvet:hot
func order(s byAge) {
	sort.Sort(s) // want `s is boxed for sort.Sort: use slices.SortFunc \(compiler: heap, 64 B; hot: `
}

//heapvet:hot
func orderPointer(s *byAge) {
	sort.Sort(s) // not reported: a pointer needs no box
}

//heapvet:hot
func orderNames(names []string) {
	sort.Stable(byName(names)) // want `byName\(names\) is boxed for sort.Stable: use slices.SortStableFunc .*\[advice\]`
}

//heapvet:hot
func orderStrings(names []string) {
	sort.Strings(names) // not reported: no interface
}

//heapvet:hot
func samples(n int) float64 {
	buf := make([]float64, 0, 9000) // want `make\(\[\]float64, 0, 9000\) is too large for the stack: take it from a pool, or start small \(compiler: heap, 72000 B; hot: `
	for i := range n {
		buf = append(buf, float64(i))
	}
	return buf[0]
}

//heapvet:hot
func fewSamples(n int) float64 {
	buf := make([]float64, 0, 8000) // not reported: fits the stack
	for i := range n {
		buf = append(buf, float64(i))
	}
	return buf[0]
}

type page struct{ buf []byte }

//heapvet:hot
func newPage() *page {
	return &page{buf: make([]byte, 1<<20)} // not reported: the page keeps it
}

//heapvet:hot
func block() []byte {
	b := make([]byte, 1<<20) // not reported: the caller gets it
	return b[:100]
}

//heapvet:hot
func table(n int) byte {
	var t [200000]byte // want `variable "t" is too large for the stack`
	t[n] = 1
	return t[n+1]
}

type query struct{ limit, depth int }

type option func(*query)

//go:noinline
func run(opts []option) int {
	var q query
	for _, o := range opts {
		o(&q)
	}
	return q.limit
}

//heapvet:hot
func find(limit, depth int) int {
	opts := make([]option, 0, 2)
	opts = append(opts, func(q *query) { q.limit = limit }) // want `append to "opts" makes every closure in it escape: fill an array by index, or set fields \(compiler: heap; hot: `
	return run(opts)
}

//heapvet:hot
func findArray(limit, depth int) int {
	var opts [2]option
	opts[0] = func(q *query) { q.limit = limit } // not reported: on the stack
	opts[1] = func(q *query) { q.depth = depth }
	return run(opts[:])
}

//heapvet:hot
func findAny() int {
	opts := make([]option, 0, 2)
	opts = append(opts, func(q *query) { q.limit = 1 }) // not reported: captures nothing
	return run(opts)
}

var kept []option

//heapvet:hot
func keep(limit int) {
	var opts []option
	opts = append(opts, func(q *query) { q.limit = limit }) // not reported: kept
	kept = opts
}
