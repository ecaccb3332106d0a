// Package prometheus stands in for the metrics library in tests.
package prometheus

type Labels map[string]string

type CounterOpts struct{ Name string }

type Counter interface{ Inc() }

type Observer interface{ Observe(float64) }

type Collector interface{ Describe() }

type Registerer interface {
	Register(Collector) error
	MustRegister(...Collector)
	Unregister(Collector) bool
}

type Registry struct{}

func NewRegistry() *Registry                   { return &Registry{} }
func (*Registry) Register(Collector) error     { return nil }
func (*Registry) MustRegister(cs ...Collector) {}
func (*Registry) Unregister(c Collector) bool  { return true }
func Register(c Collector) error               { return nil }
func MustRegister(cs ...Collector)             {}
func Unregister(c Collector) bool              { return true }

type MetricVec struct{}

func (*MetricVec) Describe()                            {}
func (*MetricVec) DeleteLabelValues(lvs ...string) bool { return true }
func (*MetricVec) Delete(labels Labels) bool            { return true }
func (*MetricVec) Reset()                               {}

type CounterVec struct{ *MetricVec }

func NewCounterVec(opts CounterOpts, names []string) *CounterVec { return &CounterVec{} }

func (*CounterVec) WithLabelValues(lvs ...string) Counter                   { return nil }
func (*CounterVec) GetMetricWithLabelValues(lvs ...string) (Counter, error) { return nil, nil }
func (*CounterVec) With(labels Labels) Counter                              { return nil }
func (*CounterVec) CurryWith(labels Labels) (*CounterVec, error)            { return nil, nil }

func NewCounter(opts CounterOpts) *CounterVec { return &CounterVec{} }
