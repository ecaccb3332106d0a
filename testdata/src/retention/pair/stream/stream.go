// Package stream is a dependency whose connections keep their streams.
package stream

// A Stream is one of many.
type Stream interface{ Close() error }

// A Conn has many streams.
type Conn interface {
	CreateStream(name string) (Stream, error)
	RemoveStreams(streams ...Stream)
	AddHeader(name string) int
	RemoveHeader(n int)
}

// Dial connects.
func Dial() Conn { return nil }
