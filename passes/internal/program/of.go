package program

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/hotcode"
	"github.com/heapvet/heapvet/passes/internal/buildssa"
)

// OfModule returns the program of all packages of module.
func OfModule(module *hotcode.Module) *Program {
	p := module.Program()
	return New(p.Prog, p.Packages, module.Calls(), module.Result)
}

// OfPackage returns the program of one package.
func OfPackage(pkg *buildssa.SSA, heat *hotcode.Result) *Program {
	p := New(pkg.Pkg.Prog, []*buildssa.SSA{pkg}, heat.Calls(), func(p *types.Package) *hotcode.Result {
		if p == pkg.Pkg.Pkg {
			return heat
		}
		return nil
	})
	p.Command = p.Command || heat.InProgram()
	return p
}

// Heat returns how often fn runs. Instances of generics have the heat of
// their declaration, synthetic functions are cold.
func (p *Program) Heat(fn *ssa.Function) *hotcode.Func {
	fn = declared(fn)
	if heat := p.results(pkgOf(fn)); heat != nil && fn.Syntax() != nil {
		return heat.Func(fn.Syntax())
	}
	return &hotcode.Func{SSA: fn}
}

// HeatAt returns how often instr runs.
func (p *Program) HeatAt(instr ssa.Instruction) hotcode.Heat {
	fn := declared(instr.Parent())
	heat := p.results(pkgOf(fn))
	if heat == nil || fn.Syntax() == nil {
		return hotcode.Heat{}
	}
	if !instr.Pos().IsValid() {
		return hotcode.Heat{Grade: p.Heat(fn).Grade, Func: p.Heat(fn)}
	}
	return heat.At(place(instr.Pos()))
}

// declared returns the function whose source fn is an instance of, or
// whose loop it is the body of.
func declared(fn *ssa.Function) *ssa.Function {
	for {
		if _, ok := fn.Syntax().(*ast.RangeStmt); !ok || fn.Parent() == nil {
			break
		}
		fn = fn.Parent()
	}
	if orig := fn.Origin(); orig != nil {
		return orig
	}
	return fn
}

func pkgOf(fn *ssa.Function) *types.Package {
	if fn.Pkg == nil {
		return nil
	}
	return fn.Pkg.Pkg
}

// A place is a position where a node is asked for.
type place token.Pos

func (p place) Pos() token.Pos { return token.Pos(p) }
func (p place) End() token.Pos { return token.Pos(p) }
