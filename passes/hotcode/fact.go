package hotcode

import (
	"cmp"
	"fmt"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// Facts tell the packages that import a package what its functions do with
// what they are given, when each package is analysed for itself. They are
// exported for packages of the user's modules only.

// callsParam is the fact that a function has some of its parameters called
// per request: it registers them, stores them where handlers find them, or
// wraps them in a handler. A parameter is a function, a value with methods,
// or a slice of those.
type callsParam struct {
	Params []int // sorted
	Grade  Grade
	Root   string
}

func (*callsParam) AFact() {}

// String is what tests want.
func (f *callsParam) String() string { return fmt.Sprintf("callsParam(%v, %s)", f.Params, f.Root) }

// hotType is the fact that hot code calls values of a function type, or
// methods of an interface.
type hotType struct {
	Methods []string // of an interface, sorted
	Root    string
}

func (*hotType) AFact() {}

// String is what tests want.
func (f *hotType) String() string {
	return fmt.Sprintf("hotType(%s)", cmp.Or(strings.Join(f.Methods, " "), "call"))
}

// setsUp is the fact that a function is part of set-up: it registers,
// listens, serves or parses flags.
type setsUp struct{}

func (*setsUp) AFact() {}

// String is what tests want.
func (*setsUp) String() string { return "setsUp" }

// imports are the facts about imported packages. The zero imports has none.
type importedFacts struct {
	params map[*types.Func]*callsParam
	setsUp map[*types.Func]bool
	shapes []shape // in deterministic order
}

// importFacts reads the facts of the imports of pass.
func importFacts(pass *analysis.Pass) importedFacts {
	facts := importedFacts{params: make(map[*types.Func]*callsParam), setsUp: make(map[*types.Func]bool)}
	all := pass.AllObjectFacts()
	slices.SortFunc(all, func(a, b analysis.ObjectFact) int {
		return cmp.Or(strings.Compare(a.Object.Pkg().Path(), b.Object.Pkg().Path()), strings.Compare(a.Object.Name(), b.Object.Name()))
	})
	for _, f := range all {
		if f.Object.Pkg() == pass.Pkg {
			continue
		}
		switch fact := f.Fact.(type) {
		case *callsParam:
			facts.params[f.Object.(*types.Func)] = fact
		case *setsUp:
			facts.setsUp[f.Object.(*types.Func)] = true
		case *hotType:
			s := shape{rule: rule{grade: Hot, label: fact.Root}, typ: f.Object.Type(), own: fact.Methods}
			switch u := s.typ.Underlying().(type) {
			case *types.Signature:
				s.sig = u
			case *types.Interface:
				s.iface = u
			}
			facts.shapes = append(facts.shapes, s)
		}
	}
	return facts
}

// exportFacts writes the facts that the packages importing pass need.
func (g *grader) exportFacts(pass *analysis.Pass) {
	flow := newFlow(g)
	for _, c := range flow.calledParams() {
		if obj := exportedFunc(c.fn); obj != nil {
			pass.ExportObjectFact(obj, &callsParam{Params: c.params, Grade: c.grade, Root: c.label})
		}
	}
	for _, t := range flow.calledTypes() {
		pass.ExportObjectFact(t.obj, &hotType{Methods: t.methods, Root: t.label})
	}
	for _, n := range g.nodes {
		if obj := exportedFunc(n); obj != nil && g.spine[n] {
			pass.ExportObjectFact(obj, &setsUp{})
		}
	}
}

// exportedFunc returns the declaration of n if other packages can name it.
func exportedFunc(n *node) *types.Func {
	obj, ok := n.fn.Object().(*types.Func)
	if !ok || !obj.Exported() || n.syntax == nil || n.test || n.parent != nil {
		return nil
	}
	return obj
}
