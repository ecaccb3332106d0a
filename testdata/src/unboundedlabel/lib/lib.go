// Package lib has no handler: it is a library.
package lib

import "github.com/prometheus/client_golang/prometheus"

// Client counts what its users do.
type Client struct{ calls *prometheus.CounterVec }

// Call calls method.
func (c *Client) Call(method string) { // want Call:`labels\[1\]`
	c.calls.WithLabelValues(method).Inc() // want `metric label method is chosen by the client.* \[advice\]`
}

// calls is not exported, and nothing calls it.
func (c *Client) unused(method string) {
	c.calls.WithLabelValues(method).Inc()
}
