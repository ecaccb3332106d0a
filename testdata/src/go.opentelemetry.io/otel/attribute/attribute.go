// Package attribute stands in for the package of OpenTelemetry in tests.
package attribute

// KeyValue is a struct in the real package, which is never analysed.
type KeyValue string

func String(k, v string) KeyValue    { return KeyValue(k + v) }
func Int(k string, v int) KeyValue   { return KeyValue(k) }
func Bool(k string, v bool) KeyValue { return KeyValue(k) }

type Set []KeyValue

func NewSet(kvs ...KeyValue) Set { return Set(kvs) }
