// Package helper helps handlers of other packages.
package helper

import (
	"errors"
	"io"
	"net/http"
)

func Slurp(r io.Reader) []byte { // want Slurp:`reads\[0\]`
	data, _ := io.ReadAll(r)
	return data
}

func SlurpBody(r *http.Request) []byte { // want SlurpBody:`reads\[0\]`
	data, _ := io.ReadAll(r.Body) // want `io.ReadAll reads the request's Body .*\[advice\]`
	return data
}

func SlurpSome(r io.Reader) []byte { // not reported: limited
	data, _ := io.ReadAll(io.LimitReader(r, 100))
	return data
}

func Limit(w http.ResponseWriter, r *http.Request, n int64) error { // want Limit:`limits\[1\]`
	if n < 0 {
		return errors.New("negative")
	}
	r.Body = http.MaxBytesReader(w, r.Body, n)
	return nil
}

func Limited(r io.Reader) io.Reader { // want Limited:`bounds\[0\]`
	return io.LimitReader(r, 100)
}

func Check(n int) error { // want Check:`validates\[0\]`
	if n > 100 {
		return errors.New("too many")
	}
	return nil
}
