// Package library has no root: what its exported API costs is advice.
package library

import (
	"bytes"
	"io"
	"sync"
)

var bufs = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// Read reads all of r.
func Read(r io.Reader) string {
	buf := bufs.Get().(*bytes.Buffer)
	defer bufs.Put(buf) // want `sync.Pool "bufs" keeps every buffer.* \[advice\]`
	buf.Reset()
	buf.ReadFrom(r)
	return buf.String()
}

type bufferPool struct{ sync.Pool }

var embedded bufferPool

// Sum is about an embedded pool.
func Sum(b []byte) {
	embedded.Put(b) // want `sync.Pool "Pool": Put of \[\]byte allocates 24 bytes.* \[advice\]`
	_ = embedded.Get()
}
