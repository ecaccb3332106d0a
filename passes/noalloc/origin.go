package noalloc

import (
	"go/ast"
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/internal/callsite"
)

// origin returns the value that v is, under another type or read from a
// variable that is set once.
func origin(v ssa.Value) ssa.Value {
	const maxSteps = 20
	for range maxSteps {
		next := before(v)
		if next == nil {
			return v
		}
		v = next
	}
	return v
}

// before returns the value that v was made of, or nil.
func before(v ssa.Value) ssa.Value {
	switch v := v.(type) {
	case *ssa.ChangeInterface:
		return v.X
	case *ssa.ChangeType:
		return v.X
	case *ssa.TypeAssert:
		return v.X
	case *ssa.Extract:
		if assert, ok := v.Tuple.(*ssa.TypeAssert); ok && v.Index == 0 {
			return assert.X
		}
	case *ssa.UnOp:
		if v.Op == token.MUL {
			return stored(v.X)
		}
	case *ssa.FreeVar:
		bound, _ := callsite.Bound(v)
		return bound
	}
	return nil
}

// stored returns the value of the variable at addr if it is assigned once.
func stored(addr ssa.Value) ssa.Value {
	if free, ok := addr.(*ssa.FreeVar); ok {
		addr, _ = callsite.Bound(free)
	}
	alloc, ok := addr.(*ssa.Alloc)
	if !ok || alloc.Referrers() == nil {
		return nil
	}
	var value ssa.Value
	for _, ref := range *alloc.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Store:
			if value != nil || ref.Addr != alloc {
				return nil
			}
			value = ref.Val
		case *ssa.UnOp, *ssa.DebugRef:
		case *ssa.MakeClosure:
			if assigned(ref, alloc) {
				return nil
			}
		default:
			return nil
		}
	}
	return value
}

// assigned reports whether the closure m may assign to the variable at addr.
func assigned(m *ssa.MakeClosure, addr ssa.Value) bool {
	fn := m.Fn.(*ssa.Function)
	for i, bound := range m.Bindings {
		if bound != addr || fn.FreeVars[i].Referrers() == nil {
			continue
		}
		for _, ref := range *fn.FreeVars[i].Referrers() {
			if _, read := ref.(*ssa.UnOp); !read {
				return true
			}
		}
	}
	return false
}

// place returns where site stands in the source.
func (b *body) place(site ssa.CallInstruction) (pos, end token.Pos) {
	switch n := b.calls[site.Pos()].(type) {
	case *ast.CallExpr:
		return n.Pos(), n.Lparen
	case *ast.RangeStmt:
		return n.Pos(), n.X.End()
	}
	return site.Pos(), site.Pos()
}
