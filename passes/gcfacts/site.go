package gcfacts

import (
	"go/ast"
	"go/token"
	"go/types"
)

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
	Moved            // a named variable or parameter moved to the heap; the node is its declaring *ast.Ident (the type of an unnamed result, the *ast.CaseClause of a type switch's variable)
	NewCall          // new(T), or new(expr) since Go 1.26
	PtrLit           // &T{...}; the node is the *ast.CompositeLit
	SliceLit         // []T{...}
	MapLit           // map[K]V{...}
	MakeSlice        // make([]T, ...)
	MakeMap          // make(map[K]V, ...)
	Append           // append(...) that grows; not reported before Go 1.25
	Closure          // func literal
	MethodValue      // x.M as a value
	Variadic         // the slice of a call's ... arguments; the node is the *ast.CallExpr
	Concat           // string concatenation; the node is the outermost *ast.BinaryExpr
	Conv             // conversion between string and []byte or []rune
	Box              // conversion to an interface; the node is the operand (the call, if its several results are converted at once)
	RangeFunc        // the body of a range-over-func loop; the node is the *ast.RangeStmt
	Inlined          // an allocation of an inlined callee; the node is the *ast.CallExpr, or the *ast.RangeStmt over an inlined iterator
	GoCall           // the arguments of a go or defer statement; the node is the *ast.GoStmt or *ast.DeferStmt
)

// A Reason is gc's word for how a value flows from one place to another.
type Reason string

// The reasons that say more than how a value was passed on.
const (
	TooLarge    Reason = "too large for stack"
	TooAligned  Reason = "too aligned for stack"
	NonConstant Reason = "non-constant size" // before Go 1.25
	ZeroSized   Reason = "zero-sized element"
	CallParam   Reason = "call parameter"
	Captured    Reason = "captured by a closure"
	Returned    Reason = "return"
)

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

// An Explanation is one way to the heap, from the site to its end: the heap,
// a result, or the storage of another value that has a way of its own.
type Explanation struct {
	Func      string // the function it was seen in, "(*T).M" or "F.func1"; "" before Go 1.25
	Flows     []Flow // first hop first
	Truncated bool   // gc cut it short at a cycle
}

// Reason returns the last step's reason, the useful short answer to "why",
// or "" where gc gave none.
func (e *Explanation) Reason() Reason {
	for i := len(e.Flows) - 1; i >= 0; i-- {
		if n := len(e.Flows[i].Steps); n > 0 {
			return e.Flows[i].Steps[n-1].Reason
		}
	}
	return ""
}

// A Site is one allocation that gc talks about. Messages about instances
// of one generic function are merged: the worst verdict stands.
type Site struct {
	Node    ast.Node
	Kind    Kind
	Verdict Verdict
	Expr    string // gc's text of the value
	// Explanations are the distinct ways to the heap, in gc's order; nil
	// unless the value escapes. It stays off the heap only if all are cured.
	// gc stops looking once it knows that a value escapes, so that curing
	// all of them may bring up another.
	Explanations []Explanation
	Instances    []string // functions of the generic instances merged here, sorted
	Callee       string   // Inlined: the inlined function
}

// Reason returns the reason of the first explanation, or "".
func (s *Site) Reason() Reason {
	if len(s.Explanations) == 0 {
		return ""
	}
	return s.Explanations[0].Reason()
}

// Func returns the function the value is charged to, "(*T).M" or "F.func1";
// "" where gc does not say.
func (s *Site) Func() string {
	if len(s.Explanations) == 0 {
		return ""
	}
	return s.Explanations[0].Func
}

// A Leak says where a parameter's value goes.
type Leak struct {
	Param        *types.Var
	Heap         int           // dereferences before the heap, -1 if it does not reach the heap
	Results      []int         // indices of the results it reaches, ascending
	Explanations []Explanation // the distinct ways to the heap or to a result
}
