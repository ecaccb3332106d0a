package handlers

import (
	"bytes"
	"fmt"
	"io"
	"sync"
)

var bufs = sync.Pool{New: func() any { return new(bytes.Buffer) }}

//heapvet:hot
func hoards(body io.Reader) int {
	buf := bufs.Get().(*bytes.Buffer)
	defer bufs.Put(buf) // want `sync.Pool "bufs" keeps every buffer, however large a request made it: drop buffers whose capacity is above a limit instead of putting them back`
	buf.Reset()
	buf.ReadFrom(body)
	return buf.Len()
}

var capped = sync.Pool{New: func() any { return new(bytes.Buffer) }}

//heapvet:hot
func guards(body io.Reader) int {
	buf := capped.Get().(*bytes.Buffer)
	buf.Reset()
	buf.ReadFrom(body)
	n := buf.Len()
	if buf.Cap() <= 64<<10 {
		capped.Put(buf) // not reported: large ones are dropped
	}
	return n
}

// Like fmt's free list of printers.
type printer struct{ buf []byte }

var printers = sync.Pool{New: func() any { return new(printer) }}

func newPrinter() *printer {
	return printers.Get().(*printer)
}

func (p *printer) free() {
	if cap(p.buf) > 64*1024 {
		p.buf = nil
	} else {
		p.buf = p.buf[:0]
	}
	printers.Put(p) // not reported: the capacity is limited
}

//heapvet:hot
func prints(v int) int {
	p := newPrinter()
	defer p.free()
	p.buf = append(p.buf, "value "...)
	return len(p.buf)
}

var formatted = sync.Pool{New: func() any { return new(bytes.Buffer) }}

//heapvet:hot
func formats(w io.Writer, v int) {
	buf := formatted.Get().(*bytes.Buffer)
	buf.Reset()
	fmt.Fprintf(buf, "value %d", v)
	w.Write(buf.Bytes())
	formatted.Put(buf) // want `sync.Pool "formatted" keeps every buffer.*\[advice\]`
}

var limited = sync.Pool{New: func() any { return new(bytes.Buffer) }}

//heapvet:hot
func limits(body io.Reader) int {
	buf := limited.Get().(*bytes.Buffer)
	buf.Reset()
	io.Copy(buf, io.LimitReader(body, 1<<16))
	n := buf.Len()
	limited.Put(buf) // want `\[advice\]`
	return n
}

var fixed = sync.Pool{New: func() any { b := make([]byte, 32<<10); return &b }}

//heapvet:hot
func copies(w io.Writer, r io.Reader) {
	p := fixed.Get().(*[]byte)
	io.CopyBuffer(w, r, *p)
	fixed.Put(p) // not reported: does not grow
}

// Size classes.
var classes [8]sync.Pool

//heapvet:hot
func classed(class int, r io.Reader) {
	buf, ok := classes[class].Get().(*bytes.Buffer)
	if !ok {
		buf = new(bytes.Buffer)
	}
	buf.Reset()
	buf.ReadFrom(r)
	classes[class].Put(buf) // not reported: of one size each
}
