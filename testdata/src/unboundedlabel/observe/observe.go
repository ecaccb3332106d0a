// Package observe wraps a metric for other packages.
package observe

import "github.com/prometheus/client_golang/prometheus"

var requests = prometheus.NewCounterVec(prometheus.CounterOpts{}, []string{"route", "kind"})

// Request counts a request of route.
func Request(kind int, route string) { // want Request:`labels\[1\]`
	requests.WithLabelValues(route, kinds[kind]).Inc()
}

var kinds = [...]string{"read", "write"}

// Main keeps the package from being a library, whose exported functions
// would be taken to run per request.
//
//heapvet:hot
func Main() {}
