// Package hotsite is the way of an allocation finding that all checks on
// hot code share: a check's shapes propose a place, heat selects it, the
// silencers and the compiler dispose.
package hotsite

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/passes/gcfacts"
	"github.com/heapvet/heapvet/passes/hotcode"
	"github.com/heapvet/heapvet/passes/internal/doc"
	"github.com/heapvet/heapvet/passes/internal/report"
	"github.com/heapvet/heapvet/passes/internal/varuse"
)

// A Shape is one expression shape with a known cheaper form.
type Shape struct {
	Name  string     // what the shape's documentation and tests call it
	Nodes []ast.Node // the types of nodes that Match is asked about
	// Match looks at a node of a hot function and reports what it finds
	// through c.
	Match func(c *Checker, cur inspector.Cursor)
}

// A Checker holds what shapes need to know about one package.
type Checker struct {
	Pass *analysis.Pass
	Info *types.Info
	Heat *hotcode.Result
	GC   *gcfacts.Package
	Root inspector.Cursor

	uses   *varuse.Index
	report *report.Reporter
	advice bool // findings of that tier are shown
}

// NewAnalyzer returns the analyzer of a check that consists of shapes. heat
// and gc are the analyzers that hotcode.New and gcfacts.New made, source is
// the check's doc.go.
func NewAnalyzer(name, source string, heat, gc *analysis.Analyzer, opts report.Options, shapes []Shape) *analysis.Analyzer {
	return &analysis.Analyzer{
		Name:     name,
		Doc:      doc.Section(source, name),
		URL:      doc.URL(name),
		Requires: []*analysis.Analyzer{inspect.Analyzer, heat, gc},
		Run: func(pass *analysis.Pass) (any, error) {
			New(pass, heat, gc, opts).Apply(shapes)
			return nil, nil
		},
	}
}

// New returns a Checker of pass's package. The analyzers heat and gc, and
// inspect, must be among what the pass's analyzer requires.
func New(pass *analysis.Pass, heat, gc *analysis.Analyzer, opts report.Options) *Checker {
	return &Checker{
		Pass:   pass,
		Info:   pass.TypesInfo,
		Heat:   pass.ResultOf[heat].(*hotcode.Result),
		GC:     pass.ResultOf[gc].(*gcfacts.Package),
		Root:   pass.ResultOf[inspect.Analyzer].(*inspector.Inspector).Root(),
		report: report.New(pass, opts),
		advice: opts.Advice,
	}
}

// Apply does what [Run] says.
func (c *Checker) Apply(shapes []Shape) {
	pass := c.Pass
	generated := make(map[*token.File]bool)
	for _, file := range pass.Files {
		generated[pass.Fset.File(file.FileStart)] = report.Generated(file)
	}
	nodes := []ast.Node{(*ast.FuncLit)(nil)} // where the walk of a function ends
	for _, s := range shapes {
		nodes = append(nodes, s.Nodes...)
	}
	for _, fn := range c.Heat.Funcs() {
		unseen := fn.Assumed && !c.advice // its findings are of tier advice: do not ask the compiler for them
		if fn.Grade == hotcode.Cold || unseen || generated[pass.Fset.File(fn.Node.Pos())] {
			continue
		}
		if cur, ok := c.Root.FindNode(fn.Node); ok {
			c.walk(cur, nodes, shapes)
		}
	}
	c.report.Flush()
}

// walk asks shapes about fn and the nodes of its body. A function literal
// in it is a node like others; its body belongs to a function of its own.
func (c *Checker) walk(fn inspector.Cursor, nodes []ast.Node, shapes []Shape) {
	fn.Inspect(append(nodes, fn.Node()), func(cur inspector.Cursor) bool {
		_, lit := cur.Node().(*ast.FuncLit)
		if cur == fn && lit {
			return true // the enclosing function's walk has asked about it
		}
		for _, s := range shapes {
			if wants(s, cur.Node()) {
				s.Match(c, cur)
			}
		}
		return !lit
	})
}

// wants reports whether s asks about nodes of n's type.
func wants(s Shape, n ast.Node) bool {
	for _, w := range s.Nodes {
		if sameType(w, n) {
			return true
		}
	}
	return false
}

// Uses returns the index of the package's variables.
func (c *Checker) Uses() *varuse.Index {
	if c.uses == nil {
		c.uses = varuse.New(c.Root, c.Info)
	}
	return c.uses
}

// Size returns the size in bytes of a value of type t, or 0 if that is not
// known: before instantiation, or in ill-typed code.
func (c *Checker) Size(t types.Type) int64 {
	if t == nil || !sized(t, 0) {
		return 0
	}
	return c.Pass.TypesSizes.Sizeof(t)
}

// sized reports whether values of type t have one size.
func sized(t types.Type, depth int) bool {
	const maxDepth = 20 // a recursive type without pointers is ill-typed
	if _, generic := types.Unalias(t).(*types.TypeParam); generic || depth > maxDepth {
		return false
	}
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return u.Kind() != types.Invalid && u.Info()&types.IsUntyped == 0
	case *types.Array:
		return sized(u.Elem(), depth+1)
	case *types.Struct:
		for f := range u.Fields() {
			if !sized(f.Type(), depth+1) {
				return false
			}
		}
	case *types.Tuple:
		return false
	}
	return true
}

// Text returns the source text of node in one line, shortened to a length
// that fits a message.
func (c *Checker) Text(node ast.Expr) string {
	const limit = 40
	text := types.ExprString(node)
	if r := []rune(text); len(r) > limit {
		return string(r[:limit-3]) + "..."
	}
	return text
}
