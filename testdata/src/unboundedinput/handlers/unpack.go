package handlers

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"sync"
)

func unpack(w http.ResponseWriter, r *http.Request) {
	zr, err := gzip.NewReader(http.MaxBytesReader(w, r.Body, 1<<20))
	if err != nil {
		return
	}
	data, _ := io.ReadAll(zr) // want `io.ReadAll unpacks gzip data of the request's Body without a limit: a small input may become gigabytes; limit the unpacked data with io.LimitReader`
	w.Write(data)
}

func unpackLimited(w http.ResponseWriter, r *http.Request) {
	zr, err := gzip.NewReader(r.Body)
	if err != nil {
		return
	}
	data, _ := io.ReadAll(io.LimitReader(zr, 1<<20)) // not reported: limited where it comes out
	w.Write(data)
}

func unpackDecode(w http.ResponseWriter, r *http.Request) {
	var body io.Reader = r.Body
	switch r.Header.Get("Content-Encoding") {
	case "gzip":
		zr, err := gzip.NewReader(r.Body)
		if err != nil {
			return
		}
		body = zr
	case "deflate":
		body = flate.NewReader(r.Body)
	}
	var it item
	json.NewDecoder(body).Decode(&it) // want `json.NewDecoder unpacks (gzip|deflate) data of the request's Body`
}

func unpackBytes(w http.ResponseWriter, r *http.Request) {
	packed, _ := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	zr, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return
	}
	data, _ := io.ReadAll(zr) // want `io.ReadAll unpacks gzip data`
	w.Write(data)
}

var readers = sync.Pool{New: func() any { return new(gzip.Reader) }}

func unpackPooled(w http.ResponseWriter, r *http.Request) {
	zr := readers.Get().(*gzip.Reader)
	defer readers.Put(zr)
	if zr.Reset(r.Body) != nil {
		return
	}
	data, _ := io.ReadAll(zr) // want `io.ReadAll unpacks gzip data of the request's Body`
	w.Write(data)
}

func replaces(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		zr, err := gzip.NewReader(r.Body)
		if err != nil {
			return
		}
		r.Body = zr // want `the request's Body is replaced by a reader that unpacks gzip without a limit: a small input may become gigabytes; wrap it in http.MaxBytesReader`
		next.ServeHTTP(w, r)
	})
}

// Decoders chosen by name.
type unpacker struct {
	decoders map[string]func(io.ReadCloser) (io.ReadCloser, error)
	next     http.Handler
}

func newUnpacker(next http.Handler) http.Handler {
	return &unpacker{next: next, decoders: map[string]func(io.ReadCloser) (io.ReadCloser, error){
		"gzip": func(body io.ReadCloser) (io.ReadCloser, error) { return gzip.NewReader(body) },
		"":     func(body io.ReadCloser) (io.ReadCloser, error) { return body, nil },
	}}
}

func (u *unpacker) reader(r *http.Request) (io.ReadCloser, error) {
	return u.decoders[r.Header.Get("Content-Encoding")](r.Body)
}

func (u *unpacker) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := u.reader(r)
	if err != nil {
		return
	}
	r.Body = body // want `the request's Body is replaced by a reader that unpacks gzip`
	u.next.ServeHTTP(w, r)
}
