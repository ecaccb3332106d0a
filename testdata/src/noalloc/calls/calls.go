// Package calls holds functions to what they call. // want package:"judged"
package calls

import (
	"errors"
	"io"
	"math/bits"
	"noalloc/held"
	"noalloc/lib"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
)

type node struct {
	next *node
	n    int
}

//go:noinline
func create(n int) *node { return &node{n: n} }

//go:noinline
func push(list *node, n int) *node {
	first := create(n)
	first.next = list
	return first
}

//heapvet:noalloc
func through(list *node) *node {
	return push(list, 1) // want `^noalloc function "through" allocates: push -> create: &node{\.\.\.} escapes \(return\) \(calls.go:22\)$`
}

//heapvet:noalloc
func walk(list *node) (n int) {
	for ; list != nil; list = list.next {
		n += sum(list)
	}
	return n
}

func sum(list *node) int {
	if list == nil {
		return 0
	}
	return list.n + sum(list.next) // not reported: recursion alone is no allocation
}

//heapvet:noalloc
func imported(b *held.Buffer, c *lib.Buffer, counts map[string]int) int {
	b.Grow(100)            // want `^noalloc function "imported" allocates: \(\*held.Buffer\).Grow -> \(\*Buffer\).grow: make\(\[\]byte, n\) escapes \(assign\) \(held.go:14\)$`
	c.Grow(100)            // want `^noalloc function "imported" is not proved: \(\*lib.Buffer\).Grow: the compiler was not asked about package lib$`
	lib.Count(counts, "a") // want `^noalloc function "imported" may allocate: lib.Count: an assignment to counts\[key\] grows the map when the key is new \(lib.go:\d+\)$`
	lib.Start(nil)         // want `^noalloc function "imported" allocates: lib.Start: the go statement starts a goroutine \(lib.go:\d+\)$`
	return c.Len() + lib.Local() + lib.Swept(nil)
}

//heapvet:noalloc
func relies(b *held.Buffer) *held.Buffer {
	held.Each(b, func(byte) {})
	return held.Fresh() // not reported: told there
}

//heapvet:noalloc
func promises(n int) *node {
	return create(n) // want `^noalloc function "promises" allocates: create: .*$`
}

//heapvet:noalloc
func trusts(n int) *node { return promises(n) } // not reported: told there

//heapvet:noalloc
func mended(n int) (*node, error) {
	return checked(n) // not reported: made on the way to a failure
}

//heapvet:noalloc
func broken(n int) (*node, error) {
	return unchecked(n) // want `^noalloc function "broken" allocates: &node{\.\.\.}, inlined from unchecked, escapes \(assign\)$`
}

var seen *node

func checked(n int) (*node, error) {
	if n < 0 {
		seen = &node{n: n}
		return nil, errors.New("negative")
	}
	return seen, nil
}

func unchecked(n int) (*node, error) {
	if n < 0 {
		seen = &node{n: n}
		return nil, nil
	}
	return seen, nil
}

func leaves(n int) *node { return create(n) }

//heapvet:noalloc
func doubts(n int) *node { return leaves(n) } // want `^noalloc function "doubts" allocates: .*$`

//heapvet:noalloc
func inlined() int { return lib.Small().Len() } // not reported: inlined, and then on the stack

//heapvet:noalloc
func outlined() int { return held.New(10).Len() } // want `^noalloc function "outlined" allocates: held.New: .* escapes \(return\) \(held.go:21\)$`

//heapvet:noalloc
func unasked() int { return lib.New(10).Len() } // want `^noalloc function "unasked" is not proved: lib.New: the compiler was not asked about package lib$`

//heapvet:noalloc
func standard(s string, mu *sync.Mutex, n *atomic.Int64, pool *sync.Pool) int {
	mu.Lock()
	defer mu.Unlock()
	n.Add(1)
	pool.Put(pool.Get())
	i := strings.IndexByte(s, 'x') + bits.Len(uint(len(s)))
	parts := strings.Split(s, ",") // want `^noalloc function "standard" is not proved: strings.Split is not known not to allocate$`
	return i + len(parts)
}

//heapvet:noalloc
func costly(s string) bool {
	return regexp.MustCompile("x").MatchString(s) // want `^noalloc function "costly" allocates: regexp.MustCompile makes 36 allocations, 2712 B$`
}

//heapvet:noalloc
func callbacks(b []byte, other func(byte)) (n int) {
	lib.Each(b, func(byte) { n++ })         // not reported: the literal does not allocate
	lib.Each(b, func(c byte) { create(n) }) // want `^noalloc function "callbacks" allocates: a function literal -> create: &node{\.\.\.} escapes`
	lib.Each(b, other)                      // want `^noalloc function "callbacks" is not proved: it calls other, a function value$`
	strings.IndexFunc("a", func(r rune) bool { return r == 'a' })
	return n
}

//heapvet:noalloc
func parameter(f func()) {
	f() // want `^noalloc function "parameter" is not proved: it calls f, a function value$`
}

type fixed struct{ n int }

func (f *fixed) Write(b []byte) (int, error) { f.n += len(b); return len(b), nil }

type keeping struct{ all [][]byte }

func (k *keeping) Write(b []byte) (int, error) { // want Write:`^may allocate: append makes a new array when the slice is full$`
	k.all = append(k.all, b)
	return len(b), nil
}

//heapvet:noalloc
func writers(w io.Writer, f *fixed, k *keeping, b *lib.Buffer) {
	lib.Dump(f, b) // not reported: this Write does not allocate
	lib.Dump(k, b) // want `^noalloc function "writers" may allocate: \(\*keeping\).Write: append makes a new array when the slice is full \(calls.go:\d+\)$`
	lib.Dump(w, b) // want `^noalloc function "writers" is not proved: it calls Write of io.Writer, an interface$`
	w.Write(nil)   // want `^noalloc function "writers" is not proved: it calls Write of io.Writer, an interface$`
}

func once() *node {
	return create(1) //heapvet:allow the first time only
}

//heapvet:noalloc
func exempted() *node { return once() } // not reported: exempt there

//go:noinline
func even(n int) *node {
	if n == 0 {
		return nil
	}
	return odd(n - 1)
}

//go:noinline
func odd(n int) *node {
	if n == 1 {
		return &node{n: n}
	}
	return even(n - 1)
}

//heapvet:noalloc
func evens(n int) *node {
	return even(n) // want `^noalloc function "evens" allocates: even -> odd: &node{\.\.\.} escapes \(return\) \(calls.go:\d+\)$`
}

//heapvet:noalloc
func odds(n int) *node {
	return odd(n) // want `^noalloc function "odds" allocates: odd: &node{\.\.\.} escapes \(return\) \(calls.go:\d+\)$`
}

//go:noinline
func ping(n int) *node {
	if n == 1 {
		return &node{n: n}
	}
	return pong(n - 1)
}

//go:noinline
func pong(n int) *node {
	if n == 0 {
		return nil
	}
	return ping(n - 1)
}

//heapvet:noalloc
func pongs(n int) *node {
	return pong(n) // want `^noalloc function "pongs" allocates: pong -> ping: &node{\.\.\.} escapes \(return\) \(calls.go:\d+\)$`
}
