// Package pools makes writers and readers that may be kept.
package pools

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"io"
	"math/rand"
	"strings"
	"sync"
	"time"

	"github.com/klauspost/compress/zstd"
)

//heapvet:hot
func compress(w io.Writer, p []byte) error {
	zw := gzip.NewWriter(w) // want `gzip.NewWriter on every call: keep writers in a sync.Pool and Reset them \(measured: 17 allocations, 813856 B; hot: //heapvet:hot compress\)`
	zw.Write(p)
	zs, err := zstd.NewWriter(w) // want `zstd.NewWriter on every call: keep writers in a sync.Pool and Reset them \(measured: 34 allocations, 1778288 B`
	if err != nil {
		return err
	}
	zs.Write(p)
	zs.Close()
	return zw.Close()
}

var writers = sync.Pool{New: func() any { return gzip.NewWriter(nil) }} // not reported: for a pool

//heapvet:hot
func pooled(w io.Writer, p []byte) error {
	zw := writers.Get().(*gzip.Writer)
	defer writers.Put(zw)
	zw.Reset(w)
	zw.Write(p)
	return zw.Close()
}

var deflaters = sync.Pool{New: newDeflater}

func newDeflater() any {
	zw, _ := flate.NewWriter(nil, 6) // not reported: for a pool
	return zw
}

//heapvet:hot
func deflate(w io.Writer, p []byte) error {
	zw := deflaters.Get().(*flate.Writer)
	defer deflaters.Put(zw)
	zw.Reset(w)
	zw.Write(p)
	return zw.Close()
}

var spares sync.Pool

//heapvet:hot
func first(w io.Writer) *gzip.Writer {
	if zw, ok := spares.Get().(*gzip.Writer); ok {
		zw.Reset(w)
		return zw
	}
	return gzip.NewWriter(w) // not reported: the pool was empty
}

type list chan *gzip.Writer

//heapvet:hot
func (l list) get(w io.Writer) *gzip.Writer {
	select {
	case zw := <-l:
		zw.Reset(w)
		return zw
	default:
		return gzip.NewWriter(w) // not reported: there was no spare one
	}
}

//heapvet:hot
func each(w io.Writer, parts [][]byte) {
	var zw *gzip.Writer
	for _, p := range parts {
		if zw == nil {
			zw = gzip.NewWriter(w) // not reported: the first time only
		} else {
			zw.Reset(w)
		}
		zw.Write(p)
		zw.Close()
	}
}

//heapvet:hot
func read(r io.Reader, p []byte) (int, error) {
	br := bufio.NewReader(r)                      // want `bufio.NewReader on every call: keep readers in a sync.Pool and Reset them \(measured: 1 allocation, 4096 B; hot`
	zr, err := gzip.NewReader(bytes.NewReader(p)) // want `gzip.NewReader on every call: keep readers in a sync.Pool`
	if err != nil {
		return 0, err
	}
	zr.Read(p)
	return br.Read(p)
}

type source struct {
	buf  *bufio.Reader
	zr   *gzip.Reader
	name string
}

//heapvet:hot
func (s *source) open(r io.Reader) (err error) {
	if s.zr == nil {
		s.buf = bufio.NewReader(r)        // not reported: reset below
		s.zr, err = gzip.NewReader(s.buf) // not reported: as above
		return err
	}
	s.buf.Reset(r)
	return s.zr.Reset(s.buf)
}

type response struct {
	body io.Reader
	zw   *zlib.Writer
}

//heapvet:hot
func (p *response) start(w io.Writer, r io.Reader) {
	p.zw = zlib.NewWriter(w)    // want `zlib.NewWriter on every call: keep writers in a sync.Pool`
	p.body = bufio.NewReader(r) // want `bufio.NewReader on every call: .* \[advice\]`
}

//heapvet:hot
func empty() *gzip.Writer {
	zw, _ := gzip.NewWriterLevel(nil, 4) // not reported: will be reset
	return zw
}

//heapvet:hot
func numbers(seed int64, words []string) int {
	r := rand.New(rand.NewSource(time.Now().UnixNano())) // want `rand.NewSource on every call: use the package's functions, which are seeded \(measured: 1 allocation, 5376 B`
	same := rand.New(rand.NewSource(seed))               // not reported: the numbers are to be the same for a seed
	return r.Intn(10) + same.Intn(10) + len(strings.Join(words, ""))
}

const size = 64 << 10

//heapvet:hot
func sized(r io.Reader, n int) (int, error) {
	br := bufio.NewReaderSize(r, size) // want `^bufio.NewReaderSize on every call: keep readers in a sync.Pool and Reset them \(measured: 1 allocation, 65536 B; hot: //heapvet:hot sized\)$`
	return br.Discard(n)
}

//heapvet:hot
func least(r io.Reader) *bufio.Reader { return bufio.NewReaderSize(r, 16) } // not reported: next to nothing

//heapvet:hot
func waits(done chan bool, d time.Duration) bool {
	t := time.NewTimer(d) // want `^time.NewTimer on every call: keep timers in a sync.Pool and Reset them \(measured: \d allocations, \d+ B; hot: //heapvet:hot waits\) \[advice\]$`
	defer t.Stop()
	select {
	case <-done:
		return true
	case <-t.C:
		return false
	}
}

//heapvet:hot
func waitsOften(done chan bool, d time.Duration) {
	for {
		t := time.NewTimer(d) // not reported: hotcall tells
		select {
		case <-done:
			return
		case <-t.C:
		}
	}
}

var timers sync.Pool

//heapvet:hot
func timer(d time.Duration) *time.Timer {
	if t, ok := timers.Get().(*time.Timer); ok {
		t.Reset(d)
		return t
	}
	return time.NewTimer(d) // not reported: the pool was empty
}

type socket struct {
	compressor *flate.Writer
	plain      *flate.Writer
}

//heapvet:hot
func (s *socket) write(w io.Writer, p []byte) {
	cp := s.compressor
	if cp == nil {
		s.compressor, _ = flate.NewWriter(w, 6) // not reported: the field had none yet
		cp = s.compressor
	} else {
		cp.Reset(w)
	}
	cp.Write(p)
	if p != nil {
		s.plain, _ = flate.NewWriter(w, 6) // want `flate.NewWriter on every call: keep writers in a sync.Pool`
	}
}

type peeked struct{ br *bufio.Reader }

func newPeeked(br *bufio.Reader) *peeked { return &peeked{br} }

func discard(br *bufio.Reader) (int, error) { return br.Discard(1) }

type ahead struct{ text []byte }

func newAhead(br *bufio.Reader) *ahead {
	text, _ := br.Peek(8)
	return &ahead{text[1:]}
}

//heapvet:hot
func lookAhead(r io.Reader) *ahead {
	br := bufio.NewReader(r) // want `bufio.NewReader on every call: .* \[advice\]`
	return newAhead(br)
}

//heapvet:hot
func peek(r io.Reader) (*peeked, error) {
	once := bufio.NewReader(r) // want `bufio.NewReader on every call: keep readers in a sync.Pool and Reset them \(measured: 1 allocation, 4096 B; hot: //heapvet:hot peek\)$`
	if _, err := discard(once); err != nil {
		return nil, err
	}
	br := bufio.NewReader(r) // want `bufio.NewReader on every call: .* \[advice\]`
	return newPeeked(br), nil
}
