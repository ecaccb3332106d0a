package server

import (
	"io"
	"net/http"
)

func init() {
	http.HandleFunc("/made", func(w http.ResponseWriter, r *http.Request) {
		findOrNothing(r.URL.Path)
		findAnyway(r.URL.Path)
		findUnasked(r.URL.Path)
		if s, err := hijack(w); err == nil {
			s.Close()
		}
		hijackLog(w)
	})
}

// OpenIf tells whether it made one.
func OpenIf(name string) (*Queue, bool) {
	if name == "" {
		return nil, false
	}
	return &Queue{}, true
}

// OpenNew always makes one, and tells whether it was there.
func OpenNew(name string) (*Queue, bool) {
	if name == "" {
		return &Queue{}, false
	}
	return &Queue{}, true
}

func findOrNothing(name string) {
	q, ok := OpenIf(name) // not reported: without ok there is none
	if !ok {
		return
	}
	q.Close()
}

func findAnyway(name string) {
	q, ok := OpenNew(name) // want `q is not closed when !ok \(line \d+ returns first\): it stays open; defer q.Close\(\).*\[advice\]`
	if !ok {
		return
	}
	q.Close()
}

func findUnasked(name string) {
	q, _ := OpenIf(name) // want `q is not closed when len\(q.items\) > 0 \(line \d+ returns first\): it stays open.*\[advice\]`
	if len(q.items) > 0 {
		return
	}
	q.Close()
}

// stream has the connection under another name.
type stream struct {
	rwc io.ReadWriteCloser
	log io.Writer
}

func (s *stream) Close() error { return s.rwc.Close() }

type streamConfig struct {
	rwc  io.ReadWriteCloser
	name string
}

func newStream(cfg streamConfig) *stream { return &stream{rwc: cfg.rwc} }

func newLog(cfg streamConfig) *stream { return &stream{log: cfg.rwc} }

func hijack(w http.ResponseWriter) (*stream, error) {
	conn, _, err := w.(http.Hijacker).Hijack() // not reported: the stream closes it
	if err != nil {
		return nil, err
	}
	return newStream(streamConfig{rwc: conn, name: "stream"}), nil
}

func hijackLog(w http.ResponseWriter) (int, error) {
	conn, _, err := w.(http.Hijacker).Hijack() // want `conn is never closed`
	if err != nil {
		return 0, err
	}
	return nameOf(streamConfig{rwc: conn, name: "log"}), nil
}

func nameOf(cfg streamConfig) int { return len(cfg.name) }
