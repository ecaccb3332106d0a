package unboundedlabel

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/internal/callsite"
)

// partsOf takes the label values of a call of s apart.
func partsOf(call ssa.CallInstruction, s sink) []part {
	arg := callsite.Arg(call.Common(), s.arg)
	if arg == nil {
		return nil
	}
	expr := callsite.Expr(call)
	switch s.form {
	case labelMap:
		if parts := mapParts(arg); len(parts) > 0 {
			return parts
		}
	case variadic, slice:
		if parts := sliceParts(call, arg, expr, s); len(parts) > 0 {
			return parts
		}
	}
	p := part{value: arg, at: call}
	if expr != nil && s.arg < len(expr.Args) {
		p.expr = expr.Args[s.arg]
	}
	return []part{p}
}

// sliceParts returns the elements of a slice that the function itself lays
// out, such as the arguments of a variadic call.
func sliceParts(call ssa.CallInstruction, arg ssa.Value, expr *ast.CallExpr, s sink) []part {
	made, ok := arg.(*ssa.Slice)
	if !ok {
		return nil
	}
	array, ok := made.X.(*ssa.Alloc)
	if !ok {
		return nil
	}
	var parts []part
	for _, ref := range *array.Referrers() {
		index, ok := ref.(*ssa.IndexAddr)
		if !ok {
			continue // the slice itself
		}
		for _, use := range *index.Referrers() {
			store, ok := use.(*ssa.Store)
			if !ok || store.Addr != index {
				continue // not what puts an element in
			}
			p := part{value: store.Val, at: call}
			if i, ok := index.Index.(*ssa.Const); ok {
				p.expr = elementExpr(expr, s, int(i.Int64()))
			}
			parts = append(parts, p)
		}
	}
	return parts
}

// elementExpr returns the syntax of the i-th element of the slice argument
// of a call: one of the arguments, or an element of a literal.
func elementExpr(expr *ast.CallExpr, s sink, i int) ast.Expr {
	if expr == nil || s.arg >= len(expr.Args) {
		return nil
	}
	if s.form == variadic && !expr.Ellipsis.IsValid() {
		if s.arg+i < len(expr.Args) {
			return expr.Args[s.arg+i]
		}
		return nil
	}
	if lit, ok := ast.Unparen(expr.Args[s.arg]).(*ast.CompositeLit); ok && i < len(lit.Elts) {
		if _, keyed := lit.Elts[i].(*ast.KeyValueExpr); !keyed {
			return lit.Elts[i]
		}
	}
	return nil
}

// mapParts returns the values that are put into a map of labels, wherever
// in the function or its literals that is.
func mapParts(m ssa.Value) []part {
	var parts []part
	for _, made := range makersOf(m, make(map[ssa.Value]bool)) {
		for _, update := range updatesOf(made, make(map[ssa.Value]bool)) {
			parts = append(parts, part{update.Value, update, updateExpr(update)})
		}
	}
	return parts
}

// makersOf returns the expressions that make the map v, followed back
// through local and captured variables.
func makersOf(v ssa.Value, seen map[ssa.Value]bool) []ssa.Value {
	if seen[v] {
		return nil
	}
	seen[v] = true
	switch v := v.(type) {
	case *ssa.MakeMap:
		return []ssa.Value{v}
	case *ssa.ChangeType:
		return makersOf(v.X, seen)
	case *ssa.Phi:
		var all []ssa.Value
		for _, e := range v.Edges {
			all = append(all, makersOf(e, seen)...)
		}
		return all
	case *ssa.UnOp:
		if v.Op == token.MUL {
			return makersOf(v.X, seen)
		}
	case *ssa.Alloc:
		var all []ssa.Value
		for _, ref := range *v.Referrers() {
			if store, ok := ref.(*ssa.Store); ok && store.Addr == v {
				all = append(all, makersOf(store.Val, seen)...)
			}
		}
		return all
	case *ssa.FreeVar:
		if b := callsite.Binding(v); b != nil {
			return makersOf(b, seen)
		}
	}
	return nil
}

