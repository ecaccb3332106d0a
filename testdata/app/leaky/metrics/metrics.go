// Package metrics counts requests.
package metrics

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"

	"example.com/app/leaky/web"
)

type series struct {
	count int
	total time.Duration
}

// A Registry holds the counters of one server.
type Registry struct {
	mu     sync.Mutex
	series map[string]*series
}

// NewRegistry returns an empty registry.
func NewRegistry() *Registry { return &Registry{series: make(map[string]*series)} }

// Measure is a middleware that counts requests and adds up their time.
func (m *Registry) Measure(next web.Handler) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		start := time.Now()
		rec := &web.Recorder{ResponseWriter: w, Status: http.StatusOK}
		err := next(rec, r)
		m.observe(r, rec.Status, time.Since(start))
		return err
	}
}

func (m *Registry) observe(r *http.Request, status int, took time.Duration) {
	labels := fmt.Sprintf("method=%s,path=%s,agent=%s,status=%d", r.Method, r.URL.Path, r.UserAgent(), status)
	m.mu.Lock()
	defer m.mu.Unlock()
	s, ok := m.series[labels]
	if !ok {
		s = new(series)
		m.series[labels] = s
	}
	s.count++
	s.total += took
}

// Serve writes all series, sorted by their labels.
func (m *Registry) Serve(w http.ResponseWriter, r *http.Request) error {
	var out bytes.Buffer
	m.mu.Lock()
	for _, labels := range slices.Sorted(maps.Keys(m.series)) {
		s := m.series[labels]
		fmt.Fprintf(&out, "requests{%s} %d\n", labels, s.count)
		fmt.Fprintf(&out, "seconds{%s} %g\n", labels, s.total.Seconds())
	}
	m.mu.Unlock()
	_, err := w.Write([]byte(out.String()))
	return err
}
