package retention

import (
	"fmt"
	"go/types"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/internal/callsite"
	"github.com/heapvet/heapvet/passes/internal/growth"
)

// reopened judges the lists that an object fills each time it is opened and
// goes through each time it is closed, but does not empty: after each
// reopening they hold the names or handles of all openings.
func (c *checker) reopened(funcs []*ssa.Function) {
	for _, list := range c.model.In(c.pass.Pkg) {
		if list.Kind != growth.Slice || list.Field == nil || len(list.Removals) > 0 || c.model.Declared(list) != "" {
			continue
		}
		sweep := undoing(funcs, list.Field)
		if sweep == nil {
			continue // nobody goes through it to undo
		}
		var adders []*ssa.Function
		for _, g := range list.Growths {
			adders = append(adders, g.Func())
		}
		r := reopening{funcs: funcs, list: list.Field}
		opens, closes := r.reaching(adders), r.reaching([]*ssa.Function{sweep})
		closer := r.resets(opens, closes)
		if closer == nil {
			continue // closed once and for all, for all we know
		}
		first := list.Growths[0]
		c.report(c.site(first.Instr, growth.Long), c.model.Program.Heat(first.Func()).Root == "", fmt.Sprintf(
			"list %q grows with each opening: %s, which %s calls, goes through it but does not empty it; set it to nil there",
			list.Name, sweep.Name(), closer.Name()))
	}
}

// undo are the first words of the names of functions that undo for one
// element what adding it has done.
var undo = []string{"cancel", "close", "delete", "deregister", "detach", "release", "remove", "stop", "unregister", "unsubscribe"}

// undoing returns the function that goes through field and undoes something
// for each element, or nil.
func undoing(funcs []*ssa.Function, field *types.Var) *ssa.Function {
	for _, fn := range funcs {
		for _, block := range fn.Blocks {
			for _, instr := range block.Instrs {
				call, ok := instr.(ssa.CallInstruction)
				if !ok || !undoes(call.Common()) {
					continue // does something else
				}
				of := func(v ssa.Value) bool { return elementOf(v, field) }
				if (of(call.Common().Value) || slices.ContainsFunc(call.Common().Args, of)) && callsite.Reachable(block, nil)[block] {
					return fn // for each element
				}
			}
		}
	}
	return nil
}

// undoes reports whether the name of the function that call calls says that
// it undoes something.
func undoes(call *ssa.CallCommon) bool {
	fn := callsite.Func(call)
	if fn == nil {
		return false
	}
	word := fn.Name()
	if i := strings.IndexFunc(word[1:], unicode.IsUpper); i >= 0 {
		word = word[:i+1]
	}
	return slices.Contains(undo, strings.ToLower(word))
}

// elementOf reports whether v is an element of the slice in field.
func elementOf(v ssa.Value, field *types.Var) bool {
	switch x := v.(type) {
	case *ssa.MakeInterface:
		return elementOf(x.X, field)
	case *ssa.UnOp:
		index, ok := x.X.(*ssa.IndexAddr)
		if !ok {
			return false
		}
		load, ok := index.X.(*ssa.UnOp)
		if !ok {
			return false
		}
		addr, ok := load.X.(*ssa.FieldAddr)
		return ok && fieldOf(addr) == field
	}
	return false
}

// A reopening looks for pairs of functions that open and close an object.
type reopening struct {
	funcs []*ssa.Function
	list  *types.Var
}

// reaching returns the functions that call one of targets, through a few
// others, in the order of the source; targets included. Literals count for
// the function that they are written in.
func (r *reopening) reaching(targets []*ssa.Function) []*ssa.Function {
	const maxCalls = 3
	reaches := make(map[*ssa.Function]bool)
	for _, fn := range targets {
		reaches[outermost(fn)] = true
	}
	for range maxCalls {
		next := make(map[*ssa.Function]bool)
		for _, fn := range r.funcs {
			if slices.ContainsFunc(callees(fn), func(callee *ssa.Function) bool { return reaches[callee] }) {
				next[outermost(fn)] = true
			}
		}
		for fn := range next {
			reaches[fn] = true
		}
	}
	var found []*ssa.Function
	for _, fn := range r.funcs {
		if reaches[fn] {
			found = append(found, fn)
		}
	}
	return found
}

func outermost(fn *ssa.Function) *ssa.Function {
	for fn.Parent() != nil {
		fn = fn.Parent()
	}
	return fn
}

// callees returns the functions that fn calls by name.
func callees(fn *ssa.Function) []*ssa.Function {
	var found []*ssa.Function
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			if call, ok := instr.(ssa.CallInstruction); ok {
				if callee := call.Common().StaticCallee(); callee != nil {
					found = append(found, callee)
				}
			}
		}
	}
	return found
}

// resets returns the first function of closes that sets fields to nil which
// one of opens sets to something, so that it can be opened once more, or nil.
func (r *reopening) resets(opens, closes []*ssa.Function) *ssa.Function {
	set := make(map[*types.Var]bool)
	for _, fn := range opens {
		if !slices.Contains(closes, fn) {
			r.stores(fn, func(field *types.Var, isNil bool) { set[field] = set[field] || !isNil })
		}
	}
	for _, fn := range closes {
		again := false
		r.stores(fn, func(field *types.Var, isNil bool) { again = again || isNil && set[field] })
		if again {
			return fn
		}
	}
	return nil
}

// stores calls f for the assignments in fn and its literals to fields of the
// struct that has the list. What is set in a new object does not count.
func (r *reopening) stores(fn *ssa.Function, f func(field *types.Var, isNil bool)) {
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			store, ok := instr.(*ssa.Store)
			if !ok {
				continue // no assignment
			}
			addr, ok := store.Addr.(*ssa.FieldAddr)
			if !ok || !r.sibling(addr) {
				continue // of something else
			}
			if _, fresh := addr.X.(*ssa.Alloc); fresh {
				continue // a constructor
			}
			k, constant := store.Val.(*ssa.Const)
			f(fieldOf(addr), constant && k.Value == nil)
		}
	}
	for _, lit := range fn.AnonFuncs {
		r.stores(lit, f)
	}
}

// sibling reports whether addr is the address of another field of the
// struct that has the list.
func (r *reopening) sibling(addr *ssa.FieldAddr) bool {
	s := addr.X.Type().Underlying().(*types.Pointer).Elem().Underlying().(*types.Struct)
	for field := range s.Fields() {
		if field.Origin() == r.list {
			return fieldOf(addr) != r.list
		}
	}
	return false
}
