package poolmisuse

import (
	_ "embed"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/hotcode"
	"github.com/heapvet/heapvet/passes/internal/buildssa"
	"github.com/heapvet/heapvet/passes/internal/callsite"
	"github.com/heapvet/heapvet/passes/internal/doc"
	"github.com/heapvet/heapvet/passes/internal/report"
	"github.com/heapvet/heapvet/passes/internal/scope"
)

//go:embed doc.go
var docSource string

// New returns the analyzer, which requires the analyzers that buildssa.New
// and hotcode.New made.
func New(ssa, heat *analysis.Analyzer, modules scope.Modules, opts report.Options) *analysis.Analyzer {
	return &analysis.Analyzer{
		Name:     "poolmisuse",
		Doc:      doc.Section(docSource, "poolmisuse"),
		URL:      doc.URL("poolmisuse"),
		Requires: []*analysis.Analyzer{ssa, heat},
		Run: func(pass *analysis.Pass) (any, error) {
			if !modules.Includes(pass) {
				return nil, nil
			}
			c := &checker{
				pass:     pass,
				ssa:      pass.ResultOf[ssa].(*buildssa.SSA),
				heat:     pass.ResultOf[heat].(*hotcode.Result),
				reporter: report.New(pass, opts),
			}
			c.run()
			return nil, nil
		},
	}
}

// A checker looks at the pools of one package.
type checker struct {
	pass     *analysis.Pass
	ssa      *buildssa.SSA
	heat     *hotcode.Result
	reporter *report.Reporter
	pools    *pools
}

func (c *checker) run() {
	if c.ssa == nil {
		return // a driver gave no SSA for this package
	}
	c.pools = collect(c.ssa.Pkg, c.ssa.Funcs)
	for _, p := range c.pools.order {
		c.mismatch(p)
		c.stale(p)
		c.neverRefilled(p)
		for _, put := range p.puts {
			c.boxed(put)
			c.hoards(put)
		}
	}
	if len(c.pools.order) > 0 {
		for _, fn := range c.ssa.Funcs {
			for _, put := range c.pools.puts[fn] {
				c.usedAfter(fn, put)
			}
			for _, get := range c.pools.gets[fn] {
				c.missingPut(fn, get)
			}
		}
	}
	c.reporter.Flush()
}

// add records a finding at call.
func (c *checker) add(call ssa.CallInstruction, advice bool, format string, args ...any) {
	f := report.Finding{Pos: call.Pos(), End: call.Pos(), Message: fmt.Sprintf(format, args...), Advice: advice}
	if expr := callsite.Expr(call); expr != nil {
		f.Pos, f.End = expr.Pos(), expr.End()
	}
	if f.Pos.IsValid() {
		c.reporter.Add(f)
	}
}

// heatOf returns the heat of call.
func (c *checker) heatOf(call ssa.CallInstruction) hotcode.Heat {
	expr := callsite.Expr(call)
	if expr == nil {
		return hotcode.Heat{} // not in the source
	}
	return c.heat.At(expr)
}

// assumed reports whether nothing but the export of a library's API makes
// h hot.
func assumed(h hotcode.Heat) bool { return h.Func != nil && h.Func.Assumed }

// boxed reports a Put that allocates.
func (c *checker) boxed(put *use) {
	if put.value == put.call.Common().Args[1] {
		return // an interface already
	}
	heat := c.heatOf(put.call)
	advice := heat.Grade != hotcode.Hot || assumed(heat)
	if alloc, ok := put.value.(*ssa.Alloc); ok && alloc.Heap && isSlice(alloc.Type().Underlying().(*types.Pointer).Elem()) {
		if heat.Grade != hotcode.Cold {
			return // hotescape tells, with the compiler's word
		}
		c.add(put.call, true, "sync.Pool %q: Put of the address of local slice %q moves its header, %d bytes, to the heap "+
			"each time; put back the pointer that Get returned", put.pool.name, alloc.Comment, 3*c.pass.TypesSizes.Sizeof(types.Typ[types.Uintptr]))
		return
	}
	t := put.value.Type()
	if _, constant := put.value.(*ssa.Const); constant || !boxes(t, c.pass.TypesSizes) {
		return
	}
	c.add(put.call, advice, "sync.Pool %q: Put of %s allocates %d bytes to box it; keep pointers in the pool and put back "+
		"the one that Get returned", put.pool.name, types.TypeString(t, types.RelativeTo(c.pass.Pkg)), c.pass.TypesSizes.Sizeof(t))
}

