// Package metrics stands in for go-metrics in tests.
package metrics

type Meter interface{ Mark(int64) }

type Registry interface{ Unregister(string) }

func GetOrRegisterMeter(name string, r Registry) Meter { return nil }
