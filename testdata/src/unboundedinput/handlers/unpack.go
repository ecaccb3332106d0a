package handlers

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"strings"
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

var key cipher.AEAD

// As the program sealed it before.
func unpackSealed(w http.ResponseWriter, r *http.Request) {
	text := r.Header.Get("X-State")
	sealed, _ := base64.StdEncoding.DecodeString(text)
	data, err := key.Open(nil, sealed[:12], sealed[12:], nil)
	if err != nil {
		return
	}
	w.Write(unzip(data))
	w.Write(unzipOpen(sealed))
}

func unzip(packed []byte) []byte {
	data, _ := io.ReadAll(flate.NewReader(bytes.NewReader(packed))) // want `io.ReadAll unpacks deflate data of r.Header.Get\("X-State"\) without a limit.*\[advice\]`
	return data
}

func unzipOpen(packed []byte) []byte {
	data, _ := io.ReadAll(flate.NewReader(bytes.NewReader(packed))) // want `io.ReadAll unpacks deflate data of r.Header.Get\("X-State"\) without a limit: a small input may become gigabytes; limit the unpacked data with io.LimitReader \(\S+ -> unzipOpen\)$`
	return data
}

// Signed by the program.
func unpackSigned(w http.ResponseWriter, r *http.Request) {
	state := r.Header.Get("X-State")
	packed, _ := io.ReadAll(flate.NewReader(strings.NewReader(state))) // want `io.ReadAll unpacks deflate data of .* with io.LimitReader$`
	if !signed(state, r.Header.Get("X-Signature")) {
		return
	}
	data, _ := io.ReadAll(flate.NewReader(strings.NewReader(state))) // want `io.ReadAll unpacks deflate data of .*\[advice\]`
	w.Write(append(packed, data...))
}

func signed(text, mac string) bool {
	h := hmac.New(sha256.New, []byte("key"))
	io.WriteString(h, text)
	return hmac.Equal(h.Sum(nil), []byte(mac))
}

// What the program keeps.
type blocks struct{ last []byte }

func newBlocks() http.Handler { return new(blocks) }

func (b *blocks) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b.last, _ = io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
	data, _ := io.ReadAll(flate.NewReader(bytes.NewReader(b.last))) // want `io.ReadAll unpacks deflate data of .*\[advice\]`
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
