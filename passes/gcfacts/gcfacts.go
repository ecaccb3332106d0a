// Package gcfacts turns what the Go compiler (gc) says about escape
// analysis into facts about the syntax of one package.
//
// gc -m=2 explains each value that it moves to the heap. The analyzer of
// this package gives the checks one question to ask of it: what became of
// this expression or variable, and why? Text comes from a [Source] that
// the driver hands in; nothing is read or compiled before a check asks.
package gcfacts

import (
	"context"
	"go/ast"
	"go/token"
	"go/types"
	"reflect"

	"golang.org/x/tools/go/analysis"

	"github.com/heapvet/heapvet/passes/internal/scope"
)

// New returns the analyzer. A nil src means that no compiler output can be
// had: every verdict is NoData.
func New(src Source, modules scope.Modules) *analysis.Analyzer {
	return &analysis.Analyzer{
		Name:       "gcfacts",
		Doc:        "read the compiler's escape analysis (no diagnostics)",
		ResultType: reflect.TypeFor[*Package](),
		Run:        func(pass *analysis.Pass) (any, error) { return &Package{}, nil },
	}
}

// A Verdict is what the compiler decided about one value.
type Verdict uint8

const (
	// NoData: there is no compiler output for this package or site.
	// The zero value must not read as "fine".
	NoData Verdict = iota
	// Stack: the value does not escape and has a fixed small size.
	Stack
	// StackIfSmall: it does not escape, but its size is known at run time
	// only; above 32 bytes (8 map entries, 1024 bytes boxed) it is
	// allocated on the heap all the same.
	StackIfSmall
	// Heap: it escapes, and nothing proves that no allocation is needed.
	Heap
	// HeapNoAlloc: gc says that it escapes, but its type proves that nothing
	// is allocated: a constant, a zero-size or one-byte value, a closure
	// without captures.
	HeapNoAlloc
	// NotReported: gc never talks about this kind of allocation, or said
	// nothing about this node.
	NotReported
)

// A Kind says what sort of allocation a message is about.
type Kind uint8

const (
	Unknown     Kind = iota
	Moved            // a named variable or parameter moved to the heap; the node is its declaring *ast.Ident
	NewCall          // new(T)
	PtrLit           // &T{...}; the node is the *ast.CompositeLit
	SliceLit         // []T{...}
	MapLit           // map[K]V{...}
	MakeSlice        // make([]T, ...)
	MakeMap          // make(map[K]V, ...)
	Append           // append(...) that grows
	Closure          // func literal
	MethodValue      // x.M as a value
	Variadic         // the slice of a call's ... arguments; the node is the *ast.CallExpr
	Concat           // string concatenation; the node is the outermost *ast.BinaryExpr
	Conv             // conversion between string and []byte or []rune
	Box              // conversion to an interface; the node is the operand
	RangeFunc        // the body of a range-over-func loop; the node is the *ast.RangeStmt
	Inlined          // an allocation of an inlined callee; the node is the *ast.CallExpr
)

// A Reason is gc's word for how a value flows from one place to another.
type Reason string

// A Step is one step of a flow: Expr flows on because of Reason, at Pos.
type Step struct {
	Expr   string
	Reason Reason
	Pos    token.Pos // NoPos where the position is outside the package
}

// A Flow is one hop of an explanation: the value of Src (its address when
// Derefs is -1) reaches Dst.
type Flow struct {
	Dst, Src string // "{heap}", a variable, "{storage for &T{...}}", "~r0"
	Derefs   int
	Steps    []Step
}

// A Site is one allocation that gc talks about.
type Site struct {
	Node      ast.Node
	Kind      Kind
	Verdict   Verdict
	Expr      string   // gc's text of the value
	Func      string   // the function it is charged to, "(*T).M" or "F.func1"; empty before Go 1.25
	Flows     []Flow   // how it reaches the heap, first hop first; nil unless it escapes
	Instances []string // shapes of the generic instances merged here, sorted
	Callee    string   // Inlined: the inlined function, if known
}

// Reason returns the last step's reason, the useful short answer to "why",
// or "" where gc gave none.
func (s *Site) Reason() Reason {
	for i := len(s.Flows) - 1; i >= 0; i-- {
		if n := len(s.Flows[i].Steps); n > 0 {
			return s.Flows[i].Steps[n-1].Reason
		}
	}
	return ""
}

// A Leak says where a parameter's value goes.
type Leak struct {
	Param   *types.Var
	Heap    int   // dereferences before the heap, -1 if it does not reach the heap
	Results []int // indices of results it reaches
	Flows   []Flow
}

// A Source finds gc's text about packages. Drivers choose one.
type Source interface {
	// Load returns the text about one package, parsed but not resolved.
	// An error is a reason for users: no data, because of it.
	Load(ctx context.Context, req Request) (*Text, error)
}

// A Request names the package that a [Source] is asked about.
type Request struct {
	Path  string   // import path
	Test  bool     // the variant that is compiled with the package's _test.go files
	Files []string // absolute names of the package's Go files
}

// Package is what gc said about one package.
type Package struct{}

// At returns the site of the given kind at node. A node that gc did not
// mention has verdict NotReported, or NoData if there is no output at all.
func (p *Package) At(node ast.Node, kind Kind) Site { return Site{Node: node, Kind: kind} }

// Sites returns all sites in source order.
func (p *Package) Sites() []*Site { return nil }

// Leak says where the value of a parameter of a function of this package
// goes; ok is false if gc does not say that it leaks.
func (p *Package) Leak(param *types.Var) (leak Leak, ok bool) { return Leak{}, false }

// Inlinable reports whether gc can inline calls of fn.
func (p *Package) Inlinable(fn *types.Func) bool { return false }

// NoData returns why there is no compiler output for the package, or "".
func (p *Package) NoData() string { return "the driver has no source of compiler output" }

// Text is the parsed output of gc about one package.
type Text struct{}
