// Package held has a contract: the compiler is asked. // want package:"judged"
package held

type Buffer struct{ b []byte }

//go:noinline
func (b *Buffer) Grow(n int) { // want Grow:`^allocates: \(\*Buffer\).grow: make\(\[\]byte, n\) escapes \(assign\) \(held.go:14\)$`
	b.grow(n)
}

//go:noinline
func (b *Buffer) grow(n int) {
	if cap(b.b) < n {
		b.b = make([]byte, n)
	}
}

func (b *Buffer) Len() int { return len(b.b) }

//go:noinline
func New(n int) *Buffer { return &Buffer{make([]byte, n)} } // want New:`^allocates: &Buffer{...} escapes \(return\)$`

// Fresh is told about here, not where it is called.
//
//heapvet:noalloc
func Fresh() *Buffer { // not reported: no fact
	return &Buffer{} // want `^noalloc function "Fresh" allocates: &Buffer{} escapes \(return\)$`
}

//heapvet:noalloc
func Each(b *Buffer, f func(byte)) { // want Each:`^calls 2$`
	f(b.b[0]) // want `^noalloc function "Each" is not proved: it calls f, a function value$`
}
