// Package buffers makes slices of a large constant size.
package buffers

import (
	"io"
	"runtime"
	"sync"
)

type row struct{ a, b int64 }

var kept [][]byte

var spare = sync.Pool{New: func() any { return make([]byte, 32<<10) }} // not reported: for the pool

//heapvet:hot
func copies(w io.Writer, r io.Reader) error {
	buf := make([]byte, 32<<10) // want `^make\(\[\]byte, 32 << 10\) on every call: keep buffers in a sync.Pool \(compiler: heap, 32768 B; hot: //heapvet:hot copies\)$`
	n, err := r.Read(buf)
	w.Write(buf[:n])
	return err
}

//heapvet:hot
func small(r io.Reader) (int, error) {
	return r.Read(make([]byte, 1<<10)) // not reported: small
}

//heapvet:hot
func stays() int {
	buf := make([]byte, 32<<10) // not reported: on the stack
	return len(buf)
}

//heapvet:hot
func result() []byte {
	return make([]byte, 0, 32<<10) // want `^make\(\[\]byte, 0, 32 << 10\) on every call makes room for 32768 elements before there is one: start smaller, or keep slices in a sync.Pool \(compiler: heap, 32768 B; hot: //heapvet:hot result\) \[advice\]$`
}

//heapvet:hot
func rows() []row {
	return make([]row, 0, 4096) // want `^make\(\[\]row, 0, 4096\) on every call makes room for 4096 elements .* \[advice\]$`
}

//heapvet:hot
func stores() {
	kept[0] = make([]byte, 32<<10) // not reported: kept
}

//heapvet:hot
func given(r io.Reader, buf []byte) (int, error) {
	if len(buf) == 0 {
		buf = make([]byte, 32<<10) // not reported: there was none
	}
	return r.Read(buf)
}

type message struct{ data []byte }

//heapvet:hot
func sends(r io.Reader, out chan message) error {
	buf := make([]byte, 32<<10) // want `^make\(\[\]byte, 32 << 10\) on every call: keep buffers in a sync.Pool .* \[advice\]$`
	n, err := r.Read(buf)
	out <- message{data: buf[:n]}
	return err
}

//heapvet:hot
func traces(w io.Writer) {
	if e := recover(); e != nil {
		buf := make([]byte, 64<<10) // not reported: something has failed
		w.Write(buf[:runtime.Stack(buf, false)])
	}
}

type bufferPool struct{ free chan []byte }

func (p *bufferPool) Get() []byte { return <-p.free }

//heapvet:hot
func (p *bufferPool) take() []byte {
	if b := p.Get(); b != nil {
		return b
	}
	return make([]byte, 32<<10) // not reported: the pool was empty
}
