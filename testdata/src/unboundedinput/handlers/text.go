package handlers

import (
	"net/http"
	"strings"
)

func bearer(w http.ResponseWriter, r *http.Request) {
	token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	parts := strings.Split(token, ".") // want `strings.Split makes as many parts .* limit of 4$`
	if len(parts) != 3 {
		http.Error(w, "malformed token", http.StatusUnauthorized)
		return
	}
	w.Write([]byte(parts[0]))
}

// What a request selects from a configuration is not what it sends.
type accounts struct{ hashes map[string]string }

func (a *accounts) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	hash := a.hashes[r.Header.Get("User")]
	parts := strings.Split(hash, "$")
	if len(parts) != 3 {
		return
	}
	w.Write([]byte(parts[0]))
}
