// Package handlers reads the bodies of requests.
package handlers

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
)

type item struct {
	Name  string `json:"name"`
	Count int    `json:"count"`
}

func readAll(w http.ResponseWriter, r *http.Request) {
	data, _ := io.ReadAll(r.Body) // want `io.ReadAll reads the request's Body without a limit: whatever is sent is kept in memory; wrap it in http.MaxBytesReader or io.LimitReader`
	w.Write(data)
}

func readLimited(w http.ResponseWriter, r *http.Request) {
	data, _ := io.ReadAll(io.LimitReader(r.Body, 1<<20)) // not reported: at most 1 MiB
	w.Write(data)
}

func readMaxBytes(w http.ResponseWriter, r *http.Request) {
	data, _ := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20)) // not reported
	w.Write(data)
}

func readReplaced(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 1<<20)
	data, _ := io.ReadAll(r.Body) // not reported: limited above
	w.Write(data)
}

func readThenReplaced(w http.ResponseWriter, r *http.Request) {
	data, _ := io.ReadAll(r.Body) // want `io.ReadAll reads the request's Body without a limit`
	r.Body = http.MaxBytesReader(w, r.Body, 1<<20)
	w.Write(data)
}

func readDeclared(w http.ResponseWriter, r *http.Request) {
	if r.ContentLength > 1<<20 {
		http.Error(w, "too large", http.StatusRequestEntityTooLarge)
		return
	}
	data, _ := io.ReadAll(r.Body) // not reported: the length was looked at
	w.Write(data)
}

func readDeclaredAny(w http.ResponseWriter, r *http.Request) {
	if r.ContentLength <= 0 {
		return
	}
	data, _ := io.ReadAll(r.Body) // want `io.ReadAll reads the request's Body`
	w.Write(data)
}

func decode(w http.ResponseWriter, r *http.Request) {
	var it item
	if err := json.NewDecoder(r.Body).Decode(&it); err != nil { // want `json.NewDecoder reads the request's Body without a limit`
		http.Error(w, err.Error(), http.StatusBadRequest)
	}
}

func buffered(w http.ResponseWriter, r *http.Request) {
	var buf bytes.Buffer
	buf.ReadFrom(r.Body)  // want `bytes.Buffer..ReadFrom reads the request's Body without a limit`
	io.Copy(&buf, r.Body) // want `io.Copy reads the request's Body without a limit`
	io.CopyN(&buf, r.Body, 1<<20)
	io.Copy(io.Discard, r.Body) // not reported: nothing is kept
}

func toFile(w http.ResponseWriter, r *http.Request, f *os.File) {
	io.Copy(f, r.Body)
	data, _ := io.ReadAll(f) // not reported: a file
	w.Write(data)
}

func counted(w http.ResponseWriter, r *http.Request) {
	var all []byte
	buf := make([]byte, 4096)
	for len(all) < 1<<20 {
		n, err := r.Body.Read(buf) // not reported: counted by hand
		all = append(all, buf[:n]...)
		if err != nil {
			break
		}
	}
	w.Write(all)
}

// Through wrappers, helpers and their callers.
func wrapped(w http.ResponseWriter, r *http.Request) {
	body := io.NopCloser(io.TeeReader(r.Body, io.Discard))
	data, _ := io.ReadAll(body) // want `io.ReadAll reads the request's Body`
	w.Write(data)
}

func helped(w http.ResponseWriter, r *http.Request) { w.Write(slurp(r.Body)) }
func helpedLimited(w http.ResponseWriter, r *http.Request) {
	w.Write(slurpAgain(io.LimitReader(r.Body, 10)))
}

func slurp(r io.Reader) []byte {
	data, _ := io.ReadAll(r) // want `io.ReadAll reads the request's Body .*\(helped -> slurp\)`
	return data
}

func slurpAgain(r io.Reader) []byte {
	data, _ := io.ReadAll(r) // not reported: its only caller limits
	return data
}

func limit(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, 1<<20)
	return nil
}

func viaHelper(w http.ResponseWriter, r *http.Request) {
	if limit(w, r) != nil {
		return
	}
	data, _ := io.ReadAll(r.Body) // not reported: limit limits
	w.Write(data)
}

func withContext(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 1<<20)
	r = r.WithContext(context.Background())
	readInner(r)
}

func readInner(r *http.Request) {
	io.ReadAll(r.Body) // not reported: its only caller limits
}

// countingReader ends after n bytes.
type countingReader struct {
	r io.Reader
	n int
}

func (c *countingReader) Read(p []byte) (int, error) {
	if c.n <= 0 {
		return 0, io.EOF
	}
	n, err := c.r.Read(p)
	c.n -= n
	return n, err
}

type plainReader struct{ r io.Reader }

func (c *plainReader) Read(p []byte) (int, error) { return c.r.Read(p) }

func ownReaders(w http.ResponseWriter, r *http.Request) {
	io.ReadAll(&countingReader{r: r.Body, n: 10}) // not reported: it counts
	io.ReadAll(&plainReader{r.Body})              // want `io.ReadAll reads the request's Body`
}

func form(w http.ResponseWriter, r *http.Request) {
	r.ParseMultipartForm(1 << 20) // want `ParseMultipartForm reads the request's Body without a limit.* \[advice\]`
}

func proxied(w http.ResponseWriter, r *http.Request) {
	resp, err := http.Get("http://upstream/")
	if err != nil {
		return
	}
	defer resp.Body.Close()
	data, _ := io.ReadAll(resp.Body) // want `io.ReadAll reads the response's Body without a limit.* \[advice\]`
	w.Write(data)
}

func stated(w http.ResponseWriter, r *http.Request) {
	//heapvet:bounded the proxy in front limits bodies to 1 MiB
	data, _ := io.ReadAll(r.Body)
	w.Write(data)
}

// statedAbove reads what the proxy lets through.
//
//heapvet:bounded the proxy in front limits bodies to 1 MiB
func statedAbove(w http.ResponseWriter, r *http.Request) {
	data, _ := io.ReadAll(r.Body)
	w.Write(data)
}

func fails(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		data, _ := io.ReadAll(r.Body) // want `io.ReadAll reads the request's Body`
		w.Write(data)
	}
}

// A client's own request.
type transport struct{ base http.RoundTripper }

func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	io.ReadAll(r.Body) // not reported: the program's own request
	return t.base.RoundTrip(r)
}

// A limit that somebody chose to switch off.
func switched(w http.ResponseWriter, r *http.Request) {
	var buf bytes.Buffer
	if max > 0 {
		io.CopyN(&buf, r.Body, max)
	} else {
		io.Copy(&buf, r.Body) // want `io.Copy reads the request's Body .* \[advice\]`
	}
	w.Write(buf.Bytes())
}

var max int64 = 1 << 20

func drains(w http.ResponseWriter, r *http.Request) {
	resp, err := http.Get("http://upstream/")
	if err != nil {
		return
	}
	defer resp.Body.Close()
	io.ReadAll(resp.Body) // not reported: read to its end so that the connection can be used again
}

// The way to a failure is open to a client as well.
func parse(r *http.Request) error {
	if r.Method != http.MethodPost {
		data, _ := io.ReadAll(r.Body) // want `io.ReadAll reads the request's Body`
		return errors.New(string(data))
	}
	resp, err := http.Get("http://upstream/")
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		data, _ := io.ReadAll(resp.Body) // not reported: the text of an error
		return errors.New(string(data))
	}
	return nil
}

func parses(w http.ResponseWriter, r *http.Request) {
	if err := parse(r); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
	}
}
