// Package own holds functions to what they do themselves. // want package:"judged"
package own

import (
	"errors"
	"fmt"
)

type point struct{ x, y int }

var kept *point

//heapvet:noalloc
func escapes(x int) *point {
	return &point{x, 0} // want `^noalloc function "escapes" allocates: &point{\.\.\.} escapes \(return\)$`
}

//heapvet:noalloc
func stays(x int) int {
	p := &point{x, 0} // not reported: on the stack
	return p.x
}

func unmarked(x int) *point {
	return &point{x, 0} // not reported: promises nothing
}

//heapvet:noalloc
func moved(x int) *int { // want `^noalloc function "moved" allocates: variable x is moved to the heap \(return\)$`
	return &x
}

//heapvet:noalloc
func appends(b []byte, c byte) []byte {
	return append(b, c) // want `^noalloc function "appends" may allocate: append makes a new array when the slice is full$`
}

//heapvet:noalloc
func writes(b []byte, c byte) []byte {
	b[0] = c
	return b[:1]
}

//heapvet:noalloc
func sized(n int) int {
	b := make([]byte, n) // want `^noalloc function "sized" may allocate: make\(\[\]byte, n\) is on the stack only if it is small$`
	return len(b)
}

//heapvet:noalloc
func fixed() int {
	b := make([]byte, 64)
	return len(b)
}

var counts = map[string]int{}

//heapvet:noalloc
func counted(key string) {
	counts[key]++       // want `^noalloc function "counted" may allocate: an assignment to counts\[key\] grows the map when the key is new$`
	delete(counts, key) // not reported: frees
}

//heapvet:noalloc
func looked(key string) int { return counts[key] }

//heapvet:noalloc
func joined(s, t string) string {
	s += t             // want `^noalloc function "joined" allocates: s \+= t makes a new string$`
	return s + "." + t // want `^noalloc function "joined" allocates: s \+ "." \+ t makes a new string$`
}

//heapvet:noalloc
func compared(s, t string) bool { return s == t }

//heapvet:noalloc
func converted(b []byte) string {
	if string(b) == "x" { // not reported: compared in place
		return "x"
	}
	return string(b) // want `^noalloc function "converted" allocates: string\(b\) escapes \(return\)$`
}

//heapvet:noalloc
func boxed(n int, p *point) (a, b any) {
	a = n // want `^noalloc function "boxed" allocates: n is boxed in an interface \(assign\)$`
	b = p // not reported: a pointer is its own box
	return a, b
}

//heapvet:noalloc
func small(b byte) any { return b } // not reported: the runtime keeps the 256 values

//heapvet:noalloc
func started(f func()) {
	go f() // want `^noalloc function "started" allocates: the go statement starts a goroutine$`
}

//heapvet:noalloc
func channel() chan int {
	return make(chan int) // want `^noalloc function "channel" allocates: make\(chan int\) makes a channel$`
}

//heapvet:noalloc
func deferred(n int) {
	defer release(n) // not reported: once
	for i := range n {
		defer release(i) // want `^noalloc function "deferred" allocates: a deferred call in a loop is kept on the heap$`
	}
}

func release(int) {}

//heapvet:noalloc
func closure(n int) func() int {
	return func() int { return n } // want `^noalloc function "closure" allocates: the function literal escapes \(return\)$`
}

//heapvet:noalloc
func called(n int) int {
	double := func() int { return 2 * n } // not reported: stays here
	return double()
}

//heapvet:noalloc
func literal(n int) *point {
	build := func() *point { return &point{n, n} }
	return build() // want `^noalloc function "literal" allocates: .*point{\.\.\.}.*$`
}

var errNone = errors.New("none")

//heapvet:noalloc
func fails(n int) (int, error) {
	if n < 0 {
		return 0, fmt.Errorf("negative: %d", n) // not reported: the way to a failure
	}
	if n == 0 {
		panic(fmt.Sprint("zero", n)) // not reported: as above
	}
	kept = &point{n, n} // want `^noalloc function "fails" allocates: &point{\.\.\.} escapes \(assign\)$`
	return n, nil
}

//heapvet:noalloc
func exempt(n int) {
	kept = &point{n, n} //heapvet:allow made once per connection
	//heapvet:allow as above
	kept = &point{n, n}
	/* want `^//heapvet:allow does nothing here: nothing on its line allocates$` */ //heapvet:allow nothing here
	kept = nil
	kept = &point{n, n} // want `allocates`
}

type set[T comparable] struct {
	order []T
	index map[T]int
}

//heapvet:noalloc
func (s *set[T]) add(v T) {
	s.index[v] = len(s.order)    // want `^noalloc function "\(\*set\[T\]\).add" may allocate: an assignment to s.index\[v\] grows the map when the key is new$`
	s.order = append(s.order, v) // want `may allocate: append makes a new array`
}

func use(s *set[string]) { s.add("a") }

//heapvet:noalloc
func unused[T any](v T) *T { // want `^noalloc function "unused" is not proved: the compiler did not compile unused, which is generic and not used here$`
	return &v
}
