// Package others has directives of other tools. // want package:"judged"
package others

type point struct{ x, y int }

var kept *point

func asserted(n int) *point {
	//gcassert:noescape
	p := &point{n, 0} // want `^//gcassert:noescape does not hold: &point{\.\.\.} escapes \(return\)$`
	q := &point{n, 1} //gcassert:noescape
	r := &point{n, 2} // not reported: asserts nothing
	p.x = q.x
	kept = r
	return p
}

//gcassert:noescape
func leaks(p *point, q *point) { // want `^//gcassert:noescape does not hold: parameter "p" leaks to the caller or the heap$`
	kept = p
	q.x = 1
}

/* want `^//gcassert:inline is not checked: heapvet knows noescape only \[advice\]$` */ //gcassert:inline
func inlined()                                                                          {}

//go:noinline
func create(n int) *point { return &point{n, n} }

// bare is about itself.
//
// +checkescape
func bare(n int) {
	create(n)
	kept = &point{n, n} // want `^// \+checkescape function "bare" allocates: &point{\.\.\.} escapes \(assign\)$`
}

// hard is about what it calls, too.
//
// +checkescape:hard
func hard(n int, f func()) {
	create(n)           // want `^// \+checkescape:hard function "hard" allocates: create: &point{\.\.\.} escapes \(return\) \(others.go:\d+\)$`
	f()                 // not reported: not asked for
	kept = &point{n, n} // escapes: once
}

// all includes what is not known.
//
// +checkescape:all
func all(f func()) {
	f() // want `^// \+checkescape:all function "all" is not proved: it calls f, a function value$`
}
