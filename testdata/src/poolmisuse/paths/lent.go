package paths

import (
	"errors"
	"sync"
)

type event struct{ buf []byte }

type marshaler interface{ marshal(*event) }

var events = sync.Pool{New: func() any { return new(event) }}

// newEvent takes one from the pool, or makes one.
func newEvent(enabled bool) *event {
	if !enabled {
		return &event{}
	}
	e := events.Get().(*event)
	e.buf = e.buf[:0]
	return e
}

func dict() *event { return newEvent(true) }

//heapvet:hot
func lends(dst []byte, m marshaler) []byte {
	e := dict() // want `sync.Pool "events": the value is never put back: it is only lent to marshal in line 29, for it is still used in line 30, and nobody else has it \[advice\]`
	m.marshal(e)
	return append(dst, e.buf...)
}

//heapvet:hot
func lendsAndPuts(dst []byte, m marshaler) []byte {
	e := dict() // not reported
	m.marshal(e)
	dst = append(dst, e.buf...)
	events.Put(e)
	return dst
}

//heapvet:hot
func handsOver(dst []byte, m marshaler) []byte {
	e := dict() // not reported: marshal may put it back
	dst = append(dst, e.buf...)
	m.marshal(e)
	return dst
}

//heapvet:hot
func lendsMemory(m marshaler) []byte {
	e := dict() // not reported: the caller gets its memory
	m.marshal(e)
	return e.buf
}

//heapvet:hot
func lendsToFunc(f func(*event)) int {
	e := dict() // want `is only lent to a function in line 60, for it is still used in line 61`
	f(e)
	return len(e.buf)
}

// release puts e back.
func release(e *event) { events.Put(e) }

//heapvet:hot
func lendsAndReleases(f func(*event)) int {
	e := dict() // not reported
	f(e)
	n := len(e.buf)
	release(e)
	return n
}

//heapvet:hot
func fill(text string) (e *event, err error) {
	e = events.Get().(*event)
	if err = check(text); err != nil {
		events.Put(e) // not reported: returned beside an error
		return
	}
	e.buf = append(e.buf[:0], text...)
	return
}

//heapvet:hot
func fillAnyway(text string) (e *event, err error) {
	e = events.Get().(*event)
	if err = check(text); err == nil {
		events.Put(e) // want `sync.Pool "events": e is put back here and still used in line 92`
		return
	}
	e.buf = append(e.buf[:0], text...)
	return
}

func check(text string) error {
	if text == "" {
		return errors.New("no text")
	}
	return nil
}

//heapvet:hot
func lendsAndSends(f func(*event), done chan *event) int {
	e := dict() // not reported: who receives it puts it back
	f(e)
	n := len(e.buf)
	select {
	case done <- e:
	default:
	}
	return n
}
