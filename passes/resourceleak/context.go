package resourceleak

import (
	"go/version"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/internal/callsite"
	"github.com/heapvet/heapvet/passes/internal/typeid"
)

// beforeGo123 reports whether a program of module mod has the timers of Go
// before 1.23, which must be stopped: the main module's version decides, so
// that nothing is known about a library.
func beforeGo123(mod *analysis.Module) bool {
	return mod != nil && mod.Version == "" && mod.GoVersion != "" && version.Compare("go"+mod.GoVersion, "go1.23") < 0
}

// A parentage is where the parent of a context comes from.
type parentage uint8

const (
	handed  parentage = iota // from a caller: nobody knows
	forever                  // context.Background or TODO
	ending                   // of a request, which ends it
	kept                     // from a field or package variable
)

// parent tells where the parent of the context comes from that w, a
// cancel function, cancels.
func (w *walk) parent() parentage {
	switch parent := w.site.Call.Args[0].(type) {
	case *ssa.Call:
		switch fn := callsite.Func(&parent.Call); {
		case typeid.IsFunc(fn, "context", "Background", "TODO"):
			return forever
		case fn != nil && fn.Name() == "Context":
			return ending // r.Context(), stream.Context()
		}
	case *ssa.UnOp:
		switch parent.X.(type) {
		case *ssa.FieldAddr, *ssa.Global:
			return kept
		}
	}
	return handed
}

// deadline reports whether the context ends by itself one day.
func (w *walk) deadline() bool {
	fn := callsite.Func(&w.site.Call)
	return !typeid.IsFunc(fn, "context", "WithCancel", "WithCancelCause")
}

// longLived reports whether a lost cancel function keeps its context alive:
// not one that has neither a parent to hold it nor a timer.
func longLived(w *walk) bool {
	switch w.parent() {
	case ending:
		return false
	case forever:
		return w.deadline()
	}
	return true
}

// fromField reports whether the parent surely lives long.
func (w *walk) fromField() bool { return w.parent() == kept || w.parent() == forever }
