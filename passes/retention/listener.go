package retention

import (
	"fmt"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/hotcode"
	"github.com/heapvet/heapvet/passes/internal/growth"
	"github.com/heapvet/heapvet/passes/internal/program"
)

// listeners judges the lists of channels and functions from which elements
// are removed, but none by whoever added it. (Lists from which nothing is
// removed at all are the business of unboundedcache.)
func (c *checker) listeners() {
	for _, list := range c.model.Containers {
		if !c.unkeyed(list) || c.model.Declared(list) != "" {
			continue
		}
		for _, g := range list.Growths {
			if g.Elem == nil {
				continue // not known
			}
			for _, elem := range elements(g.Elem) {
				if isListener(elem.Type()) {
					a := &adders{checker: c, growth: g, seen: make(map[*ssa.Function]bool)}
					a.element(elem, g.Instr, 0)
				}
			}
		}
	}
}

// isListener reports whether elements of type t are there to be told of
// events.
func isListener(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Chan, *types.Signature:
		return true
	}
	return false
}

// unkeyed reports whether elements are taken out of list, but never one
// that somebody asks for, nor all.
func (c *checker) unkeyed(list *growth.Container) bool {
	for _, r := range list.Removals {
		if r.Kind != growth.Reslice || pops(r) || c.asked(r) {
			return false
		}
	}
	return len(list.Removals) > 0
}

// pops reports whether a removal takes elements from an end of a slice, as
// queues and stacks do, rather than one from its middle.
func pops(r *growth.Removal) bool {
	var v ssa.Value
	switch instr := r.Instr.(type) {
	case *ssa.Store:
		v = instr.Val
	case *ssa.MapUpdate:
		v = instr.Value
	}
	cut, ok := v.(*ssa.Slice)
	if !ok {
		return false // put together again around the one taken out
	}
	return cut.Low != nil && cut.High == nil || !moves(r.Instr.Parent(), elemType(r.Container))
}

// moves reports whether fn stores to an element of type elem, as it must to
// fill the gap of one that is not the last.
func moves(fn *ssa.Function, elem types.Type) bool {
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			store, ok := instr.(*ssa.Store)
			if !ok || !types.Identical(store.Val.Type(), elem) {
				continue // stores something else
			}
			if index, ok := store.Addr.(*ssa.IndexAddr); ok {
				if _, args := index.X.(*ssa.Alloc); !args {
					return true
				}
			}
		}
	}
	return false
}

// asked reports whether the function of a removal knows which element to
// take out: it has one at hand, or compares with one.
func (c *checker) asked(r *growth.Removal) bool {
	elem := elemType(r.Container)
	fn := r.Instr.Parent()
	for _, p := range fn.Params {
		if types.Identical(p.Type(), elem) {
			return true
		}
	}
	for _, v := range fn.FreeVars {
		if types.Identical(v.Type(), elem) || types.Identical(v.Type(), types.NewPointer(elem)) {
			return true
		}
	}
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			if op, ok := instr.(*ssa.BinOp); ok && (op.Op == token.EQL || op.Op == token.NEQ) && types.Identical(op.X.Type(), elem) && !isConst(op.X) && !isConst(op.Y) {
				return true
			}
		}
	}
	return false
}

func isConst(v ssa.Value) bool { _, ok := v.(*ssa.Const); return ok }

// elemType returns the type of a container's innermost elements.
func elemType(c *growth.Container) types.Type {
	t := c.Type
	for {
		switch u := t.Underlying().(type) {
		case *types.Map:
			t = u.Elem()
		case *types.Slice:
			t = u.Elem()
		case *types.Pointer:
			t = u.Elem()
		default:
			return t
		}
	}
}

// adders finds who decides that an element is added to a list: through
// functions that add what they are given, or return what they added.
type adders struct {
	*checker
	growth *growth.Growth
	seen   map[*ssa.Function]bool
}

// maxAdders bounds how many calls an element is followed through.
const maxAdders = 4

// element judges the function around at, which adds elem.
func (a *adders) element(elem ssa.Value, at ssa.Instruction, depth int) {
	fn := at.Parent()
	if depth > maxAdders || a.seen[fn] {
		return
	}
	a.seen[fn] = true
	if i := param(elem); i >= 0 {
		for _, site := range a.model.Program.Callers(fn) {
			if args := program.Args(site); i < len(args) {
				a.element(args[i], site, depth+1)
			}
		}
		return
	}
	if returned(elem, fn) {
		for _, site := range a.model.Program.Callers(fn) {
			if call := site.Value(); call != nil {
				a.element(call, site, depth+1)
			}
		}
		return
	}
	a.decision(at)
}

// decision reports a place that adds an element of its own.
func (a *adders) decision(at ssa.Instruction) {
	fn := at.Parent()
	api := a.model.Library && a.model.Exported(fn) // for importers to call per request, whatever else is hot in the library
	if fn.Pkg == nil || fn.Pkg.Pkg != a.pass.Pkg || a.model.Program.Heat(fn).Grade < hotcode.Warm && !api {
		return
	}
	life := a.model.Lifetime(a.growth)
	if a.model.Library && life == growth.Unknown && a.model.Locked(a.growth.Container) {
		life = growth.LikelyLong
	}
	a.report(a.site(at, life), api, fmt.Sprintf("list %q gets a listener on every call of %s, and nothing can take that one out again; remove it when the call ends",
		a.growth.Container.Name, a.model.Program.Heat(fn).Name))
}

// param returns the index of the parameter that v is, or -1.
func param(v ssa.Value) int {
	p, ok := v.(*ssa.Parameter)
	if !ok {
		return -1
	}
	for i, q := range p.Parent().Params {
		if p == q {
			return i
		}
	}
	return -1
}

// returned reports whether fn returns v.
func returned(v ssa.Value, fn *ssa.Function) bool {
	for _, block := range fn.Blocks {
		ret, ok := block.Instrs[len(block.Instrs)-1].(*ssa.Return)
		if !ok {
			continue // goes on
		}
		for _, result := range ret.Results {
			if isResult(v, result) {
				return true
			}
		}
	}
	return false
}

// isResult reports whether result is v, possibly by way of the variable in
// which functions that defer calls keep a result.
func isResult(v, result ssa.Value) bool {
	switch result := result.(type) {
	case *ssa.ChangeType:
		return isResult(v, result.X)
	case *ssa.UnOp:
		cell, ok := result.X.(*ssa.Alloc)
		if !ok {
			return false
		}
		for _, ref := range *cell.Referrers() {
			if store, ok := ref.(*ssa.Store); ok && store.Addr == cell && isResult(v, store.Val) {
				return true
			}
		}
	}
	return result == v
}
