package growth

import (
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// In returns the containers that functions of pkg add to, in source order
// of their declarations.
func (m *Model) In(pkg *types.Package) []*Container { return m.in[pkg] }

// sortByPackage fills m.in.
func (m *Model) sortByPackage() {
	m.in = make(map[*types.Package][]*Container)
	for _, c := range m.Containers {
		last := make(map[*types.Package]bool)
		for _, g := range c.Growths {
			if pkg := g.Package(); !last[pkg] {
				last[pkg] = true
				m.in[pkg] = append(m.in[pkg], c)
			}
		}
	}
}

// Package returns the package that the growth stands in.
func (g *Growth) Package() *types.Package {
	fn := g.Func()
	if orig := fn.Origin(); orig != nil {
		fn = orig
	}
	if fn.Pkg == nil {
		return nil
	}
	return fn.Pkg.Pkg
}

// Package returns the package that declares the container.
func (c *Container) Package() *types.Package {
	switch {
	case c.Global != nil:
		return c.Global.Pkg.Pkg
	case c.Field != nil:
		return c.Field.Pkg()
	case c.Named != nil:
		return c.Named.Pkg()
	case c.Local != nil && c.Local.Parent().Pkg != nil:
		return c.Local.Parent().Pkg.Pkg
	}
	return nil
}

// Exported reports whether importers of a package can make fn run, through
// exported functions and what they call.
func (m *Model) Exported(fn *ssa.Function) bool {
	if m.exported == nil {
		m.exported = make(map[*ssa.Function]bool)
		for _, f := range m.Program.Funcs {
			if obj, ok := f.Object().(*types.Func); ok && obj.Exported() && obj.Pkg() != nil && obj.Pkg().Name() != "main" {
				m.reachFrom(f)
			}
		}
	}
	return m.exported[fn]
}

func (m *Model) reachFrom(fn *ssa.Function) {
	if m.exported[fn] || strings.HasSuffix(m.Program.Prog.Fset.Position(fn.Pos()).Filename, "_test.go") {
		return
	}
	m.exported[fn] = true
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case ssa.CallInstruction:
				for _, callee := range m.Program.Callees(instr) {
					m.reachFrom(callee)
				}
			case *ssa.MakeClosure:
				m.reachFrom(instr.Fn.(*ssa.Function))
			}
		}
	}
}
