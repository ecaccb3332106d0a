// Package lib has functions that others call. // want package:"judged"
package lib

import "io"

type Buffer struct{ b []byte }

//go:noinline
func (b *Buffer) Grow(n int) { // want Grow:`^allocates: \(\*Buffer\).grow: make\(\[\]byte, n\) escapes \(assign\) \(lib.go:16\)$`
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

func Small() *Buffer { return &Buffer{} } // want Small:`allocates: &Buffer{} escapes \(return\)`

func Each(b []byte, f func(byte)) { // want Each:`calls 2`
	for _, c := range b {
		f(c)
	}
}

//go:noinline
func Dump(w io.Writer, b *Buffer) { // want Dump:`calls 1.Write`
	w.Write(b.b)
}
