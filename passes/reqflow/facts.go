package reqflow

import (
	"go/types"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/heapvet/heapvet/passes/internal/buildssa"
)

// flows is the fact about a function whose results do not simply derive
// from all its arguments: Results[i] lists the parameters, receiver first,
// that result i derives from.
type flows struct {
	Results [][]int
}

func (*flows) AFact() {}

func (f *flows) String() string {
	var parts []string
	for _, params := range f.Results {
		var from []string
		for _, p := range params {
			from = append(from, strconv.Itoa(p))
		}
		parts = append(parts, strings.Join(from, "+"))
	}
	return "flows(" + strings.Join(parts, ", ") + ")"
}

// importer returns what facts say about functions of other packages.
func importer(pass *analysis.Pass) func(*types.Func) *flows {
	return func(fn *types.Func) *flows {
		if fn.Pkg() == nil || fn.Pkg() == pass.Pkg {
			return nil
		}
		f := new(flows)
		if !pass.ImportObjectFact(fn, f) {
			return nil
		}
		return f
	}
}

// export writes the facts of the package's functions. Facts come last: to
// summarise a function activates it, which is not needed for the flow.
func (e *engine) export(pass *analysis.Pass) {
	pkg := e.prog.Packages[0]
	var declared []*types.Func
	for _, fn := range pkg.Funcs {
		obj, ok := fn.Object().(*types.Func)
		if !ok || !exportable(obj) {
			continue // not for others to call
		}
		e.activate(fn) // also for Flow.Params: checks tell callers what becomes of their arguments
		if fn.Signature.Results().Len() > 0 {
			declared = append(declared, obj)
		}
	}
	e.run()
	for _, obj := range declared {
		pass.ExportObjectFact(obj, e.summarize(pkg, obj))
	}
}

// exportable reports whether importing packages can call fn.
func exportable(fn *types.Func) bool {
	return fn.Exported() && fn.Signature().TypeParams().Len() == 0
}

func (e *engine) summarize(pkg *buildssa.SSA, obj *types.Func) *flows {
	fn := pkg.Pkg.Prog.FuncValue(obj)
	f := &flows{Results: make([][]int, fn.Signature.Results().Len())}
	for i := range f.Results {
		m := e.results[slot{fn, i}].bits
		for j := range fn.Params {
			if j < maxParams && m&(1<<j) != 0 {
				f.Results[i] = append(f.Results[i], j)
			}
		}
	}
	return f
}
