// Package hotcode decides which code runs once per request, message or row.
//
// Heat begins at roots: functions that a server library calls, known by the
// types and declarations listed in roots.tsv, loops that receive messages,
// and functions marked //heapvet:hot. From there it flows down calls, except
// into set-up code, into code that runs once, and on failure.
package hotcode

import (
	"go/ast"
	"reflect"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/answers"
	"github.com/heapvet/heapvet/passes/internal/buildssa"
)

// New returns the analyzer, which requires ssa, the analyzer that
// buildssa.New made. With a module, heat is looked up in it; without, it is
// computed from the package, the facts of its imports and what is known,
// which may be nil.
func New(ssa *analysis.Analyzer, module *Module, known *answers.Module) *analysis.Analyzer {
	a := &analysis.Analyzer{
		Name:       "hotcode",
		Doc:        "find the code that runs per request (no diagnostics)",
		ResultType: reflect.TypeFor[*Result](),
		Requires:   []*analysis.Analyzer{ssa},
		Run: func(pass *analysis.Pass) (any, error) {
			if r := module.Result(pass.Pkg); r != nil {
				return r, nil
			}
			built, _ := pass.ResultOf[ssa].(*buildssa.SSA)
			if built == nil {
				return &Result{}, nil // not a package of ours
			}
			m, grader := analyse(built.Program, importFacts(pass), known)
			grader.exportFacts(pass)
			return m.Result(pass.Pkg), nil
		},
	}
	if module == nil {
		a.FactTypes = []analysis.Fact{new(callsParam), new(hotType), new(setsUp)}
	}
	return a
}

// A Grade says how often code runs.
type Grade uint8

const (
	// Cold code runs at set-up, on failure, in tests, or is not reached.
	Cold Grade = iota
	// Warm code is shared between requests and set-up or background loops.
	Warm
	// Hot code is reached from request roots and not from set-up.
	Hot
)

// String returns "cold", "warm" or "hot".
func (g Grade) String() string { return [...]string{"cold", "warm", "hot"}[g] }

// Background is the Root of code that a loop in a goroutine as long-lived as
// the process runs, and no request: it is hot by ticks.
const Background = "background loop"

// A Func is the heat of one function or function literal.
type Func struct {
	Node    ast.Node // *ast.FuncDecl or *ast.FuncLit
	SSA     *ssa.Function
	Name    string // "(*Server).handle", "handle.func1"
	Grade   Grade
	Root    string   // what makes the chain's first function a root: "net/http handler"
	Chain   []string // names from the root to this function, both included
	Assumed bool     // rests only on the assumption that a library's exported API is called per request

	key    string // Name, made unique in the package
	from   *Func  // who it gets its heat from; nil for roots
	why    string // why it is cold
	span   span
	parent *Func  // the function that a literal is written in
	loops  []span // the parts that run more than once per call
	part   []span // the loops that are hot when the rest of the function is not

	failing, lazy, guarded []span // in source order, none inside another
}

// Why says in plain words why the function is cold, or "" if it is not.
func (f *Func) Why() string { return f.why }

// OnFailure reports whether the function is cold because hot code calls it
// on failure only. What fails for one request after the other grows, too.
func (f *Func) OnFailure() bool { return f.why == "called on failure only" }

// Heat is the heat of one place in the source.
type Heat struct {
	Grade   Grade  // Cold, too, for cold places in hot functions
	Func    *Func  // the innermost function around the place; nil outside functions
	Loop    int    // loops around the place within Func
	Failure bool   // all ways on from here lead to an error, a panic or a failure sent to the client
	Guarded bool   // runs only at some log levels
	Why     string // why the place is cold, in plain words; "" if it is not
}
