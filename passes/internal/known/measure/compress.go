package main

import (
	"bytes"
	"io"

	"github.com/andybalholm/brotli"
	"github.com/golang/snappy"
	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/s2"
	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"
	"github.com/klauspost/pgzip"
	"github.com/pierrec/lz4/v4"
)

// text is what is compressed: 1 KiB, so that a compressor's own state and
// not its input decides.
var text = bytes.Repeat([]byte("hello, compressed world, "), 41)

// sink keeps results from the stack.
var sink any

// keep stores the first of a call's results.
func keep[T any](v T, _ error) { sink = v }

func write(w io.WriteCloser) {
	_, _ = w.Write(text)
	_ = w.Close()
}

func read(r io.Reader) { _, _ = io.Copy(io.Discard, r) }

func compressed(create func(io.Writer) io.WriteCloser) []byte {
	var buf bytes.Buffer
	write(create(&buf))
	return buf.Bytes()
}

// compressors makes one use of each writer and reader.
func compressors(all map[string]func()) {
	gz := compressed(func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) })
	zl := compressed(func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) })
	fl := compressed(func(w io.Writer) io.WriteCloser { fw, _ := flate.NewWriter(w, 6); return fw })
	zs := compressed(func(w io.Writer) io.WriteCloser { zw, _ := zstd.NewWriter(w); return zw })
	s2w := compressed(func(w io.Writer) io.WriteCloser { return s2.NewWriter(w) })
	sn := compressed(func(w io.Writer) io.WriteCloser { return snappy.NewBufferedWriter(w) })
	br := compressed(func(w io.Writer) io.WriteCloser { return brotli.NewWriter(w) })
	const kp = "github.com/klauspost/compress/"
	for name, use := range map[string]func(){
		kp + "gzip.NewWriter":      func() { write(gzip.NewWriter(io.Discard)) },
		kp + "gzip.NewWriterLevel": func() { w, _ := gzip.NewWriterLevel(io.Discard, 6); write(w) },
		kp + "gzip.NewReader":      func() { r, _ := gzip.NewReader(bytes.NewReader(gz)); read(r) },
		kp + "flate.NewWriter":     func() { w, _ := flate.NewWriter(io.Discard, 6); write(w) },
		kp + "flate.NewReader":     func() { read(flate.NewReader(bytes.NewReader(fl))) },
		kp + "zlib.NewWriter":      func() { write(zlib.NewWriter(io.Discard)) },
		kp + "zlib.NewWriterLevel": func() { w, _ := zlib.NewWriterLevel(io.Discard, 6); write(w) },
		kp + "zlib.NewReader":      func() { r, _ := zlib.NewReader(bytes.NewReader(zl)); read(r) },
		kp + "zstd.NewWriter":      func() { w, _ := zstd.NewWriter(io.Discard); write(w) },
		kp + "zstd.NewReader":      func() { r, _ := zstd.NewReader(bytes.NewReader(zs)); read(r); r.Close() },
		kp + "s2.NewWriter":        func() { write(s2.NewWriter(io.Discard)) },
		kp + "s2.NewReader":        func() { read(s2.NewReader(bytes.NewReader(s2w))) },

		"github.com/klauspost/pgzip.NewWriter":         func() { write(pgzip.NewWriter(io.Discard)) },
		"github.com/klauspost/pgzip.NewWriterLevel":    func() { w, _ := pgzip.NewWriterLevel(io.Discard, 6); write(w) },
		"github.com/klauspost/pgzip.NewReader":         func() { r, _ := pgzip.NewReader(bytes.NewReader(gz)); read(r); r.Close() },
		"github.com/andybalholm/brotli.NewWriter":      func() { write(brotli.NewWriter(io.Discard)) },
		"github.com/andybalholm/brotli.NewWriterLevel": func() { write(brotli.NewWriterLevel(io.Discard, 6)) },
		"github.com/andybalholm/brotli.NewReader":      func() { read(brotli.NewReader(bytes.NewReader(br))) },
		"github.com/golang/snappy.NewBufferedWriter":   func() { write(snappy.NewBufferedWriter(io.Discard)) },
		"github.com/golang/snappy.NewReader":           func() { read(snappy.NewReader(bytes.NewReader(sn))) },
		"github.com/pierrec/lz4.NewWriter":             func() { write(lz4.NewWriter(io.Discard)) },
	} {
		all[name] = use
	}
}
