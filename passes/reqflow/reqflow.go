package reqflow

import (
	"go/ast"
	"reflect"
	"sync"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/answers"
	"github.com/heapvet/heapvet/passes/hotcode"
	"github.com/heapvet/heapvet/passes/internal/buildssa"
	"github.com/heapvet/heapvet/passes/internal/program"
)

// New returns the analyzer, which requires ssa and heat, the analyzers that
// buildssa.New and hotcode.New made. With a module, the flow over all its
// packages is computed at first use and shared; without, what is known of
// them, which may be nil, stands for the other packages.
func New(ssa, heat *analysis.Analyzer, module *hotcode.Module, known *answers.Module) *analysis.Analyzer {
	a := &analysis.Analyzer{
		Name:       "reqflow",
		Doc:        "follow request data through the program (no diagnostics)",
		ResultType: reflect.TypeFor[*Result](),
		Requires:   []*analysis.Analyzer{ssa, heat},
		FactTypes:  []analysis.Fact{new(flows)},
	}
	var once sync.Once
	var shared *engine
	a.Run = func(pass *analysis.Pass) (any, error) {
		pkg := pass.ResultOf[ssa].(*buildssa.SSA)
		if pkg == nil {
			return &Result{}, nil // not a package that is analysed
		}
		heat := pass.ResultOf[heat].(*hotcode.Result)
		if module != nil && module.Program() != nil && module.Program().Of(pass.Pkg) != nil {
			once.Do(func() {
				shared = analyze(program.OfModule(module), nil, nil)
			})
			return &Result{engine: shared, pass: pass, pkg: pkg}, nil
		}
		e := analyze(program.OfPackage(pkg, heat), importer(pass), known.Package(pass.Pkg.Path()))
		e.export(pass)
		return &Result{engine: e, pass: pass, pkg: pkg}, nil
	}
	return a
}

// An Origin says where a value comes from.
type Origin uint8

const (
	// Unknown: nothing shows where the value comes from. It is not thereby
	// harmless: data that passes through what the analysis does not follow
	// ends here too.
	Unknown Origin = iota
	// Constant: written in the program, or looked up in a table that set-up
	// code fills.
	Constant
	// Request: derived from a request, a message or a row.
	Request
	// Upstream: derived from the answer to a call that the program makes,
	// such as the body of an *http.Response.
	Upstream
)

// String returns the origin in plain words, for messages and tests.
func (o Origin) String() string {
	return [...]string{"unknown", "constant", "request", "upstream"}[o]
}

// A Flow is what is known about the origin of one value.
type Flow struct {
	Origin  Origin
	Bounded bool   // takes few values, whatever a client sends: by its type, or checked against an allow-list
	Assumed bool   // Request only if the exported API of a library is called per request
	Source  string // where Request or Upstream data enters, "r.URL.Path"; "" if not known
	Params  []int  // parameters of the enclosing function (receiver first) that the value derives from
}

// Tainted reports whether a client chooses the value freely: it derives
// from a request and nothing bounds it.
func (f Flow) Tainted() bool { return f.Origin == Request && !f.Bounded }

// A Result is the flow of one package's values. Results of packages that
// are not analysed know nothing: each value is Unknown.
type Result struct {
	engine *engine
	pass   *analysis.Pass
	pkg    *buildssa.SSA
}

// Program returns the functions that the flow was followed through: all of
// the module, or of the package; nil for packages that are not analysed.
func (r *Result) Program() *program.Program {
	if r.engine == nil {
		return nil
	}
	return r.engine.prog
}

// Value returns what v derives from, wherever it is used.
func (r *Result) Value(v ssa.Value) Flow {
	if r.engine == nil {
		return Flow{}
	}
	r.engine.mu.Lock()
	defer r.engine.mu.Unlock()
	return r.engine.flow(v)
}

// ValueAt returns what v derives from where instr uses it: a comparison
// with constants or a lookup in an allow-list that every way to instr
// passes bounds the value there.
func (r *Result) ValueAt(v ssa.Value, instr ssa.Instruction) Flow {
	f := r.Value(v)
	if r.engine == nil {
		return f
	}
	r.engine.mu.Lock()
	defer r.engine.mu.Unlock()
	f.Bounded = f.Bounded || r.engine.guarded(v, instr.Block())
	return f
}

// Expr returns what the value of e derives from. It knows calls,
// selectors, parameters, constants and local variables (all values that
// are assigned to them); of other expressions it joins the operands.
func (r *Result) Expr(e ast.Expr) Flow {
	if r.engine == nil {
		return Flow{}
	}
	x := &exprs{Result: r, seen: make(map[ast.Node]bool)}
	return x.flow(e)
}