// boxes reports whether the conversion of a t to an interface allocates.
func boxes(t types.Type, sizes types.Sizes) bool {
	if _, ok := types.Unalias(t).(*types.TypeParam); ok {
		return false // depends on the instance
	}
	switch u := t.Underlying().(type) {
	case *types.Pointer, *types.Map, *types.Chan, *types.Signature, *types.Interface:
		return false
	case *types.Basic:
		return u.Kind() != types.UnsafePointer && sizes.Sizeof(t) > 1
	case *types.Struct:
		if u.NumFields() == 1 {
			return boxes(u.Field(0).Type(), sizes)
		}
	case *types.Array:
		if u.Len() == 1 {
			return boxes(u.Elem(), sizes)
		}
	}
	return sizes.Sizeof(t) > 0
}

// mismatch reports a Put whose type the pool's Get does not expect.
func (c *checker) mismatch(p *pool) {
	var want types.Type
	var at token.Pos
	for _, get := range p.gets {
		for _, ref := range refs(get.value) {
			if a, ok := ref.(*ssa.TypeAssert); ok && !a.CommaOk && !types.IsInterface(a.AssertedType) {
				if want != nil && !types.Identical(want, a.AssertedType) {
					return // the program tells them apart by other means
				}
				want, at = a.AssertedType, get.call.Pos()
			}
		}
	}
	if want == nil || p.many {
		return
	}
	qual := types.RelativeTo(c.pass.Pkg)
	for _, put := range p.puts {
		t := put.value.Type()
		got, wants := types.TypeString(t, qual), types.TypeString(want, qual)
		if types.IsInterface(t) || types.Identical(t, want) || got == wants {
			continue // each method of a generic type has type parameters of its own, which print alike
		}
		c.add(put.call, false, "sync.Pool %q: Put of %s, but the Get in line %d asserts %s and panics",
			p.name, got, c.pass.Fset.Position(at).Line, wants)
	}
}

// neverRefilled reports a pool into which nothing is put.
func (c *checker) neverRefilled(p *pool) {
	if len(p.puts) > 0 || p.open || p.name == "" || c.shared(p) {
		return
	}
	for _, get := range p.gets {
		if heat := c.heatOf(get.call); heat.Grade >= hotcode.Warm {
			c.add(get.call, assumed(heat), "sync.Pool %q is never refilled: no Put in this package, so that each Get allocates", p.name)
			return
		}
	}
}

// shared reports whether the address of p is handed on, so that a Put may
// reach it by another name.
func (c *checker) shared(p *pool) bool {
	for _, fn := range c.ssa.Funcs {
		for _, block := range fn.Blocks {
			for _, instr := range block.Instrs {
				if mentions(instr, p, c.pools) {
					return true
				}
			}
		}
	}
	return false
}

// mentions reports whether instr uses the address of p other than for a
// call of a method of sync.Pool or to set New.
func mentions(instr ssa.Instruction, p *pool, ps *pools) bool {
	switch instr := instr.(type) {
	case *ssa.FieldAddr:
		return false
	case ssa.CallInstruction:
		switch callsite.Name(instr.Common()) {
		case "(*sync.Pool).Get", "(*sync.Pool).Put":
			return false
		}
	}
	for _, op := range instr.Operands(nil) {
		if *op != nil && isPool((*op).Type()) {
			if key, _ := resolve(*op, 0); ps.byKey[key] == p {
				return true
			}
		}
	}
	return false
}

// argument returns the source text of the value that put puts back.
func argument(put *use) string {
	call := callsite.Expr(put.call)
	if call == nil {
		return "the value"
	}
	for _, arg := range call.Args {
		if len(call.Args) == 1 || isName(arg) {
			return types.ExprString(arg)
		}
	}
	if sel, ok := call.Fun.(*ast.SelectorExpr); ok {
		return types.ExprString(sel.X)
	}
	return "the value"
}

func isName(e ast.Expr) bool {
	_, ok := e.(*ast.Ident)
	return ok
}
