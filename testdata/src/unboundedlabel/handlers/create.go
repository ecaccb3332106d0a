package handlers

import (
	"context"
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/trace"
)

// Traced is a handler with instruments.
type Traced struct {
	meter    metric.Meter
	count    metric.Int64Counter
	provider trace.TracerProvider
	tracer   trace.Tracer
	registry *prometheus.Registry
}

func (t *Traced) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	user := r.Header.Get("User")
	span := t.tracer.Start("serve", trace.WithAttributes(attribute.String("user", user))) // not reported: spans end
	span.SetAttributes(attribute.String("path", r.URL.Path))
	t.count.Add(r.Context(), 1, metric.WithAttributes(attribute.String("user", user))) // want `metric label attribute.String\("user", user\) is chosen by the client: an attribute set stays`
	t.count.Add(r.Context(), 1, metric.WithAttributes(attribute.Bool("tls", r.TLS != nil)))
	attrs := []attribute.KeyValue{attribute.String("path", r.URL.Path)}
	t.count.Add(r.Context(), 1, metric.WithAttributes(attrs...))                                  // want `metric label r.URL.Path is chosen by the client`
	t.count.Add(r.Context(), 1, metric.WithAttributeSet(attribute.NewSet(attribute.Int("n", 1)))) // a constant
	t.provider.Tracer(r.Host)                                                                     // want `metric label r.Host is chosen by the client: a tracer stays`
	t.provider.Tracer("app")
}

func (t *Traced) instruments(w http.ResponseWriter, r *http.Request) {
	c, _ := t.meter.Int64Counter("requests") // want `metric.Int64Counter on every request takes a lock and builds a key only to find the instrument of the last time; do it once at start-up \[advice\]`
	c.Add(r.Context(), 1)
	vec := prometheus.NewCounterVec(prometheus.CounterOpts{Name: "x"}, nil)
	prometheus.MustRegister(vec)                                           // want `prometheus.MustRegister on every request adds a collector that stays until it is unregistered; do it once at start-up`
	promauto.NewCounterVec(prometheus.CounterOpts{}, nil)                  // want `promauto.NewCounterVec on every request registers a collector that stays`
	promauto.With(t.registry).NewCounterVec(prometheus.CounterOpts{}, nil) // want `promauto.NewCounterVec .* \[advice\]`
}

// probe makes a registry for each request, as exporters do.
func probe(w http.ResponseWriter, r *http.Request) {
	reg := prometheus.NewRegistry()
	reg.MustRegister(prometheus.NewCounter(prometheus.CounterOpts{})) // not reported: goes away with reg
	promauto.With(reg).NewCounterVec(prometheus.CounterOpts{}, nil)
	collect(reg)
}

func collect(reg *prometheus.Registry) {
	reg.MustRegister(prometheus.NewCounter(prometheus.CounterOpts{})) // not reported: the caller's registry
}

func (t *Traced) watch(w http.ResponseWriter, r *http.Request) {
	t.meter.RegisterCallback(func(context.Context) error { return nil }) // want `metric.RegisterCallback on every request adds a callback that stays until it is unregistered`
}

// Trace registers the handlers.
func Trace(t *Traced) {
	vec := prometheus.NewCounterVec(prometheus.CounterOpts{Name: "y"}, nil)
	prometheus.MustRegister(vec) // not reported: runs once
	http.Handle("/traced", t)
	http.HandleFunc("/instruments", t.instruments)
	http.HandleFunc("/probe", probe)
	http.HandleFunc("/watch", t.watch)
}
