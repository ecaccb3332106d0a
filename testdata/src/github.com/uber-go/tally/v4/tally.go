// Package tally stands in for the metrics library in tests.
package tally

type Counter interface{ Inc(int64) }

type Scope interface {
	Tagged(tags map[string]string) Scope
	Counter(name string) Counter
}
