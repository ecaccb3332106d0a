// Package buffers has local buffers and scratch arrays that calls through
// interfaces move to the heap, each beside a near miss.
package buffers

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"strings"
	"sync"
)

//heapvet:hot
func text(k string, n int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s=%d", k, n) // want `buffer "b" moves to the heap only because fmt.Fprintf gets it as an io.Writer: use its own Write methods \(compiler: heap, 32 B; hot: //heapvet:hot text\)`
	b.WriteByte('\n')
	fmt.Fprint(&b, k) // not reported: the first stands for all
	return b.String()
}

//heapvet:hot
func buffer(k string) []byte {
	b := bytes.Buffer{}
	b.WriteString(k)
	fmt.Fprintln(&b, k) // want `buffer "b" moves to the heap only because fmt.Fprintln`
	return append([]byte(nil), b.Bytes()...)
}

//heapvet:hot
func otherWriter(k string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s", k) // not reported: render moves it as well
	render(&b)
	return b.String()
}

//heapvet:hot
func onlyFmtCan(k []string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%v", k) // not reported: no Write method formats a slice
	return b.String()
}

//heapvet:hot
func captured(k string) string {
	var b strings.Builder
	each(func() { fmt.Fprintf(&b, "%s", k) }) // not reported: the closure moves it
	return b.String()
}

//heapvet:hot
func onStack(k string) string {
	var b strings.Builder
	b.WriteString(k) // not reported: its own method
	return b.String()
}

//heapvet:hot
func failing(k string) (string, error) {
	if k == "" {
		var b strings.Builder
		fmt.Fprintf(&b, "%s", k) // not reported: failure path
		return "", fmt.Errorf("no key: %s", b.String())
	}
	return k, nil
}

//go:noinline
func render(w io.Writer) { w.Write(nil) }

var keep []func()

//go:noinline
func each(f func()) { keep = append(keep[:0], f) }

//heapvet:hot
func header(r io.Reader) (uint32, error) {
	var head [4]byte
	if _, err := io.ReadFull(r, head[:]); err != nil { // want `array "head" goes to the heap because io.ReadFull may keep it: use a field, a pooled array or a concrete reader or writer \(compiler: heap, 4 B; hot: `
		return 0, err
	}
	return binary.BigEndian.Uint32(head[:]), nil
}

//heapvet:hot
func headerSlice(r io.Reader) (uint32, error) {
	head := make([]byte, 4)
	if _, err := io.ReadFull(r, head); err != nil { // want `slice "head" goes to the heap because io.ReadFull may keep it`
		return 0, err
	}
	return binary.BigEndian.Uint32(head), nil
}

//heapvet:hot
func put(w io.Writer, n uint64) {
	var tmp [8]byte
	binary.LittleEndian.PutUint64(tmp[:], n)
	w.Write(tmp[:]) // want `array "tmp" goes to the heap because io.Writer.Write may keep it`
}

//heapvet:hot
func putConcrete(w *bytes.Buffer, n uint64) {
	var tmp [8]byte
	binary.LittleEndian.PutUint64(tmp[:], n)
	w.Write(tmp[:]) // not reported: the compiler knows what a bytes.Buffer does
}

//heapvet:hot
func result(r io.Reader) []byte {
	head := make([]byte, 4)
	io.ReadFull(r, head) // not reported: the caller gets it
	return head
}

//heapvet:hot
func sized(r io.Reader, n int) int {
	head := make([]byte, n)
	io.ReadFull(r, head) // not reported: its size is not constant
	return len(head)
}

var pool = sync.Pool{New: func() any { return new([]byte) }}

//heapvet:hot
func pooled(s string) int {
	b := (*pool.Get().(*[]byte))[:0]
	b = append(b, s...)
	n := len(b)
	pool.Put(&b) // want `variable "b" moves to the heap because its address goes to sync.Pool.Put: put back the pointer that Get returned \(compiler: heap, 24 B`
	return n
}

//heapvet:hot
func pooledPointer(s string) int {
	p := pool.Get().(*[]byte)
	b := append((*p)[:0], s...)
	*p = b
	pool.Put(p) // not reported: the pointer goes back
	return len(b)
}
