package program

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/internal/buildssa"
	"github.com/heapvet/heapvet/passes/internal/typeid"
)

// functions returns the functions of pkgs that can be called, and what those
// refer to, among it wrappers of methods and instances of generics.
//
// It finds what ssautil.AllFunctions does, but for the wrappers of methods
// of other packages, which call what has no body. There are many times more
// of those: every type that is converted to an interface has some, and SSA
// keeps each that was ever asked for.
func functions(prog *ssa.Program, pkgs []*buildssa.SSA) map[*ssa.Function]bool {
	c := &collector{prog: prog, own: make(map[*types.Package]bool), seen: make(map[*ssa.Function]bool)}
	for _, pkg := range pkgs {
		c.own[pkg.Pkg.Pkg] = true
	}
	for _, pkg := range pkgs {
		for _, member := range pkg.Pkg.Members {
			switch member := member.(type) {
			case *ssa.Function:
				c.visit(member)
			case *ssa.Type:
				named, ok := member.Type().(*types.Named)
				if ok && ast.IsExported(member.Name()) && named.TypeParams() == nil {
					c.methods(named)
					c.methods(types.NewPointer(named))
				}
			}
		}
	}
	for _, t := range prog.RuntimeTypes() {
		c.methods(t)
	}
	return c.seen
}

type collector struct {
	prog *ssa.Program
	own  map[*types.Package]bool
	seen map[*ssa.Function]bool
}

// visit adds fn and the functions that its body refers to.
func (c *collector) visit(fn *ssa.Function) {
	if c.seen[fn] {
		return
	}
	c.seen[fn] = true
	var operands [10]*ssa.Value // avoids an allocation in most cases
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			for _, op := range instr.Operands(operands[:0]) {
				if fn, ok := (*op).(*ssa.Function); ok {
					c.visit(fn)
				}
			}
		}
	}
}

// methods adds the methods of t that are declared in the packages. Types of
// other packages have none.
func (c *collector) methods(t types.Type) {
	if named, ok := types.Unalias(typeid.Deref(t)).(*types.Named); ok && !c.own[named.Obj().Pkg()] {
		return
	}
	if types.IsInterface(t) {
		return
	}
	for method := range c.prog.MethodSets.MethodSet(t).Methods() {
		fn, ok := method.Obj().(*types.Func)
		if ok && c.own[fn.Pkg()] && fn.Signature().TypeParams() == nil {
			c.visit(c.prog.MethodValue(method))
		}
	}
}
