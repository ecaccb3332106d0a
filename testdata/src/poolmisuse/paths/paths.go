// Package paths takes values from pools and forgets to put them back, or
// puts them back too early.
package paths

import (
	"bytes"
	"errors"
	"io"
	"sync"
)

type scratch struct {
	n    int
	text string
}

var pool = sync.Pool{New: func() any { return new(scratch) }}

//heapvet:hot
func forgets(n int) int {
	s := pool.Get().(*scratch) // want `sync.Pool "pool": the value is not put back on the way to the return in line 24`
	s.n = n
	if n > 10 {
		return n
	}
	pool.Put(s)
	return 0
}

//heapvet:hot
func forgetsOnError(n int) error {
	s := pool.Get().(*scratch) // want `not put back on the way to the return in line 35 \[advice\]`
	s.n = n
	if n > 10 {
		return errors.New("too large")
	}
	pool.Put(s)
	return nil
}

//heapvet:hot
func putsAlways(n int) int {
	s := pool.Get().(*scratch) // not reported
	s.n = n
	if n > 10 {
		pool.Put(s)
		return n
	}
	pool.Put(s)
	return 0
}

//heapvet:hot
func defers(n int) int {
	s := pool.Get().(*scratch) // not reported
	defer pool.Put(s)
	s.n = n
	if n > 10 {
		return n
	}
	return 0
}

//heapvet:hot
func defersInLiteral(n int) int {
	s := pool.Get().(*scratch) // not reported
	defer func() {
		s.n = 0
		pool.Put(s)
	}()
	s.n = n
	return n
}

// A type that a nil or another value may stand for.
//
//heapvet:hot
func checks(n int) int {
	s, ok := pool.Get().(*scratch) // not reported: nothing to put back
	if !ok {
		return 0
	}
	s.n = n
	pool.Put(s)
	return n
}

//heapvet:hot
func handsOn(n int, queue chan *scratch) {
	s := pool.Get().(*scratch) // not reported: the receiver puts it back
	if n > 10 {
		queue <- s
		return
	}
	pool.Put(s)
}

//heapvet:hot
func drops(n int) int {
	s := pool.Get().(*scratch) // not reported: too large ones are dropped on purpose
	s.n = n
	if len(s.text) < 100 {
		pool.Put(s)
	}
	return n
}

func usesAfter(n int) int {
	s := pool.Get().(*scratch)
	s.n = n
	pool.Put(s) // want `sync.Pool "pool": s is put back here and still used in line 112, when another goroutine may have it`
	return s.n
}

func copiesBefore(n int) int {
	s := pool.Get().(*scratch)
	s.n = n
	n = s.n
	pool.Put(s) // not reported
	return n
}

func twice(n int) {
	s := pool.Get().(*scratch)
	if n > 10 {
		pool.Put(s)
	}
	pool.Put(s) // want `sync.Pool "pool": s is put back a second time \(first in line 126\): two goroutines will share it`
}

func inLoop(n int) {
	for range n {
		s := pool.Get().(*scratch)
		s.n++
		pool.Put(s) // not reported: the next round gets its own
	}
}

func again(n int) {
	s := pool.Get().(*scratch)
	for i := range n {
		s.n = i
		pool.Put(s) // not reported: replaced at once
		s = pool.Get().(*scratch)
	}
	pool.Put(s)
}

var bufs = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func render(w io.WriterTo) []byte {
	buf := bufs.Get().(*bytes.Buffer)
	defer bufs.Put(buf) // want `sync.Pool "bufs": the function returns memory of buf, which this deferred Put gives away \(line 156\)`
	buf.Reset()
	w.WriteTo(buf)
	return buf.Bytes()
}

func renderString(w io.WriterTo) string {
	buf := bufs.Get().(*bytes.Buffer)
	defer bufs.Put(buf) // not reported: String copies
	buf.Reset()
	w.WriteTo(buf)
	return buf.String()
}

func renderEarly(w io.WriterTo) []byte {
	buf := bufs.Get().(*bytes.Buffer)
	buf.Reset()
	w.WriteTo(buf)
	b := buf.Bytes()
	bufs.Put(buf) // want `sync.Pool "bufs": buf is put back here and still used in line 173`
	return b
}

func renderClone(w io.WriterTo) []byte {
	buf := bufs.Get().(*bytes.Buffer)
	buf.Reset()
	w.WriteTo(buf)
	b := bytes.Clone(buf.Bytes())
	bufs.Put(buf) // not reported: a copy
	return b
}

var lines = sync.Pool{New: func() any { return new([]byte) }}

func line(s string) []byte {
	p := lines.Get().(*[]byte)
	b := append((*p)[:0], s...)
	*p = b
	lines.Put(p) // want `sync.Pool "lines": p is put back here and still used in line 192`
	return b
}

func lineMoved(s string) []byte {
	p := lines.Get().(*[]byte)
	b := append((*p)[:0], s...)
	*p = nil
	lines.Put(p) // not reported: without its memory
	return b
}

// Through functions of the package.
func get() *scratch { return pool.Get().(*scratch) }

func put(s *scratch) {
	s.n = 0
	pool.Put(s)
}

func usesAfterWrapper(n int) int {
	s := get()
	s.n = n
	put(s) // want `s is put back here and still used in line 215`
	return s.n
}

func wrapper(n int) int {
	s := get()
	s.n = n
	n = s.n
	put(s) // not reported
	return n
}

//heapvet:hot
func forgetsWrapper(n int) int {
	s := get() // want `sync.Pool "pool": the value is not put back on the way to the return in line 231`
	s.n = n
	if n > 10 {
		return n
	}
	put(s)
	return 0
}

// On some ways only: the result says on which.
func putIfDone(s *scratch) bool {
	if s.n <= 0 {
		put(s)
		return true
	}
	return false
}

func putOrTell(s *scratch) bool {
	if s.n <= 0 {
		put(s)
		return true
	}
	pool.Put(s)
	return false
}

func usesIfKept(s *scratch) {
	if done := putIfDone(s); !done {
		s.n++ // not reported: it was not put back
	}
	if done := putOrTell(s); !done { // want `s is put back here and still used in line 260`
		s.n++
	}
}

// Values that grew large are dropped, which callers cannot know.
func putSmall(s *scratch) {
	if len(s.text) > 1<<16 {
		return
	}
	pool.Put(s)
}

func usesAfterSmall(n int) int {
	s := get()
	putSmall(s) // want `s is put back here and still used in line 275`
	return s.n
}
