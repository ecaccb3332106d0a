package unboundedlabel

import (
	"go/types"

	"github.com/heapvet/heapvet/passes/internal/modpath"
)

// A form says how a call is handed its label values.
type form uint8

const (
	variadic form = iota // one argument each, from the given index on
	slice                // a slice
	labelMap             // a map of label names to values
	name                 // a single argument, the name under which an instrument is kept
)

// A sink is a function that keeps something for each label value it gets.
type sink struct {
	form   form
	arg    int    // index of the argument, or of the first
	kept   string // what stays in memory for each value
	advice string // why it is no more than advice; "" if the process itself grows for ever
}

// Reasons why a sink is no more than advice.
const (
	backend = "the cost is in the backend: the client forgets values when it flushes"
	expires = "in-process sinks forget values after some intervals"
)

const prometheus = "github.com/prometheus/client_golang/prometheus"

// sinks lists functions and methods by package, without major versions, and
// name. The types whose methods these are do not matter: in each of the
// packages a name means the same wherever it occurs.
var sinks = map[string]sink{
	prometheus + ".WithLabelValues":          {form: variadic, kept: "a series"},
	prometheus + ".GetMetricWithLabelValues": {form: variadic, kept: "a series"},
	prometheus + ".With":                     {form: labelMap, kept: "a series"},
	prometheus + ".GetMetricWith":            {form: labelMap, kept: "a series"},
	prometheus + ".CurryWith":                {form: labelMap, kept: "a series"},
	prometheus + ".MustCurryWith":            {form: labelMap, kept: "a series"},

	"go.opentelemetry.io/otel/metric.WithAttributes":   {form: variadic, kept: "an attribute set"},
	"go.opentelemetry.io/otel/metric.WithAttributeSet": {form: slice, kept: "an attribute set"},

	"github.com/VictoriaMetrics/metrics.GetOrCreateCounter":      {form: name, kept: "a counter"},
	"github.com/VictoriaMetrics/metrics.GetOrCreateFloatCounter": {form: name, kept: "a counter"},
	"github.com/VictoriaMetrics/metrics.GetOrCreateGauge":        {form: name, kept: "a gauge"},
	"github.com/VictoriaMetrics/metrics.GetOrCreateHistogram":    {form: name, kept: "a histogram"},
	"github.com/VictoriaMetrics/metrics.GetOrCreateSummary":      {form: name, kept: "a summary"},

	"github.com/uber-go/tally.Tagged":    {form: labelMap, kept: "a scope"},
	"github.com/uber-go/tally.SubScope":  {form: name, kept: "a scope"},
	"github.com/uber-go/tally.Counter":   {form: name, kept: "a counter"},
	"github.com/uber-go/tally.Gauge":     {form: name, kept: "a gauge"},
	"github.com/uber-go/tally.Timer":     {form: name, kept: "a timer"},
	"github.com/uber-go/tally.Histogram": {form: name, kept: "a histogram"},

	"github.com/rcrowley/go-metrics.Register":                {form: name, kept: "a metric"},
	"github.com/rcrowley/go-metrics.MustRegister":            {form: name, kept: "a metric"},
	"github.com/rcrowley/go-metrics.GetOrRegister":           {form: name, kept: "a metric"},
	"github.com/rcrowley/go-metrics.GetOrRegisterCounter":    {form: name, kept: "a counter"},
	"github.com/rcrowley/go-metrics.GetOrRegisterGauge":      {form: name, kept: "a gauge"},
	"github.com/rcrowley/go-metrics.GetOrRegisterHistogram":  {form: name, kept: "a histogram"},
	"github.com/rcrowley/go-metrics.GetOrRegisterMeter":      {form: name, kept: "a meter"},
	"github.com/rcrowley/go-metrics.GetOrRegisterTimer":      {form: name, kept: "a timer"},
	"github.com/rcrowley/go-metrics.NewRegisteredCounter":    {form: name, kept: "a counter"},
	"github.com/rcrowley/go-metrics.NewRegisteredGauge":      {form: name, kept: "a gauge"},
	"github.com/rcrowley/go-metrics.NewRegisteredHistogram":  {form: name, kept: "a histogram"},
	"github.com/rcrowley/go-metrics.NewRegisteredMeter":      {form: name, kept: "a meter"},
	"github.com/rcrowley/go-metrics.NewRegisteredTimer":      {form: name, kept: "a timer"},
	"github.com/go-kit/kit/metrics.With":                     {form: variadic, kept: "a series"},
	"github.com/armon/go-metrics.IncrCounterWithLabels":      {form: slice, arg: 2, kept: "a series", advice: expires},
	"github.com/armon/go-metrics.SetGaugeWithLabels":         {form: slice, arg: 2, kept: "a series", advice: expires},
	"github.com/armon/go-metrics.AddSampleWithLabels":        {form: slice, arg: 2, kept: "a series", advice: expires},
	"github.com/armon/go-metrics.MeasureSinceWithLabels":     {form: slice, arg: 2, kept: "a series", advice: expires},
	"github.com/hashicorp/go-metrics.IncrCounterWithLabels":  {form: slice, arg: 2, kept: "a series", advice: expires},
	"github.com/hashicorp/go-metrics.SetGaugeWithLabels":     {form: slice, arg: 2, kept: "a series", advice: expires},
	"github.com/hashicorp/go-metrics.AddSampleWithLabels":    {form: slice, arg: 2, kept: "a series", advice: expires},
	"github.com/hashicorp/go-metrics.MeasureSinceWithLabels": {form: slice, arg: 2, kept: "a series", advice: expires},

	"github.com/DataDog/datadog-go/statsd.Count":        {form: slice, arg: 2, kept: "a context", advice: backend},
	"github.com/DataDog/datadog-go/statsd.Gauge":        {form: slice, arg: 2, kept: "a context", advice: backend},
	"github.com/DataDog/datadog-go/statsd.Histogram":    {form: slice, arg: 2, kept: "a context", advice: backend},
	"github.com/DataDog/datadog-go/statsd.Distribution": {form: slice, arg: 2, kept: "a context", advice: backend},
	"github.com/DataDog/datadog-go/statsd.Timing":       {form: slice, arg: 2, kept: "a context", advice: backend},
	"github.com/DataDog/datadog-go/statsd.Set":          {form: slice, arg: 2, kept: "a context", advice: backend},
	"github.com/DataDog/datadog-go/statsd.Incr":         {form: slice, arg: 1, kept: "a context", advice: backend},
	"github.com/DataDog/datadog-go/statsd.Decr":         {form: slice, arg: 1, kept: "a context", advice: backend},

	"go.opencensus.io/tag.Insert": {form: name, arg: 1, kept: "a row of each view", advice: "only views that use the tag grow"},
	"go.opencensus.io/tag.Upsert": {form: name, arg: 1, kept: "a row of each view", advice: "only views that use the tag grow"},

	"expvar.Add":      {form: name, kept: "a variable"},
	"expvar.AddFloat": {form: name, kept: "a variable"},

	// The tracers and meters of a provider are kept by name.
	"go.opentelemetry.io/otel.Tracer":       {form: name, kept: "a tracer"},
	"go.opentelemetry.io/otel.Meter":        {form: name, kept: "a meter"},
	"go.opentelemetry.io/otel/trace.Tracer": {form: name, kept: "a tracer"},
	"go.opentelemetry.io/otel/metric.Meter": {form: name, kept: "a meter"},

	// Loggers that their package keeps by name.
	"github.com/ipfs/go-log.Logger":          {form: name, kept: "a logger"},
	"github.com/op/go-logging.MustGetLogger": {form: name, kept: "a logger"},
	"github.com/op/go-logging.GetLogger":     {form: name, kept: "a logger"},
}

// key returns the key of fn in the tables.
func key(fn *types.Func) string {
	if fn == nil || fn.Pkg() == nil {
		return ""
	}
	return modpath.Versionless(fn.Pkg().Path()) + "." + fn.Name()
}
