package program

import (
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/hotcode"
	"github.com/heapvet/heapvet/passes/internal/buildssa"
)

// OfModule returns the program of all packages of module, whose heat any
// result of it knows.
func OfModule(module *hotcode.Module, heat *hotcode.Result) *Program {
	p := module.Program()
	return New(p.Prog, p.Packages, nil, heatOf(heat))
}

// OfPackage returns the program of one package.
func OfPackage(pkg *buildssa.SSA, heat *hotcode.Result) *Program {
	return New(pkg.Pkg.Prog, []*buildssa.SSA{pkg}, nil, heatOf(heat))
}

func heatOf(heat *hotcode.Result) func(*ssa.Function) *hotcode.Func {
	return func(fn *ssa.Function) *hotcode.Func { return heat.Func(fn.Syntax()) }
}
