package known_test

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"crypto/x509"
	"encoding/base64"
	"hash/crc32"
	htmltemplate "html/template"
	"io"
	"math/rand"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"runtime"
	"strings"
	"testing"
	texttemplate "text/template"
	"time"

	"github.com/heapvet/heapvet/passes/internal/known"
)

// text is what is compressed: 1 KiB, so that a compressor's own state and
// not its input decides.
var text = bytes.Repeat([]byte("hello, compressed world, "), 41)

// calls makes one use of each row of the standard library.
func calls() map[string]func() {
	gz := compressed(func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) })
	zl := compressed(func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) })
	fl := compressed(func(w io.Writer) io.WriteCloser { fw, _ := flate.NewWriter(w, 6); return fw })
	all := map[string]func(){
		"compress/gzip.NewWriter":      func() { write(gzip.NewWriter(io.Discard)) },
		"compress/gzip.NewWriterLevel": func() { w, _ := gzip.NewWriterLevel(io.Discard, 6); write(w) },
		"compress/gzip.NewReader":      func() { r, _ := gzip.NewReader(bytes.NewReader(gz)); io.Copy(io.Discard, r) },
		"compress/zlib.NewWriter":      func() { write(zlib.NewWriter(io.Discard)) },
		"compress/zlib.NewWriterLevel": func() { w, _ := zlib.NewWriterLevel(io.Discard, 6); write(w) },
		"compress/zlib.NewReader":      func() { r, _ := zlib.NewReader(bytes.NewReader(zl)); io.Copy(io.Discard, r) },
		"compress/flate.NewWriter":     func() { w, _ := flate.NewWriter(io.Discard, 6); write(w) },
		"compress/flate.NewReader":     func() { io.Copy(io.Discard, flate.NewReader(bytes.NewReader(fl))) },
		"bufio.NewReader":              func() { _, _ = bufio.NewReader(empty{}).ReadByte() },
		"bufio.NewWriter":              func() { _ = bufio.NewWriter(io.Discard).WriteByte(0) },
		"math/rand.NewSource":          func() { sink = rand.NewSource(time.Now().UnixNano()) },
		"crypto/x509.SystemCertPool":   func() { sink, _ = x509.SystemCertPool() },
		"net/http.Transport":           func() { sink = &http.Transport{} },
	}
	for name, call := range once() {
		all[name] = call
	}
	return all
}

// once makes one use of each row of the remedy of that name.
func once() map[string]func() {
	const pattern = `^[a-z]+\d+$`
	return map[string]func(){
		"regexp.MustCompile":           func() { sink = regexp.MustCompile(pattern) },
		"regexp.Compile":               func() { sink, _ = regexp.Compile(pattern) },
		"regexp.MustCompilePOSIX":      func() { sink = regexp.MustCompilePOSIX(`^[a-z]+[0-9]+$`) },
		"regexp.CompilePOSIX":          func() { sink, _ = regexp.CompilePOSIX(`^[a-z]+[0-9]+$`) },
		"regexp.MatchString":           func() { _, _ = regexp.MatchString(pattern, "abc1") },
		"regexp.Match":                 func() { _, _ = regexp.Match(pattern, text) },
		"strings.NewReplacer":          func() { sink = strings.NewReplacer("<", "&lt;", ">", "&gt;").Replace("<a>") },
		"time.LoadLocation":            func() { sink, _ = time.LoadLocation("Europe/Vienna") },
		"net/url.Parse":                func() { sink, _ = url.Parse("https://api.example.com/v1/users?x=1") },
		"net.ParseCIDR":                func() { _, sink, _ = net.ParseCIDR("10.0.0.0/8") },
		"encoding/base64.NewEncoding":  func() { sink = base64.NewEncoding(alphabet) },
		"hash/crc32.MakeTable":         func() { sink = crc32.MakeTable(crc32.Koopman) },
		"text/template.Template.Parse": func() { sink, _ = texttemplate.New("x").Parse("hi {{.}}") },
		"html/template.Template.Parse": func() { sink, _ = htmltemplate.New("x").Parse("hi {{.}}") },
	}
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-."

// An empty reader is at its end.
type empty struct{}

func (empty) Read([]byte) (int, error) { return 0, io.EOF }

// sink keeps results from the stack.
var sink any

func write(w io.WriteCloser) {
	_, _ = w.Write(text)
	_ = w.Close()
}

func compressed(create func(io.Writer) io.WriteCloser) []byte {
	var buf bytes.Buffer
	write(create(&buf))
	return buf.Bytes()
}

// TestMeasured holds the rows of the standard library against this machine.
func TestMeasured(t *testing.T) {
	table, err := known.Load()
	if err != nil {
		t.Fatal(err)
	}
	calls := calls()
	for _, row := range table.Rows() {
		call, ok := calls[row.Name()]
		if !ok {
			if row.Version == "" {
				t.Errorf("%s: not measured", row.Name())
			}
			continue
		}
		delete(calls, row.Name())
		allocs, size := measure(call)
		t.Logf("%s\t%d\t%d", row.Name(), allocs, size)
		if row.System || !strings.HasPrefix(runtime.Version(), "go1.26") {
			continue // depends on the machine, or on the version of Go
		}
		if !near(allocs, row.Allocs, 1) || !near(size, row.Bytes, 64) {
			t.Errorf("%s: %d allocations, %d B; the table says %d, %d B", row.Name(), allocs, size, row.Allocs, row.Bytes)
		}
	}
	for name := range calls {
		t.Errorf("%s: measured, but not in the table", name)
	}
}

// measure returns the allocations and bytes of one call.
func measure(call func()) (allocs, size int64) {
	const runs = 20
	call() // fill caches
	var before, after runtime.MemStats
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1)) // as testing.AllocsPerRun does
	runtime.ReadMemStats(&before)
	for range runs {
		call()
	}
	runtime.ReadMemStats(&after)
	return int64(after.Mallocs-before.Mallocs) / runs, int64(after.TotalAlloc-before.TotalAlloc) / runs
}

// near reports whether got is within a tenth, or slack, of want.
func near(got, want, slack int64) bool {
	diff := max(got-want, want-got)
	return diff <= max(want/10, slack)
}
