package retention

import (
	_ "embed"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/hotcode"
	"github.com/heapvet/heapvet/passes/internal/buildssa"
	"github.com/heapvet/heapvet/passes/internal/doc"
	"github.com/heapvet/heapvet/passes/internal/growth"
	"github.com/heapvet/heapvet/passes/internal/report"
)

//go:embed doc.go
var docSource string

// New returns the analyzer, which requires the analyzers that buildssa.New
// and growth.New made.
func New(ssa, model *analysis.Analyzer, opts report.Options) *analysis.Analyzer {
	return &analysis.Analyzer{
		Name:     "retention",
		Doc:      doc.Section(docSource, "retention"),
		URL:      doc.URL("retention"),
		Requires: []*analysis.Analyzer{ssa, model},
		Run: func(pass *analysis.Pass) (any, error) {
			built, _ := pass.ResultOf[ssa].(*buildssa.SSA)
			m, _ := pass.ResultOf[model].(*growth.Model)
			if built == nil || m == nil {
				return nil, nil // not a package that is analysed
			}
			c := &checker{pass: pass, model: m, reporter: report.New(pass, opts), cleared: cleared(built.Funcs)}
			m.Use(func() { c.run(built.Funcs) })
			return nil, nil
		},
	}
}

// A checker looks at one package.
type checker struct {
	pass     *analysis.Pass
	model    *growth.Model
	reporter *report.Reporter
	cleared  map[types.Object]bool // fields and package variables that are set to nil somewhere
}

func (c *checker) run(funcs []*ssa.Function) {
	for _, fn := range funcs {
		again := c.model.Program.Heat(fn).Grade >= hotcode.Warm // else what is kept is kept once
		for _, block := range fn.Blocks {
			for _, instr := range block.Instrs {
				switch instr := instr.(type) {
				case *ssa.Store:
					c.pop(instr)
					if again {
						c.slot(instr)
						c.chain(instr)
					}
				case *ssa.Call:
					if again {
						c.afterFunc(instr)
						c.pair(instr)
					}
				}
			}
		}
	}
	c.listeners()
	c.pieces()
	c.reopened(funcs)
	c.reporter.Flush()
}

// A site is a place where something is kept, and how sure that is.
type site struct {
	pos  token.Pos
	heat *hotcode.Func
	life growth.Lifetime
}

func (c *checker) site(instr ssa.Instruction, life growth.Lifetime) site {
	pos := instr.Pos()
	if !pos.IsValid() {
		pos = instr.Parent().Pos()
	}
	return site{pos: pos, heat: c.model.Program.Heat(instr.Parent()), life: life}
}

// report adds a finding at s. Only what surely outlives a request that
// surely is one is worth the default tier.
func (c *checker) report(s site, advice bool, message string) {
	if s.life < growth.LikelyLong {
		return
	}
	if len(s.heat.Chain) > 1 && !s.heat.Assumed {
		message += " (" + report.Chain(s.heat.Chain) + ")"
	}
	c.reporter.Add(report.Finding{
		Pos:     s.pos,
		Advice:  advice || s.life < growth.Long || s.heat.Assumed || s.heat.Root == hotcode.Background,
		Message: message,
	})
}

// cleared returns the fields and package variables that the functions set
// to nil.
func cleared(funcs []*ssa.Function) map[types.Object]bool {
	vars := make(map[types.Object]bool)
	for _, fn := range funcs {
		for _, block := range fn.Blocks {
			for _, instr := range block.Instrs {
				store, ok := instr.(*ssa.Store)
				if !ok {
					continue // no store
				}
				if k, ok := store.Val.(*ssa.Const); ok && k.Value == nil {
					if v := variable(store.Addr); v != nil {
						vars[v] = true
					}
				}
			}
		}
	}
	return vars
}

// variable returns the field or package variable that addr is the address
// of, or nil.
func variable(addr ssa.Value) types.Object {
	switch addr := addr.(type) {
	case *ssa.Global:
		return addr.Object()
	case *ssa.FieldAddr:
		return fieldOf(addr)
	}
	return nil
}

// fieldOf returns the field, as declared, that addr is the address of.
func fieldOf(addr *ssa.FieldAddr) *types.Var {
	elem := addr.X.Type().Underlying().(*types.Pointer).Elem()
	return elem.Underlying().(*types.Struct).Field(addr.Field).Origin()
}

// loads reports whether v is what the variable at addr holds: a load from
// it, or from the same field of the same object.
func loads(v, addr ssa.Value) bool {
	load, ok := v.(*ssa.UnOp)
	return ok && load.Op == token.MUL && sameAddr(load.X, addr)
}

func sameAddr(a, b ssa.Value) bool {
	if a == b {
		return true
	}
	x, ok := a.(*ssa.FieldAddr)
	y, ok2 := b.(*ssa.FieldAddr)
	if !ok || !ok2 || x.Field != y.Field {
		return false
	}
	return sameAddr(x.X, y.X) || sameLoad(x.X, y.X)
}

// sameLoad reports whether two values are loads of one variable.
func sameLoad(a, b ssa.Value) bool {
	x, ok := a.(*ssa.UnOp)
	return ok && x.Op == token.MUL && loads(b, x.X)
}

// name returns how messages call the variable at addr.
func name(addr ssa.Value) string {
	switch addr := addr.(type) {
	case *ssa.Global:
		return addr.Name()
	case *ssa.FieldAddr:
		owner := types.Unalias(addr.X.Type().Underlying().(*types.Pointer).Elem())
		if named, ok := owner.(*types.Named); ok {
			return named.Obj().Name() + "." + fieldOf(addr).Name()
		}
		return fieldOf(addr).Name()
	}
	return ""
}

// elements returns the values that a growth adds, given the value that it
// stores: the arguments of append, or that value itself.
func elements(v ssa.Value) []ssa.Value {
	call, ok := v.(*ssa.Call)
	if !ok {
		return []ssa.Value{v}
	}
	if b, ok := call.Call.Value.(*ssa.Builtin); !ok || b.Name() != "append" {
		return []ssa.Value{v}
	}
	args, ok := call.Call.Args[1].(*ssa.Slice)
	if !ok {
		return nil // all elements of another slice
	}
	array, ok := args.X.(*ssa.Alloc)
	if !ok {
		return nil
	}
	var found []ssa.Value
	for _, ref := range *array.Referrers() {
		index, ok := ref.(*ssa.IndexAddr)
		if !ok {
			continue // the slice itself
		}
		for _, use := range *index.Referrers() {
			if store, ok := use.(*ssa.Store); ok && store.Addr == index {
				found = append(found, store.Val)
			}
		}
	}
	return found
}
