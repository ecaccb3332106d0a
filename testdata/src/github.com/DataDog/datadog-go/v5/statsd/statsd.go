// Package statsd stands in for the client in tests.
package statsd

type Client struct{}

func (*Client) Incr(name string, tags []string, rate float64) error { return nil }
