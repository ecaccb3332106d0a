package hotcode

import (
	"go/types"

	"github.com/heapvet/heapvet/passes/internal/buildssa"
)

// A catalogue is what is known about the packages that a program imports:
// the rows of roots.tsv, and the facts about packages analysed before.
type catalogue struct {
	rules
	facts    importedFacts
	shapes   []shape               // the types of handlers
	requests map[*types.Named]bool // the types that handlers get
}

func newCatalogue(prog *buildssa.Program, facts importedFacts) *catalogue {
	table := parseRules(rootsTable)
	var pkgs []*types.Package
	for _, pkg := range prog.Packages {
		pkgs = append(pkgs, pkg.Pkg.Pkg)
	}
	shapes := append(table.shapes(imports(pkgs)), facts.shapes...)
	return &catalogue{rules: table, facts: facts, shapes: shapes, requests: requestTypes(shapes)}
}

// requestTypes returns the types by which handlers of some shape get their
// request, without those that every function may take.
func requestTypes(shapes []shape) map[*types.Named]bool {
	found := make(map[*types.Named]bool)
	for _, s := range shapes {
		if s.sig == nil || s.grade != Hot {
			continue
		}
		for param := range s.sig.Params().Variables() {
			named := namedOf(param.Type())
			if named == nil || named.Obj().Pkg() == nil || isFunc(named) || named.Obj().Pkg().Path() == "context" {
				continue
			}
			found[named] = true
		}
	}
	return found
}

// gets reports whether functions of this signature get a request.
func (c *catalogue) gets(sig *types.Signature) bool {
	for param := range sig.Params().Variables() {
		if named := namedOf(param.Type()); named != nil && c.requests[named] {
			return true
		}
	}
	return false
}

// takesRequest reports whether n, or a function that it is written in, has a
// parameter of a type that handlers get: it cannot run without a request,
// whatever calls it, so that it is never set-up.
func (c *catalogue) takesRequest(n *node) bool {
	for ; n != nil; n = n.parent {
		if n.syntax != nil && c.gets(n.fn.Signature) {
			return true
		}
	}
	return false
}
