// Package returned has functions whose result is a pointer to a new struct.
package returned

import "sync"

type point struct{ x, y, z int }

//go:noinline
func (p *point) sum() int { return p.x + p.y + p.z }

//go:noinline
func locate(n int) *point { // want `result of locate is a pointer that no caller keeps: return the struct by value \(compiler: heap, 24 B; hot: `
	return &point{n, n + 1, n + 2}
}

//heapvet:hot
func near(n int) int {
	p := locate(n)
	return p.x + p.sum()
}

//go:noinline
func find(n int) (*point, error) { // want `result of find is a pointer that no caller keeps`
	if n < 0 {
		return nil, errNegative
	}
	p := &point{x: n}
	p.y = n
	return p, nil
}

//heapvet:hot
func found(n int) int {
	p, err := find(n)
	if err != nil {
		return 0
	}
	return p.y
}

var last *point

//go:noinline
func kept(n int) *point { // not reported: a caller keeps it
	return &point{x: n}
}

//heapvet:hot
func keeps(n int) {
	p := kept(n)
	last = p
}

//go:noinline
func maybe(n int) *point { // not reported: nil says something
	if n < 0 {
		return nil
	}
	return &point{x: n}
}

//heapvet:hot
func asks(n int) int {
	if p := maybe(n); p != nil {
		return p.x
	}
	return 0
}

func inlined(n int) *point { // not reported: gc inlines it
	return &point{x: n}
}

//heapvet:hot
func calls(n int) int { return inlined(n).x }

type guarded struct {
	mu sync.Mutex
	n  int
}

//go:noinline
func locked(n int) *guarded { // not reported: a lock is not copied
	return &guarded{n: n}
}

//heapvet:hot
func locks(n int) int { return locked(n).n }

type failure struct{}

func (failure) Error() string { return "negative" }

var errNegative error = failure{}
