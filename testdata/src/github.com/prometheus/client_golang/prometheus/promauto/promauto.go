// Package promauto stands in for the package of the same name in tests.
package promauto

import "github.com/prometheus/client_golang/prometheus"

type Factory struct{ r prometheus.Registerer }

func With(r prometheus.Registerer) Factory { return Factory{r} }

func NewCounterVec(opts prometheus.CounterOpts, names []string) *prometheus.CounterVec {
	return prometheus.NewCounterVec(opts, names)
}

func (Factory) NewCounterVec(opts prometheus.CounterOpts, names []string) *prometheus.CounterVec {
	return prometheus.NewCounterVec(opts, names)
}
