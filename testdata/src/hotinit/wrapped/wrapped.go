// Package wrapped builds things for its callers.
package wrapped

import (
	"compress/gzip"
	"io"
	"regexp"
	"sync"
)

// Compress makes a writer on each call.
func Compress(w io.Writer, p []byte) error { // want Compress:`^builds\(newWriter -> gzip.NewWriter, 813856 B\)$`
	zw := newWriter(w)
	zw.Write(p)
	return zw.Close()
}

func newWriter(w io.Writer) *gzip.Writer { return gzip.NewWriter(w) } // want `gzip.NewWriter on every call: .* \[advice\]`

var writers = sync.Pool{New: func() any { return gzip.NewWriter(nil) }}

// Pooled takes a writer from a pool.
func Pooled(w io.Writer, p []byte) error {
	zw := writers.Get().(*gzip.Writer)
	defer writers.Put(zw)
	zw.Reset(w)
	zw.Write(p)
	return zw.Close()
}

var once sync.Once
var pattern *regexp.Regexp

// Valid compiles a pattern once.
func Valid(s string) bool {
	once.Do(func() { pattern = regexp.MustCompile("[a-z]+") })
	return pattern.MatchString(s)
}

// Word compiles a pattern on each call.
func Word(s string) bool { // want Word:`^builds\(regexp.MustCompile, 2712 B\)$`
	return regexp.MustCompile("[a-z]+").MatchString(s) // want `regexp.MustCompile of constants on every call: .* \[advice\]`
}

// Report compiles one on failure.
func Report(s string) string {
	if s == "" {
		panic(regexp.MustCompile("[a-z]+").String())
	}
	return s
}
