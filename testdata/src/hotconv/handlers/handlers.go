// Package handlers has findings in real handlers.
package handlers

import (
	"fmt"
	"log/slog"
	"net/http"
)

type server struct{ realm string }

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet {
		w.WriteHeader(http.StatusMethodNotAllowed)
		w.Write([]byte(r.Method)) // not reported: failure path
		return
	}
	if slog.Default().Enabled(r.Context(), slog.LevelDebug) {
		slog.Debug(fmt.Sprintf("%s@%s", s.realm, r.Host)) // not reported: guarded
	}
	w.Header().Set("X-Realm", fmt.Sprintf("%s@%s", s.realm, r.Host)) // want `fmt.Sprintf of plain strings boxes its arguments: concatenate them \(compiler: heap, 32 B; hot: net/http handler`
	w.Write([]byte(r.URL.Path))                                      // want `\[\]byte\(r.URL.Path\) copies the string for http.ResponseWriter.Write: use io.WriteString`
}
