// Package unboundedlabel finds metrics that get a new series for each value
// a client cares to send.
//
// # Analyzer unboundedlabel
//
// unboundedlabel: find request-derived metric labels and per-request instruments
//
// Metrics libraries keep one series, with all its buckets, for every
// combination of label values they have seen, and keep it for ever. A label
// whose value comes from a request lets any client add as many as it likes:
//
//	func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
//		requests.WithLabelValues(r.URL.Path).Inc() // metric label r.URL.Path is chosen by the client: ...
//	}
//
// Use a value of a fixed set instead: the route's template, the class of the
// status code, a switch over the known methods whose default is a constant,
// or a lookup in a set that configuration fills.
//
// Reported are label values and instrument names of prometheus,
// OpenTelemetry metrics, VictoriaMetrics, tally, go-metrics, go-kit and
// expvar that derive from a request, and what is added for each request and
// stays: collectors registered, callbacks registered, providers, processors
// and readers made without being shut down, and names of tracers, meters
// and loggers that a client chooses.
//
// Tier advice: the text of an error as a label; statsd and other clients
// that forget values when they flush, where the cost is the backend's;
// OpenTelemetry instruments made per request under a constant name, which
// are found again at some cost; all of it where the only reason to think
// that code runs per request is that a library exports it.
//
// The analyzer is silent about span attributes, which are not kept; about
// status codes and other values of which there are few; about vectors from
// which the package deletes series; about registries made by the function
// itself; and about what only background loops of the program do.
//
// Limits: a value must reach the label from the request through locals,
// calls, callers or what was decoded. What some object holds in a field may
// stem from another request or from configuration, and is not told.
package unboundedlabel
