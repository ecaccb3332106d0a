// Package hotcode decides which code runs once per request, message or row.
package hotcode

import (
	"go/ast"
	"go/token"
	"reflect"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/internal/buildssa"
	"github.com/heapvet/heapvet/passes/internal/scope"
)

// New returns the analyzer, which requires ssa, the analyzer that
// buildssa.New made. With a module, heat is looked up in it; without, it is
// computed from the package and the facts of its imports.
func New(ssa *analysis.Analyzer, module *Module, modules scope.Modules) *analysis.Analyzer {
	return &analysis.Analyzer{
		Name:       "hotcode",
		Doc:        "find the code that runs per request (no diagnostics)",
		ResultType: reflect.TypeFor[*Result](),
		Requires:   []*analysis.Analyzer{ssa},
		Run:        func(pass *analysis.Pass) (any, error) { return &Result{}, nil },
	}
}

// A Unit is the typed syntax of one package of the module.
type Unit = buildssa.Unit

// A Module is the heat of all packages that a driver analyses together.
type Module struct{ program *buildssa.Program }

// NewModule builds the SSA form of units, which share fset, and computes
// their heat as one program.
func NewModule(fset *token.FileSet, units []Unit) *Module {
	return &Module{program: buildssa.Build(fset, units)}
}

// Program returns the SSA form of the module's packages.
func (m *Module) Program() *buildssa.Program {
	if m == nil {
		return nil
	}
	return m.program
}

// A Result is the heat of one package.
type Result struct{}

// Funcs returns the package's hot and warm functions in source order.
func (r *Result) Funcs() []*Func { return nil }

// Func returns the heat of the function declared or written at node, an
// *ast.FuncDecl or *ast.FuncLit. It is never nil; unknown nodes are cold.
func (r *Result) Func(node ast.Node) *Func { return &Func{Node: node} }

// At returns the heat of the code at node.
func (r *Result) At(node ast.Node) Heat { return Heat{} }

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

// A Func is the heat of one function or function literal.
type Func struct {
	Node    ast.Node // *ast.FuncDecl or *ast.FuncLit
	SSA     *ssa.Function
	Name    string // "(*Server).handle", "handle.func1"
	Grade   Grade
	Root    string   // what makes the chain's first function a root: "net/http handler"
	Chain   []string // names from the root to this function, both included
	Assumed bool     // rests only on the assumption that a library's exported API is called per request
}

// Heat is the heat of one place in the source.
type Heat struct {
	Grade   Grade
	Func    *Func  // the innermost function around the place; nil outside functions
	Loop    int    // loops around the place within Func
	Failure bool   // all ways on from here lead to an error, a panic or a fatal log
	Why     string // why the place is cold, in plain words; "" if it is not
}
