package resourceleak

import (
	"fmt"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/internal/callsite"
	"github.com/heapvet/heapvet/passes/internal/report"
)

// finalizers reports the finalizers and cleanups that fn sets and that
// cannot run, because something that fn starts holds the object.
func (c *checker) finalizers(fn *ssa.Function) {
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok {
				continue // not a call
			}
			switch callsite.Name(&call.Call) {
			case "runtime.SetFinalizer":
				c.finalizer(call, "finalizer")
			case "runtime.AddCleanup":
				c.finalizer(call, "cleanup")
				c.cleanupHolds(call)
			}
		}
	}
}

// finalizer judges the finalizer or cleanup that call sets.
func (c *checker) finalizer(call *ssa.Call, what string) {
	obj := unboxed(call.Call.Args[0])
	h := holders{obj: obj, fn: call.Parent()}
	instr, how := h.find()
	if instr == nil {
		return
	}
	line := c.pass.Fset.Position(callsite.Position(instr)).Line
	c.never(call, what, fmt.Sprintf("%s in line %d keeps the object reachable; let that refer to an inner object, "+
		"and set the %s on a wrapper around it", how, line, what))
}

// cleanupHolds judges a cleanup whose function captures the object.
func (c *checker) cleanupHolds(call *ssa.Call) {
	obj := unboxed(call.Call.Args[0])
	lit, ok := call.Call.Args[1].(*ssa.MakeClosure)
	if ok && captures(lit, obj) {
		c.never(call, "cleanup", "its function captures the object; hand it what it needs as the argument")
	}
}

// never reports a finalizer or cleanup that call sets in vain. That does
// not depend on how hot the code is.
func (c *checker) never(call *ssa.Call, what, why string) {
	if expr := callsite.Expr(call); expr != nil {
		c.reporter.Add(report.Finding{
			Pos: expr.Pos(), End: expr.Lparen,
			Message: fmt.Sprintf("%s of %s never runs: %s", what, types.ExprString(expr.Args[0]), why),
		})
	}
}

// unboxed returns the value that v is, read from the variable that has it.
func unboxed(v ssa.Value) ssa.Value {
	for {
		switch x := v.(type) {
		case *ssa.MakeInterface:
			v = x.X
		case *ssa.ChangeType:
			v = x.X
		default:
			return v
		}
	}
}

// same reports whether a and b are one value, or read from one variable.
func same(a, b ssa.Value) bool {
	if a == b {
		return true
	}
	x, ok := a.(*ssa.UnOp)
	y, ok2 := b.(*ssa.UnOp)
	return ok && ok2 && x.Op == token.MUL && x.X == y.X
}

// captures reports whether the function that m makes captures obj.
func captures(m *ssa.MakeClosure, obj ssa.Value) bool {
	for _, b := range m.Bindings {
		if same(b, obj) {
			return true
		}
		if load, ok := obj.(*ssa.UnOp); ok && load.X == b {
			return true
		}
		alloc, ok := b.(*ssa.Alloc)
		if !ok {
			continue // not a variable
		}
		for _, ref := range *alloc.Referrers() {
			if store, ok := ref.(*ssa.Store); ok && store.Addr == alloc && same(store.Val, obj) {
				return true
			}
		}
	}
	return false
}

// A holders looks for what keeps an object reachable.
type holders struct {
	obj ssa.Value
	fn  *ssa.Function
}

// find returns an instruction after which something that does not end by
// itself holds the object, and what that is.
func (h holders) find() (ssa.Instruction, string) {
	for _, block := range h.fn.Blocks {
		for _, instr := range block.Instrs {
			switch instr := instr.(type) {
			case *ssa.Go:
				if h.goes(instr) {
					return instr, "the goroutine that starts"
				}
			case *ssa.Store:
				if _, global := instr.Addr.(*ssa.Global); global && same(unboxed(instr.Val), h.obj) {
					return instr, "the package variable that is set"
				}
			case *ssa.Call:
				if callee := instr.Call.StaticCallee(); callee != nil {
					if i := h.argument(&instr.Call); i >= 0 && spawns(callee, i) {
						return instr, "the goroutine that is started"
					}
				}
			}
		}
	}
	return nil, ""
}

// argument returns the argument of call that is the object, or -1.
func (h holders) argument(call *ssa.CallCommon) int {
	for i, arg := range call.Args {
		if same(unboxed(arg), h.obj) {
			return i
		}
	}
	return -1
}

// goes reports whether the goroutine that g starts holds the object and
// lasts.
func (h holders) goes(g *ssa.Go) bool {
	if m, ok := g.Call.Value.(*ssa.MakeClosure); ok && captures(m, h.obj) {
		return lasts(m.Fn.(*ssa.Function))
	}
	callee := g.Call.StaticCallee()
	return callee != nil && h.argument(&g.Call) >= 0 && lasts(callee)
}

// spawns reports whether fn starts a goroutine that holds parameter i and
// lasts.
func spawns(fn *ssa.Function, i int) bool {
	if i >= len(fn.Params) {
		return false
	}
	inner := holders{obj: fn.Params[i], fn: fn}
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			if g, ok := instr.(*ssa.Go); ok && inner.goes(g) {
				return true
			}
		}
	}
	return false
}

// lasts reports whether a goroutine that runs fn may run for long: it loops
// or waits.
func lasts(fn *ssa.Function) bool {
	for _, block := range fn.Blocks {
		if callsite.Reachable(block, nil)[block] {
			for _, instr := range block.Instrs {
				if waits(instr) {
					return true
				}
			}
		}
	}
	return false
}

// waits reports whether instr may block, or calls something that may.
func waits(instr ssa.Instruction) bool {
	switch instr := instr.(type) {
	case *ssa.Select:
		return true
	case *ssa.UnOp:
		return instr.Op == token.ARROW
	case *ssa.Send:
		return true
	case *ssa.Call:
		_, builtin := instr.Call.Value.(*ssa.Builtin)
		return !builtin
	}
	return false
}
