// Package growth models the containers of a program that may outlive a
// request: where they grow, what takes elements out of them again, what
// bounds them, and who holds them. The checks about state that only grows
// select from this model; it reports nothing itself.
//
// A container is a package variable, a struct field (of all objects of its
// type), a named map type with methods, or a local variable that a closure
// captures. Values are traced to the containers that they are loaded from,
// through local variables, parameters, results, closures and conversions.
package growth

import (
	"go/token"
	"go/types"
	"reflect"
	"sync"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/hotcode"
	"github.com/heapvet/heapvet/passes/internal/buildssa"
	"github.com/heapvet/heapvet/passes/internal/program"
	"github.com/heapvet/heapvet/passes/internal/scope"
	"github.com/heapvet/heapvet/passes/reqflow"
)

// New returns the analyzer, which requires ssa and flow, the analyzers that
// buildssa.New and reqflow.New made. With a module, the model of all its
// packages is made at first use and shared. Its result is a *Model, nil for
// packages that are not analysed.
func New(ssa, flow *analysis.Analyzer, module *hotcode.Module, modules scope.Modules) *analysis.Analyzer {
	a := &analysis.Analyzer{
		Name:       "growth",
		Doc:        "model the containers that grow (no diagnostics)",
		ResultType: reflect.TypeFor[*Model](),
		Requires:   []*analysis.Analyzer{ssa, flow},
	}
	var once sync.Once
	var shared *Model
	var err error
	a.Run = func(pass *analysis.Pass) (any, error) {
		pkg := pass.ResultOf[ssa].(*buildssa.SSA)
		flow := pass.ResultOf[flow].(*reqflow.Result)
		if pkg == nil || flow.Program() == nil {
			return (*Model)(nil), nil
		}
		if len(flow.Program().Packages) > 1 || module.Result(pass.Pkg) != nil {
			once.Do(func() { shared, err = newModel(flow) })
			return shared, err
		}
		return newModel(flow)
	}
	return a
}

// A Model is the containers of a program.
type Model struct {
	Program    *program.Program
	Flow       *reqflow.Result
	Library    bool         // no package of the program is a command
	Containers []*Container // those that grow, in source order

	defects  map[*Container]*Defect // see Broken
	verdicts map[*Container]ruling  // see Judge
	reasons  map[*Container]string  // see Declared
	failing  map[*ssa.Function]bool // see Runs
	serves   bool                   // it has request roots of its own
	hasMain  bool                   // a package of the program is a command
	byKey    map[any]*Container
	counters map[any]bool // *types.Var and *ssa.Global: integers that are counted up
	tracer   *tracer
	holders  *holders
	caches   *caches
	grown    []*Growth // in the order in which they are found
	in       map[*types.Package][]*Container
	exported map[*ssa.Function]bool // see Exported
	mu       sync.Mutex

	undeclared bool // pay no heed to directives: see tells
}

// Use calls f while no other pass uses the model, which works out its
// answers when it is asked.
func (m *Model) Use(f func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f()
}

// A Kind is a kind of container.
type Kind uint8

const (
	Map Kind = iota
	SyncMap
	Slice
	List
	Buffer // bytes.Buffer or strings.Builder
	Chan
	Cache // of another module
)

// String returns the kind in plain words, for messages.
func (k Kind) String() string {
	return [...]string{"map", "sync.Map", "slice", "list", "buffer", "channel", "cache"}[k]
}

// A Container is one place that keeps elements.
type Container struct {
	Kind Kind
	Name string     // as the source calls it: "cache", "Server.sessions"
	Pos  token.Pos  // of its declaration
	Type types.Type // of the variable or field

	Global *ssa.Global     // a package variable, or
	Field  *types.Var      // a struct field, or
	Named  *types.TypeName // a map type with methods, or
	Local  ssa.Value       // a variable that a closure captures

	Growths  []*Growth  // in source order
	Removals []*Removal // what takes elements out, in source order
	Reads    int        // places that read elements, or may

	limits  limits // of a Cache, and whether a Chan is seen to have a buffer
	aliased bool   // its address is kept in another place, by which elements may be removed
}

// A Growth is a place that adds to a container.
type Growth struct {
	Container *Container
	Instr     ssa.Instruction
	Depth     int       // 0: the container itself, 1: containers in it, ...
	Key       ssa.Value // of maps; nil for slices and lists
	Elem      ssa.Value // what is added, or nil
	Target    ssa.Value // the map, list or slice as the instruction sees it

	bases   []ssa.Value // the objects that the container is a field of
	forever bool        // an entry of a Cache that is said never to expire
}

// Func returns the function that the growth stands in.
func (g *Growth) Func() *ssa.Function { return g.Instr.Parent() }

// Pos returns where the growth stands.
func (g *Growth) Pos() token.Pos { return posOf(g.Instr) }

// posOf returns the position of instr, or the nearest one before it in its
// block: some instructions have none.
func posOf(instr ssa.Instruction) token.Pos {
	if pos := instr.Pos(); pos.IsValid() {
		return pos
	}
	pos := instr.Parent().Pos()
	for _, other := range instr.Block().Instrs {
		if other == instr {
			break
		}
		if other.Pos().IsValid() {
			pos = other.Pos()
		}
	}
	return pos
}

// A Removal is a place that takes elements out of a container.
type Removal struct {
	Container *Container
	Instr     ssa.Instruction
	Depth     int
	Kind      RemovalKind
	Key       ssa.Value // what is deleted, for Delete
	Target    ssa.Value // the container as the instruction sees it
}

// A RemovalKind is a way to take elements out.
type RemovalKind uint8

const (
	Delete   RemovalKind = iota // one element, by its key
	Filter                      // those that a function chooses: maps.DeleteFunc
	Clear                       // all of them
	Reassign                    // the variable gets another container
	Reslice                     // a slice is cut
)
