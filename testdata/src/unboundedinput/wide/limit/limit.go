// want package:"limits bodies"

// Package limit wraps the handlers of a server.
package limit

import "net/http"

// Handler limits the bodies of all requests to next.
func Handler(next http.Handler, n int64) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r2 := *r
		r2.Body = http.MaxBytesReader(w, r.Body, n)
		next.ServeHTTP(w, &r2)
	})
}
