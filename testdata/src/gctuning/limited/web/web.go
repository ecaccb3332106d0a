package web // want package:"serves"

import "net/http"

// Serve serves.
func Serve() { http.ListenAndServe(":8080", nil) }
