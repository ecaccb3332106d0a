// Package parts has values that are allocated beside others, each beside a
// near miss.
package parts

import (
	"sort"
)

type buffer struct{ data [64]byte }

type stream struct {
	own    *buffer
	shared *buffer
	maybe  *buffer
}

//heapvet:hot
func newStream(b *buffer) *stream {
	s := &stream{
		own:    &buffer{}, // want `field "own" gets a new buffer with each stream: let it hold the struct itself \(compiler: heap, 64 B; hot: //heapvet:hot newStream\) \[advice\]`
		shared: &buffer{}, // not reported: it may be another's
		maybe:  &buffer{}, // not reported: it may be missing
	}
	if b != nil {
		s.shared = b
	}
	if s.maybe == nil {
		return nil
	}
	return s
}

type item struct{ a, b int }

//heapvet:hot
func pointers(items []item) []*item {
	out := make([]*item, 0, len(items))
	for _, it := range items {
		out = append(out, &it) // want `range variable "it" moves to the heap in each iteration: take the address of the element, unless it changes later \(compiler: heap, 16 B; hot: .*\) \[advice\]`
	}
	for i := range items {
		out = append(out, &items[i]) // not reported: as proposed
	}
	return out
}

type counter struct{ n int }

func (c *counter) inc() int { c.n++; return c.n }

var (
	total counter
	each  func() int
)

//heapvet:hot
func bind(c *counter) int {
	each = total.inc       // want `method value total.inc is made on every call: keep it in a variable or field \(compiler: heap, 16 B; hot: .*\) \[advice\]`
	each = c.inc           // not reported: another one each time
	return total.inc() + 1 // not reported: called
}

//heapvet:hot
func large() int {
	var b [128<<10 + 1]byte // want `variable "b" is too large for the stack: take it from a pool, or start small \(compiler: heap, 131073 B; hot: `
	p := b[:]
	p[len(each2)] = 1
	return int(p[1])
}

var each2 []int

//heapvet:hot
func sorted(xs []int) []int {
	sort.Sort(sort.IntSlice(xs))               // want `sort.IntSlice\(xs\) is boxed for sort.Sort: use slices.Sort \(compiler: heap, 24 B; hot: `
	sort.Sort(sort.Reverse(sort.IntSlice(xs))) // want `sort.IntSlice\(xs\) is boxed for sort.Reverse: use slices.SortFunc .*\[advice\]`
	return xs
}
