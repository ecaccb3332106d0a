// Package handlers puts request data into metric labels, with the near
// misses beside the hits.
package handlers

import (
	"encoding/json"
	"expvar"
	"net/http"
	"strconv"
	"strings"

	"github.com/DataDog/datadog-go/v5/statsd"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/rcrowley/go-metrics"
	"github.com/uber-go/tally/v4"
	"google.golang.org/grpc/metadata"
)

var (
	requests = prometheus.NewCounterVec(prometheus.CounterOpts{}, []string{"path", "code"})
	sessions = prometheus.NewCounterVec(prometheus.CounterOpts{}, []string{"id"})
	hits     = expvar.NewMap("hits")
)

// Server is a handler.
type Server struct {
	vec    *prometheus.CounterVec
	scope  tally.Scope
	reg    metrics.Registry
	statsd *statsd.Client
	hosts  map[string]bool // filled by NewServer
	last   string
}

// NewServer returns a Server that knows hosts.
func NewServer(hosts []string) *Server {
	s := &Server{hosts: make(map[string]bool)}
	for _, h := range hosts {
		s.hosts[h] = true
	}
	return s
}

func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	requests.WithLabelValues(r.URL.Path, "200").Inc()        // want `metric label r.URL.Path is chosen by the client: a series stays in memory for every new value; use the route's template, a class or an allow-list`
	requests.WithLabelValues(r.Method, r.UserAgent())        // want `metric label r.Method, r.UserAgent\(\) is chosen by the client`
	requests.WithLabelValues("/", strconv.Itoa(200))         // a constant
	requests.WithLabelValues(r.Pattern, "200")               // not reported: the route's template
	s.vec.With(prometheus.Labels{"host": r.Host})            // want `metric label r.Host is chosen by the client`
	s.vec.With(map[string]string{"host": "all"})             // a constant
	s.vec.With(labelsOf(r))                                  // want `metric label labelsOf\(r\) is chosen by the client`
	s.scope.Tagged(map[string]string{"peer": r.RemoteAddr})  // want `metric label r.RemoteAddr is chosen by the client: a scope stays`
	s.scope.Counter("hits." + r.URL.Path).Inc(1)             // want `metric label "hits." \+ r.URL.Path is chosen by the client: a counter stays`
	s.scope.Counter("hits").Inc(1)                           // a constant
	metrics.GetOrRegisterMeter("m."+r.Host, s.reg)           // want `metric label "m." \+ r.Host is chosen by the client: a meter stays`
	hits.Add(r.URL.Query().Get("user"), 1)                   // want `metric label r.URL.Query\(\).Get\("user"\) is chosen by the client: a variable stays`
	s.statsd.Incr("hits", []string{"path:" + r.URL.Path}, 1) // want `is chosen by the client: a context stays in memory for every new value; the cost is in the backend: the client forgets values when it flushes \[advice\]`
}

func (s *Server) allowed(host string) bool {
	_, ok := s.hosts[strings.ToLower(host)]
	return ok || s.last == ""
}

func (s *Server) statusCode(r *http.Request) int {
	code, _ := strconv.Atoi(r.URL.Query().Get("code"))
	return code
}

func labelsOf(r *http.Request) prometheus.Labels {
	return prometheus.Labels{"path": r.URL.Path}
}

// method keeps the known methods: its default is a constant.
func method(r *http.Request) string {
	switch r.Method {
	case http.MethodGet, http.MethodPost:
		return r.Method
	}
	return "other"
}

// rawMethod looks like method, but its default is the input.
func rawMethod(r *http.Request) string {
	switch r.Method {
	case http.MethodGet:
		return "get"
	}
	return r.Method
}

func (s *Server) sanitised(w http.ResponseWriter, r *http.Request) {
	requests.WithLabelValues(method(r), "200")    // not reported: an allow-list
	requests.WithLabelValues(rawMethod(r), "200") // want `metric label rawMethod\(r\) is chosen by the client`
	path := r.URL.Path
	switch path {
	case "/ping", "/api":
	default:
		path = "other"
	}
	requests.WithLabelValues(path, "200") // not reported: an allow-list
	labels := prometheus.Labels{}
	if s.hosts[r.Host] {
		labels["host"] = strings.ToLower(r.Host) // not reported: looked up in what set-up filled
	} else {
		labels["host"] = "other"
	}
	s.vec.With(labels)
	if s.allowed(r.Host) {
		requests.WithLabelValues(strings.ToLower(r.Host), "200") // not reported: looked up, by a helper
	}
	defer func() { s.last = r.Host }()      // r is shared with a closure
	requests.WithLabelValues(s.last, "200") // not reported: who stored it is not known
	s.last = r.URL.Path
	w.WriteHeader(len(r.Host))
	requests.WithLabelValues(strconv.Itoa(s.statusCode(r)), "/") // not reported: codes are few
	open := prometheus.Labels{}
	open["host"] = strings.ToLower(r.Host) // want `metric label strings.ToLower\(r.Host\) is chosen by the client`
	s.vec.With(open)
	sessions.WithLabelValues(r.URL.Path) // not reported: series are deleted, below
}

func (s *Server) logout(w http.ResponseWriter, r *http.Request) {
	sessions.DeleteLabelValues(r.URL.Path)
}

func (s *Server) failing(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		requests.WithLabelValues("/", err.Error()) // want `metric label err.Error\(\) .* \[advice\]`
		return
	}
}

func decoded(w http.ResponseWriter, r *http.Request) {
	var order struct{ Item string }
	if json.NewDecoder(r.Body).Decode(&order) == nil {
		requests.WithLabelValues(order.Item, "200") // want `metric label order.Item is chosen by the client`
	}
}

// pump moves events of the program to a metric.
func pump(events chan string) {
	for e := range events {
		requests.WithLabelValues(e, "200") // not reported: no client chooses it
	}
}

func rpc(w http.ResponseWriter, r *http.Request) {
	version := "unknown"
	if md, ok := metadata.FromIncomingContext(r.Context()); ok && len(md["version"]) > 0 {
		version = md["version"][0]
	}
	requests.WithLabelValues(version, "200") // want `metric label version is chosen by the client`
}

func setup(path string) {
	requests.WithLabelValues(path, "200") // not reported: runs once
}

// Routes registers the handlers.
func Routes(s *Server) {
	setup("/start")
	http.Handle("/", s)
	http.HandleFunc("/sanitised", s.sanitised)
	http.HandleFunc("/logout", s.logout)
	go pump(make(chan string))
	http.HandleFunc("/decoded", decoded)
	http.HandleFunc("/rpc", rpc)
	http.HandleFunc("/failing", s.failing)
	http.HandleFunc("/late", func(w http.ResponseWriter, r *http.Request) {
		labels := prometheus.Labels{"path": r.URL.Path} // want `metric label r.URL.Path is chosen by the client`
		defer func() { requests.With(labels).Inc() }()
	})
}
