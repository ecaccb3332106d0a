// Package metrics counts requests.
package metrics

import (
	"bytes"
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"example.com/app/mended/web"
)

// labels tell series apart. There are as many as routes and statuses.
type labels struct {
	pattern string
	status  int
}

type series struct {
	count int
	total time.Duration
}

// A Registry holds the counters of one server.
type Registry struct {
	mu     sync.Mutex
	series map[labels]series
}

// NewRegistry returns an empty registry.
func NewRegistry() *Registry { return &Registry{series: make(map[labels]series)} }

// Measure is a middleware that counts requests and adds up their time.
func (m *Registry) Measure(next web.Handler) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		start := time.Now()
		rec := &web.Recorder{ResponseWriter: w, Status: http.StatusOK}
		err := next(rec, r)
		m.observe(labels{r.Pattern, rec.Status}, time.Since(start))
		return err
	}
}

func (m *Registry) observe(l labels, took time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s := m.series[l]
	s.count++
	s.total += took
	m.series[l] = s
}

// Serve writes all series, sorted by their labels.
func (m *Registry) Serve(w http.ResponseWriter, r *http.Request) error {
	m.mu.Lock()
	snapshot := maps.Clone(m.series)
	m.mu.Unlock()
	sorted := make([]labels, 0, len(snapshot))
	for l := range snapshot {
		sorted = append(sorted, l)
	}
	slices.SortFunc(sorted, func(a, b labels) int {
		return cmp.Or(cmp.Compare(a.pattern, b.pattern), cmp.Compare(a.status, b.status))
	})
	var out bytes.Buffer
	for _, l := range sorted {
		s := snapshot[l]
		line(&out, "requests", l, strconv.Itoa(s.count))
		line(&out, "seconds", l, strconv.FormatFloat(s.total.Seconds(), 'g', -1, 64))
	}
	_, err := w.Write(out.Bytes())
	return err
}

func line(out *bytes.Buffer, name string, l labels, value string) {
	out.WriteString(name)
	out.WriteString("{pattern=")
	out.WriteString(l.pattern)
	out.WriteString(",status=")
	out.Write(strconv.AppendInt(out.AvailableBuffer(), int64(l.status), 10))
	out.WriteString("} ")
	out.WriteString(value)
	out.WriteByte('\n')
}
