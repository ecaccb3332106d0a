// Package metric stands in for the package of OpenTelemetry in tests.
package metric

import (
	"context"

	"go.opentelemetry.io/otel/attribute"
)

type AddOption interface{ add() }

type MeasurementOption interface{ AddOption }

func WithAttributes(attrs ...attribute.KeyValue) MeasurementOption { return nil }
func WithAttributeSet(set attribute.Set) MeasurementOption         { return nil }

type Int64Counter interface {
	Add(ctx context.Context, incr int64, options ...AddOption)
}

type Int64CounterOption interface{ counter() }

type Callback func(context.Context) error

type Registration interface{ Unregister() error }

type Meter interface {
	Int64Counter(name string, options ...Int64CounterOption) (Int64Counter, error)
	RegisterCallback(f Callback) (Registration, error)
}

type MeterProvider interface {
	Meter(name string) Meter
}
