package known_test

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/lzw"
	"compress/zlib"
	"context"
	"crypto/x509"
	"database/sql"
	"database/sql/driver"
	"encoding/base32"
	"encoding/base64"
	"flag"
	"hash/crc32"
	"hash/crc64"
	htmltemplate "html/template"
	"io"
	"math/rand"
	"mime"
	"net"
	"net/http"
	"net/mail"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	texttemplate "text/template"
	"time"

	"github.com/heapvet/heapvet/passes/internal/known"
)

// text is what is compressed: 1 KiB, so that a compressor's own state and
// not its input decides.
var text = bytes.Repeat([]byte("hello, compressed world, "), 41)

// calls makes one use of each row of the standard library.
func calls(t *testing.T) map[string]func() {
	gz := compressed(func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) })
	zl := compressed(func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) })
	fl := compressed(func(w io.Writer) io.WriteCloser { fw, _ := flate.NewWriter(w, 6); return fw })
	lz := compressed(func(w io.Writer) io.WriteCloser { return lzw.NewWriter(w, lzw.LSB, 8) })
	all := map[string]func(){
		"compress/gzip.NewWriter":      func() { write(gzip.NewWriter(io.Discard)) },
		"compress/gzip.NewWriterLevel": func() { w, _ := gzip.NewWriterLevel(io.Discard, 6); write(w) },
		"compress/gzip.NewReader":      func() { r, _ := gzip.NewReader(bytes.NewReader(gz)); io.Copy(io.Discard, r) },
		"compress/zlib.NewWriter":      func() { write(zlib.NewWriter(io.Discard)) },
		"compress/zlib.NewWriterLevel": func() { w, _ := zlib.NewWriterLevel(io.Discard, 6); write(w) },
		"compress/zlib.NewReader":      func() { r, _ := zlib.NewReader(bytes.NewReader(zl)); io.Copy(io.Discard, r) },
		"compress/flate.NewWriter":     func() { w, _ := flate.NewWriter(io.Discard, 6); write(w) },
		"compress/flate.NewReader":     func() { io.Copy(io.Discard, flate.NewReader(bytes.NewReader(fl))) },
		"compress/lzw.NewWriter":       func() { write(lzw.NewWriter(io.Discard, lzw.LSB, 8)) },
		"compress/lzw.NewReader":       func() { io.Copy(io.Discard, lzw.NewReader(bytes.NewReader(lz), lzw.LSB, 8)) },
		"bufio.NewReaderSize":          func() { _, _ = bufio.NewReaderSize(empty{}, 4096).ReadByte() },
		"bufio.NewWriterSize":          func() { _ = bufio.NewWriterSize(io.Discard, 4096).WriteByte(0) },
		"bufio.NewReader":              func() { _, _ = bufio.NewReader(empty{}).ReadByte() },
		"bufio.NewWriter":              func() { _ = bufio.NewWriter(io.Discard).WriteByte(0) },
		"time.NewTimer":                func() { sink = time.NewTimer(time.Hour) },
		"math/rand.NewSource":          func() { sink = rand.NewSource(time.Now().UnixNano()) },
		"crypto/x509.SystemCertPool":   func() { sink, _ = x509.SystemCertPool() },
		"net/http.Transport":           func() { sink = &http.Transport{} },
	}
	for name, call := range once() {
		all[name] = call
	}
	for name, call := range templates(t) {
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
		"regexp.MatchReader":           func() { _, _ = regexp.MatchReader(pattern, strings.NewReader("abc1")) },
		"encoding/base32.NewEncoding":  func() { sink = base32.NewEncoding(alphabet[:32]) },
		"hash/crc64.MakeTable":         func() { sink = crc64.MakeTable(7) },
		"mime.ParseMediaType":          func() { _, sink, _ = mime.ParseMediaType("text/html; charset=utf-8") },
		"net/mail.ParseAddress":        func() { sink, _ = mail.ParseAddress("Gopher <gopher@example.com>") },
		"runtime/debug.ReadBuildInfo":  func() { sink, _ = debug.ReadBuildInfo() },
		"database/sql.Open":            func() { db, _ := sql.Open("none", ""); sink = db; db.Close() },
		"database/sql.OpenDB":          func() { db := sql.OpenDB(connector{}); sink = db; db.Close() },
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

// templates makes one use of each row about templates in files, and what
// else templates take.
func templates(t *testing.T) map[string]func() {
	name := filepath.Join(t.TempDir(), "page.tmpl")
	if err := os.WriteFile(name, []byte("hi {{.}}"), 0o666); err != nil {
		t.Fatal(err)
	}
	files := fstest.MapFS{"page.tmpl": {Data: []byte("hi {{.}}")}}
	plain := texttemplate.Must(texttemplate.New("x").Parse("hi {{.}}"))
	page := htmltemplate.Must(htmltemplate.New("x").Parse("hi {{.}}"))
	return map[string]func(){
		"text/template.ParseFS":        func() { sink, _ = texttemplate.ParseFS(files, "*.tmpl") },
		"html/template.ParseFS":        func() { sink, _ = htmltemplate.ParseFS(files, "*.tmpl") },
		"text/template.ParseFiles":     func() { sink, _ = texttemplate.ParseFiles(name) },
		"html/template.ParseFiles":     func() { sink, _ = htmltemplate.ParseFiles(name) },
		"text/template.ParseGlob":      func() { sink, _ = texttemplate.ParseGlob(name) },
		"html/template.ParseGlob":      func() { sink, _ = htmltemplate.ParseGlob(name) },
		"text/template.Template.Clone": func() { sink, _ = plain.Clone() },
		"html/template.Template.Clone": func() { sink, _ = page.Clone() },
		"text/template.FuncMap": func() {
			sink = texttemplate.FuncMap{"upper": strings.ToUpper, "lower": strings.ToLower, "trim": strings.TrimSpace}
		},
	}
}

// A connector of a database that there is not.
type connector struct{}

func (connector) Connect(context.Context) (driver.Conn, error) { return nil, driver.ErrBadConn }
func (connector) Driver() driver.Driver                        { return connector{} }
func (connector) Open(string) (driver.Conn, error)             { return nil, driver.ErrBadConn }

func init() { sql.Register("none", connector{}) }

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

var update = flag.Bool("update", false, "write what is measured into calls.tsv")

// TestMeasured holds the rows of the standard library against this machine.
func TestMeasured(t *testing.T) {
	table, err := known.Load()
	if err != nil {
		t.Fatal(err)
	}
	calls := calls(t)
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
		if *update && !row.System {
			rewrite(t, row, allocs, size)
			continue
		}
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

// rewrite puts what was measured into the row's line of calls.tsv.
func rewrite(t *testing.T, row *known.Row, allocs, size int64) {
	t.Helper()
	const file = "calls.tsv"
	source, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for line := range strings.Lines(string(source)) {
		cols := strings.Split(line, "\t")
		if len(cols) > 5 && cols[0] == row.Package && cols[1] == row.Symbol {
			cols[4], cols[5] = strconv.FormatInt(allocs, 10), strconv.FormatInt(size, 10)
		}
		out.WriteString(strings.Join(cols, "\t"))
	}
	if err := os.WriteFile(file, []byte(out.String()), 0o666); err != nil {
		t.Fatal(err)
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