// updatesOf returns the assignments to elements of the map v, through all
// the variables that hold it in the function and its literals.
func updatesOf(v ssa.Value, seen map[ssa.Value]bool) []*ssa.MapUpdate {
	if seen[v] || v.Referrers() == nil {
		return nil
	}
	seen[v] = true
	var all []*ssa.MapUpdate
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case *ssa.MapUpdate:
			if ref.Map == v {
				all = append(all, ref)
			}
		case *ssa.Store:
			if ref.Val == v {
				all = append(all, updatesOf(ref.Addr, seen)...)
			}
		case *ssa.MakeClosure:
			for i, b := range ref.Bindings {
				if b == v {
					all = append(all, updatesOf(ref.Fn.(*ssa.Function).FreeVars[i], seen)...)
				}
			}
		case *ssa.UnOp, *ssa.ChangeType, *ssa.Phi:
			all = append(all, updatesOf(ref.(ssa.Value), seen)...)
		}
	}
	return all
}

// updateExpr returns the syntax of the value that update puts into a map.
func updateExpr(update *ssa.MapUpdate) ast.Expr {
	syntax := update.Parent().Syntax()
	if syntax == nil || !update.Pos().IsValid() {
		return nil
	}
	var found ast.Expr
	ast.Inspect(syntax, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.KeyValueExpr:
			if n.Colon == update.Pos() {
				found = n.Value
			}
		case *ast.AssignStmt:
			for i, lhs := range n.Lhs {
				index, ok := ast.Unparen(lhs).(*ast.IndexExpr)
				if ok && len(n.Rhs) == len(n.Lhs) && index.Pos() <= update.Pos() && update.Pos() <= index.End() {
					found = n.Rhs[i]
				}
			}
		}
		return found == nil
	})
	return found
}

// pruned is the set of variables that hold vectors from which the package
// deletes series.
type pruned map[types.Object]bool

// deleters are the methods of a vector that drop series.
var deleters = map[string]bool{
	prometheus + ".Delete":             true,
	prometheus + ".DeleteLabelValues":  true,
	prometheus + ".DeletePartialMatch": true,
	prometheus + ".Reset":              true,
	"expvar.Delete":                    true,
	"expvar.Init":                      true,
}

func prunedVars(calls []ssa.CallInstruction) pruned {
	vars := make(pruned)
	for _, call := range calls {
		if deleters[key(callsite.Func(call.Common()))] {
			if v := holder(call); v != nil {
				vars[v] = true
			}
		}
	}
	return vars
}

// has reports whether series are deleted from the vector that call uses.
func (p pruned) has(call ssa.CallInstruction) bool {
	v := holder(call)
	return v != nil && p[v]
}

// holder returns the package variable or field that holds the receiver of
// call, or nil.
func holder(call ssa.CallInstruction) types.Object {
	common := call.Common()
	v := common.Value
	if !common.IsInvoke() {
		if common.Signature().Recv() == nil || len(common.Args) == 0 {
			return nil
		}
		v = common.Args[0]
	}
	return variable(v)
}

// variable returns the package variable or field that v was loaded from or
// is the address of, embedded fields being part of what embeds them.
func variable(v ssa.Value) types.Object {
	switch v := v.(type) {
	case *ssa.UnOp:
		if v.Op == token.MUL {
			return variable(v.X)
		}
	case *ssa.Global:
		return v.Object()
	case *ssa.FieldAddr:
		return outerField(v.X, v.Field)
	case *ssa.Field:
		return outerField(v.X, v.Field)
	case *ssa.MakeInterface:
		return variable(v.X)
	}
	return nil
}

func outerField(x ssa.Value, i int) types.Object {
	t := x.Type()
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	field := t.Underlying().(*types.Struct).Field(i)
	if field.Embedded() {
		if outer := variable(x); outer != nil {
			return outer
		}
	}
	return field.Origin()
}
