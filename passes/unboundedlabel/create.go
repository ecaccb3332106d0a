package unboundedlabel

import (
	"fmt"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/hotcode"
	"github.com/heapvet/heapvet/passes/internal/callsite"
	"github.com/heapvet/heapvet/passes/internal/modpath"
	"github.com/heapvet/heapvet/passes/internal/report"
)

// A creation is a function that makes or registers something that stays
// until it is taken away again.
type creation struct {
	fact    string // what a call does, following the function's name
	instead string // what to do
	release string // the method that takes it away: of the result, or of the registry for registrations
	local   bool   // adds to a registry, and goes away with it
	advice  bool
}

const (
	once       = "do it once at start-up"
	goroutines = "starts goroutines that run until it is shut down"
	lookup     = "takes a lock and builds a key only to find the instrument of the last time"
)

var creations = map[string]creation{
	prometheus + ".Register":                           {"adds a collector that stays until it is unregistered", once, "Unregister", true, false},
	prometheus + ".MustRegister":                       {"adds a collector that stays until it is unregistered", once, "Unregister", true, false},
	"go.opentelemetry.io/otel/metric.RegisterCallback": {"adds a callback that stays until it is unregistered", once, "Unregister", false, false},

	"go.opentelemetry.io/otel/sdk/trace.NewTracerProvider":      {goroutines, once, "Shutdown", false, false},
	"go.opentelemetry.io/otel/sdk/trace.NewBatchSpanProcessor":  {goroutines, once, "Shutdown", false, false},
	"go.opentelemetry.io/otel/sdk/metric.NewMeterProvider":      {goroutines, once, "Shutdown", false, false},
	"go.opentelemetry.io/otel/sdk/metric.NewPeriodicReader":     {goroutines, once, "Shutdown", false, false},
	"go.opentelemetry.io/otel/sdk/log.NewBatchProcessor":        {goroutines, once, "Shutdown", false, false},
	"github.com/DataDog/datadog-go/statsd.New":                  {goroutines, once, "Close", false, false},
	"go.opentelemetry.io/otel/metric.Int64Counter":              {lookup, once, "", false, true},
	"go.opentelemetry.io/otel/metric.Float64Counter":            {lookup, once, "", false, true},
	"go.opentelemetry.io/otel/metric.Int64UpDownCounter":        {lookup, once, "", false, true},
	"go.opentelemetry.io/otel/metric.Float64UpDownCounter":      {lookup, once, "", false, true},
	"go.opentelemetry.io/otel/metric.Int64Histogram":            {lookup, once, "", false, true},
	"go.opentelemetry.io/otel/metric.Float64Histogram":          {lookup, once, "", false, true},
	"go.opentelemetry.io/otel/metric.Int64Gauge":                {lookup, once, "", false, true},
	"go.opentelemetry.io/otel/metric.Float64Gauge":              {lookup, once, "", false, true},
	"go.opentelemetry.io/otel/metric.Int64ObservableGauge":      {"adds a callback each time", once, "", false, false},
	"go.opentelemetry.io/otel/metric.Float64ObservableGauge":    {"adds a callback each time", once, "", false, false},
	"go.opentelemetry.io/otel/metric.Int64ObservableCounter":    {"adds a callback each time", once, "", false, false},
	"go.opentelemetry.io/otel/metric.Float64ObservableCounter":  {"adds a callback each time", once, "", false, false},
	"go.uber.org/zap.NewProduction":                             {"opens the log's sinks and builds an encoder and a sampler", once, "", false, true},
	"go.uber.org/zap.NewDevelopment":                            {"opens the log's sinks and builds an encoder", once, "", false, true},
	"github.com/prometheus/client_golang/prometheus/promauto.*": {"registers a collector that stays", once, "Unregister", true, false},
}

// promauto is the package whose constructors register what they make.
const promauto = prometheus + "/promauto"

