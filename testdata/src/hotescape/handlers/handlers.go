// Package handlers has findings in real handlers and what silences them.
package handlers

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
)

func serve(w http.ResponseWriter, r *http.Request) {
	io.WriteString(w, line(r.Host, int(r.ContentLength)))
}

func line(host string, n int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s=%d", host, n) // want `buffer "b" moves to the heap only because fmt.Fprintf gets it as an io.Writer: use its own Write methods \(compiler: heap, 32 B; hot: net/http handler serve -> line\)`
	return b.String()
}

// setUp is cold.
func setUp(host string, n int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s=%d", host, n) // not reported: set-up
	return b.String()
}

func fails(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet {
		var b strings.Builder
		fmt.Fprintf(&b, "no %s", r.Method) // not reported: failure path
		http.Error(w, b.String(), http.StatusMethodNotAllowed)
		return
	}
	io.WriteString(w, "ok")
}

// files makes a handler at set-up.
func files(path, root string) http.HandlerFunc {
	dir := root
	dir += "/"
	return func(w http.ResponseWriter, r *http.Request) {
		send(w, root+path)       // want `concatenation root \+ path is the same for every request: build it where the handler is made \(compiler: heap; hot: net/http handler files.func1\)`
		send(w, dir+path)        // not reported: dir is assigned twice
		send(w, root+r.URL.Path) // not reported: the request's path differs
	}
}

//go:noinline
func send(w http.ResponseWriter, s string) { w.Header()["X-File"] = strings.Fields(s) }

func logs(w http.ResponseWriter, r *http.Request) {
	if slog.Default().Enabled(r.Context(), slog.LevelDebug) {
		var b strings.Builder
		fmt.Fprintf(&b, "got %s", r.Host) // not reported: guarded
		slog.Debug(b.String())
	}
	io.WriteString(w, "ok")
}

func main() {
	http.HandleFunc("/files", files("/a", "/b"))
	http.HandleFunc("/logs", logs)
	http.HandleFunc("/", serve)
	http.HandleFunc("/fails", fails)
	fmt.Println(setUp("host", 1))
}
