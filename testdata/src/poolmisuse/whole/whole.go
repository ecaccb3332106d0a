// Package whole holds pools that only all their uses together condemn.
package whole

import (
	"bytes"
	"sync"
)

var mixed = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func getMixed() int {
	buf := mixed.Get().(*bytes.Buffer)
	return buf.Len()
}

func putMixed() {
	var buf bytes.Buffer
	mixed.Put(buf) // want `sync.Pool "mixed": Put of bytes.Buffer, but the Get in line 12 asserts \*bytes.Buffer and panics`
}

var either sync.Pool

func getEither() int {
	switch x := either.Get().(type) {
	case *bytes.Buffer:
		return x.Len()
	case *[]byte:
		return len(*x)
	}
	return 0
}

func putEither(b *[]byte, buf *bytes.Buffer) {
	either.Put(b)
	either.Put(buf) // not reported: Get tells them apart
}

var dirty = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func writeDirty(s string) int {
	buf := dirty.Get().(*bytes.Buffer)
	buf.WriteString(s)
	n := buf.Len()
	dirty.Put(buf) // want `sync.Pool "dirty": put back without Reset, and the Get in line 41 writes on without one: it finds what the last user wrote`
	return n
}

var resetAtGet = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func writeAfterReset(s string) int {
	buf := resetAtGet.Get().(*bytes.Buffer)
	buf.Reset()
	buf.WriteString(s)
	n := buf.Len()
	resetAtGet.Put(buf) // not reported: reset before it is used
	return n
}

var resetAtPut = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func release(buf *bytes.Buffer) {
	buf.Reset()
	resetAtPut.Put(buf)
}

func writeThenReset(s string) int {
	buf := resetAtPut.Get().(*bytes.Buffer)
	buf.WriteString(s)
	n := buf.Len()
	release(buf) // not reported: reset before it is put back
	return n
}

var drained = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func writeAndDrain(s string, w *bytes.Buffer) {
	buf := drained.Get().(*bytes.Buffer)
	buf.WriteString(s)
	buf.WriteTo(w)
	drained.Put(buf) // not reported: WriteTo leaves it empty
}

var never = sync.Pool{New: func() any { return new(bytes.Buffer) }}

//heapvet:hot
func takes() int {
	return never.Get().(*bytes.Buffer).Len() // want `sync.Pool "never" is never refilled: no Put in this package, so that each Get allocates`
}

type server struct {
	refilled sync.Pool
	handed   sync.Pool
}

//heapvet:hot
func (s *server) serve() int {
	a := s.refilled.Get().(*bytes.Buffer) // not reported: finish refills it
	b := s.handed.Get().(*bytes.Buffer)   // not reported: others know the pool
	return a.Len() + b.Len()
}

func (s *server) finish(buf *bytes.Buffer) { s.refilled.Put(buf) }

func (s *server) pool() *sync.Pool { return &s.handed }

// Each method of a generic type has a T of its own.
type typed[T any] struct{ items sync.Pool }

func (p *typed[T]) get() *T { return p.items.Get().(*T) }

func (p *typed[T]) put(item *T) { p.items.Put(item) } // not reported: the same type

func sharedPool(pool *sync.Pool, b []byte) {
	pool.Put(b) // want `sync.Pool "pool": Put of \[\]byte allocates 24 bytes .*advice`
}

var emptied = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func getEmptied(pooled bool) *bytes.Buffer {
	if !pooled {
		return new(bytes.Buffer)
	}
	buf := emptied.Get().(*bytes.Buffer)
	buf.Reset()
	return buf
}

func writeEmptied(s string) int {
	buf := getEmptied(s != "")
	buf.WriteString(s)
	n := buf.Len()
	emptied.Put(buf) // not reported: reset by what takes it
	return n
}

var full = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func getFull(pooled bool) *bytes.Buffer {
	if !pooled {
		return new(bytes.Buffer)
	}
	return full.Get().(*bytes.Buffer)
}

func writeFull(s string) int {
	buf := getFull(s != "")
	buf.WriteString(s)
	n := buf.Len()
	full.Put(buf) // want `sync.Pool "full": put back without Reset, and the Get in line \d+ writes on without one`
	return n
}