// creation judges call, if it makes something that stays.
func (c *checker) creation(call ssa.CallInstruction) {
	fn := callsite.Func(call.Common())
	k := key(fn)
	if fn.Pkg() != nil && modpath.Versionless(fn.Pkg().Path()) == promauto && fn.Name() != "With" {
		k = promauto + ".*"
	}
	cr, ok := creations[k]
	heat := c.heatOf(call.Parent())
	if !ok || heat.Grade < hotcode.Warm || cr.advice && heat.Grade < hotcode.Hot || fn.Signature().Params().Len() == 0 {
		return
	}
	life := sure
	if cr.local {
		life = c.registry(call)
	}
	if life == fleeting || cr.release != "" && c.released(fn, cr.release) {
		return // goes away with its registry, or is taken away again
	}
	expr := callsite.Expr(call)
	if expr == nil {
		return // not in the source
	}
	c.reporter.Add(report.Finding{
		Pos: expr.Pos(), End: expr.Lparen,
		Advice:  cr.advice || life < sure || heat.Assumed || heat.Grade < hotcode.Hot,
		Message: fmt.Sprintf("%s.%s on every request %s; %s%s", fn.Pkg().Name(), fn.Name(), cr.fact, cr.instead, via(heat)),
	})
}

// A lifetime says how sure it is that a registry outlives a request.
type lifetime uint8

const (
	fleeting lifetime = iota // made by the function, or handed to it: it may be of one probe
	likely                   // held by some object
	sure                     // held by a package variable, or captured from set-up code
)

// registry returns the lifetime of the registry that call adds to.
func (c *checker) registry(call ssa.CallInstruction) lifetime {
	common := call.Common()
	if common.IsInvoke() {
		return c.lifetime(common.Value, make(map[ssa.Value]bool))
	}
	if common.Signature().Recv() == nil || len(common.Args) == 0 {
		return sure // the package's own
	}
	return c.lifetime(common.Args[0], make(map[ssa.Value]bool))
}

// lifetime follows the registry v back to where it comes from.
func (c *checker) lifetime(v ssa.Value, seen map[ssa.Value]bool) lifetime {
	if seen[v] {
		return fleeting
	}
	seen[v] = true
	life := fleeting
	switch v := v.(type) {
	case *ssa.Global:
		return sure
	case *ssa.FieldAddr, *ssa.Field:
		return likely
	case *ssa.Alloc:
		for _, ref := range *v.Referrers() {
			if store, ok := ref.(*ssa.Store); ok && store.Addr == v {
				life = max(life, c.lifetime(store.Val, seen))
			}
		}
	case *ssa.Call:
		// NewRegistry() makes one; With(registry) and wrappers hand on theirs.
		for _, arg := range v.Call.Args {
			if types.IsInterface(arg.Type()) {
				life = max(life, c.lifetime(arg, seen))
			}
		}
	case *ssa.Phi:
		for _, e := range v.Edges {
			life = max(life, c.lifetime(e, seen))
		}
	case *ssa.MakeInterface:
		return c.lifetime(v.X, seen)
	case *ssa.ChangeInterface:
		return c.lifetime(v.X, seen)
	case *ssa.UnOp:
		return c.lifetime(v.X, seen)
	case *ssa.FreeVar:
		if c.heatOf(v.Parent().Parent()).Grade < hotcode.Warm {
			return sure
		}
		if b := callsite.Binding(v); b != nil {
			return c.lifetime(b, seen)
		}
	}
	return life
}

// released reports whether the package calls the function or method of
// that name that takes away what calls of fn add: whoever takes away some of
// it knows that it must.
func (c *checker) released(fn *types.Func, method string) bool {
	release := strings.TrimSuffix(modpath.Versionless(fn.Pkg().Path()), "/promauto") + "." + method
	for _, f := range c.ssa.Funcs {
		for _, block := range f.Blocks {
			for _, instr := range block.Instrs {
				call, ok := instr.(ssa.CallInstruction)
				if ok && key(callsite.Func(call.Common())) == release {
					return true
				}
			}
		}
	}
	return false
}
