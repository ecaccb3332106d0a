// want package:"limits bodies"

// Package web serves behind a wrapper that limits bodies.
package web

import (
	"compress/gzip"
	"io"
	"net/http"

	"unboundedinput/wide/limit"
)

// Serve serves.
func Serve() error {
	return http.ListenAndServe(":8080", limit.Handler(http.HandlerFunc(read), 1<<20))
}

func read(w http.ResponseWriter, r *http.Request) {
	buf := make([]byte, r.ContentLength) // not reported: the wrapper's business
	w.Write(buf)
	data, _ := io.ReadAll(r.Body) // not reported: limited by the wrapper
	w.Write(data)
	zr, err := gzip.NewReader(r.Body)
	if err != nil {
		return
	}
	data, _ = io.ReadAll(zr) // want `io.ReadAll unpacks gzip data of the request's Body`
	w.Write(data)
}
