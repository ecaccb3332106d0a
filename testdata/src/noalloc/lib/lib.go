// Package lib has no contract: the compiler is not asked. // want package:"judged"
package lib

import "io"

type Buffer struct{ b []byte }

//go:noinline
func (b *Buffer) Grow(n int) { // want Grow:`^is not proved: the compiler was not asked about package lib$`
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
func New(n int) *Buffer { return &Buffer{make([]byte, n)} } // want New:`^is not proved: the compiler was not asked about package lib$`

func Small() *Buffer { return &Buffer{} } // want Small:`^is not proved: the compiler was not asked about package lib$`

func Each(b []byte, f func(byte)) { // want Each:`^calls 2$`
	for _, c := range b {
		f(c)
	}
}

//go:noinline
func Dump(w io.Writer, b *Buffer) { // want Dump:`^calls 1.Write$`
	w.Write(b.b)
}

//go:noinline
func (b *Buffer) Write(p []byte) (int, error) { // want Write:`^may allocate: append makes a new array when the slice is full$`
	b.b = append(b.b, p...)
	return len(p), nil
}

//go:noinline
func Count(counts map[string]int, key string) { // want Count:`^may allocate: an assignment to counts\[key\] grows the map when the key is new$`
	counts[key]++
}

//go:noinline
func Start(f func()) { // want Start:`^allocates: the go statement starts a goroutine$`
	go f()
}

//go:noinline
func Deferred(f func()) { // want Deferred:`^calls 1$`
	defer f()
}

//go:noinline
func Local() int { // not reported: the compiler need not be asked
	b := Buffer{}
	p := &b
	return measure(p) + p.Len()
}

func measure(b *Buffer) int { return len(b.b) }

//go:noinline
func Kept() int { // want Kept:`^is not proved: the compiler was not asked about package lib$`
	b := Buffer{}
	p := &b
	return keep(p) + p.Len()
}

var last *Buffer

func keep(b *Buffer) int { last = b; return len(b.b) }

//go:noinline
func Swept(rows [][]byte) (n int) {
	defer func() { n++ }()
	var sums [4]int
	for i, row := range rows {
		add(sums[:], i, len(row))
	}
	return sums[0]
}

func add(sums []int, i, n int) { sums[i&3] += n }

//go:noinline
func Large() int { // want Large:`^is not proved: the compiler was not asked about package lib$`
	var sums [1 << 16]int
	add(sums[:], 0, 1)
	return sums[0]
}

//go:noinline
func Repeated(rows [][]byte) (n int) { // want Repeated:`^is not proved: the compiler was not asked about package lib$`
	for _, row := range rows {
		b := &Buffer{row}
		n += measure(b)
	}
	return n
}

//go:noinline
func Boxed(w func(any), b *Buffer) { // want Boxed:`^calls 1$`
	w(b)
	w(1)
	w(true)
}

//go:noinline
func Valued(w func(any), b Buffer) { // want Valued:`^is not proved: the compiler was not asked about package lib; calls 1$`
	w(b)
}
