package hotcode

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// isLazy reports whether b runs only to initialise a package variable, or a
// field of a value that lives longer than a request, that is still nil.
func (g *grader) isLazy(b *ssa.BasicBlock) bool {
	for _, cond := range conditions(b) {
		addr := nilAddr(cond)
		if addr == nil {
			continue
		}
		key := place(addr)
		if key == nil || !stores(b.Parent(), key) {
			continue
		}
		if field, ok := addr.(*ssa.FieldAddr); !ok || g.outlives(field) {
			return true
		}
	}
	return false
}

// nilAddr returns the variable that cond shows to hold nil, or nil.
func nilAddr(cond condition) ssa.Value {
	test, ok := cond.test.(*ssa.BinOp)
	if !ok || !isNil(test.Y) || (test.Op == token.EQL) != cond.outcome || test.Op != token.EQL && test.Op != token.NEQ {
		return nil
	}
	if load, ok := test.X.(*ssa.UnOp); ok && load.Op == token.MUL {
		return load.X
	}
	return nil
}

// stores reports whether fn assigns to a package variable or field.
func stores(fn *ssa.Function, key any) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if store, ok := instr.(*ssa.Store); ok && place(store.Addr) == key {
				return true
			}
		}
	}
	return false
}

// outlives reports whether the struct of a field is of a type of the
// program that no request makes a value of.
func (g *grader) outlives(field *ssa.FieldAddr) bool {
	named := namedOf(field.X.Type())
	return g.perRequest != nil && named != nil && g.owns(named.Obj().Pkg()) && !g.perRequest[named]
}

// findPerRequest finds the types that hot code makes values of.
func (g *grader) findPerRequest() {
	g.perRequest = make(map[*types.Named]bool)
	for _, fn := range g.funcs {
		n := g.fold(fn)
		if n == nil || g.heats[n] == nil {
			continue
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				switch instr := instr.(type) {
				case *ssa.Alloc:
					g.made(instr.Type().Underlying().(*types.Pointer).Elem())
				case *ssa.MakeSlice, *ssa.MakeMap:
					g.made(instr.(ssa.Value).Type())
				}
			}
		}
	}
}

// made adds t and the types that values of t hold, and do not point to.
func (g *grader) made(t types.Type) {
	if named, ok := types.Unalias(t).(*types.Named); ok {
		if g.perRequest[named.Origin()] {
			return
		}
		g.perRequest[named.Origin()] = true
	}
	switch u := t.Underlying().(type) {
	case *types.Struct:
		for field := range u.Fields() {
			g.made(field.Type())
		}
	case *types.Array:
		g.made(u.Elem())
	case *types.Slice:
		g.madeElem(u.Elem())
	case *types.Map:
		g.madeElem(u.Elem())
	}
}

// madeElem adds the element type of a slice or map, but not what an element
// that is a slice or map itself may come to hold.
func (g *grader) madeElem(t types.Type) {
	switch t.Underlying().(type) {
	case *types.Struct, *types.Array:
		g.made(t)
	}
}
