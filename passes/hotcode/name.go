package hotcode

import (
	"go/ast"
	"strconv"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/answers"
	"github.com/heapvet/heapvet/passes/internal/typeid"
)

// nameAll names the nodes as gc names functions: "handle", "(*Server).get",
// "handle.func1", and "handle.func1.2" for a literal in a literal.
func (g *graph) nameAll() {
	literals := make(map[*node]int)
	taken := make(map[*ssa.Package]map[string]int)
	for _, n := range g.nodes {
		switch syntax := n.syntax.(type) {
		case *ast.FuncDecl:
			n.name = declName(syntax)
		case *ast.FuncLit:
			parent := n.parent
			if parent == nil {
				continue // never: a literal outside functions belongs to init
			}
			literals[parent]++
			number := strconv.Itoa(literals[parent])
			if _, nested := parent.syntax.(*ast.FuncLit); nested {
				n.name = parent.name + "." + number
			} else {
				n.name = parent.name + ".func" + number
			}
		}
		if n.syntax == nil {
			continue // not in the source
		}
		if taken[n.fn.Pkg] == nil {
			taken[n.fn.Pkg] = make(map[string]int)
		}
		n.key = answers.Unique(taken[n.fn.Pkg], n.name)
	}
}

func declName(decl *ast.FuncDecl) string {
	recv := typeid.Receiver(decl)
	if recv == "" {
		return decl.Name.Name
	}
	if _, ok := ast.Unparen(decl.Recv.List[0].Type).(*ast.StarExpr); ok {
		return "(*" + recv + ")." + decl.Name.Name
	}
	return recv + "." + decl.Name.Name
}

// qualified returns the name of n as seen from a function of package from.
func (n *node) qualified(from *node) string {
	if n.fn.Pkg == from.fn.Pkg || n.fn.Pkg == nil {
		return n.name
	}
	pkg := n.fn.Pkg.Pkg.Name()
	return qualify(pkg, n.name)
}

// qualify returns the name of a function as another package sees it.
func qualify(pkg, name string) string {
	if rest, ok := cutPointer(name); ok {
		return "(*" + pkg + "." + rest
	}
	return pkg + "." + name
}

func cutPointer(name string) (string, bool) {
	if len(name) > 2 && name[:2] == "(*" {
		return name[2:], true
	}
	return name, false
}
