// Package trace stands in for the package of OpenTelemetry in tests.
package trace

import "go.opentelemetry.io/otel/attribute"

type SpanStartOption interface{ start() }

func WithAttributes(attrs ...attribute.KeyValue) SpanStartOption { return nil }

type Span interface {
	SetAttributes(kv ...attribute.KeyValue)
	SetName(name string)
}

type Tracer interface {
	Start(name string, opts ...SpanStartOption) Span
}

type TracerProvider interface {
	Tracer(name string) Tracer
}
