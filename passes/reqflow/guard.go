package reqflow

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// An edge of the control flow graph.
type edge struct{ from, to *ssa.BasicBlock }

// guarded reports whether every way to block passes a check that v, or the
// same field read once more, is one of few values: compared with a
// constant, found in a table that set-up code filled, or accepted by a
// function that does the like.
func (e *engine) guarded(v ssa.Value, block *ssa.BasicBlock) bool {
	if block == nil {
		return false
	}
	edges := e.guardsOf(v)
	return len(edges) > 0 && behind(edges, block, make(map[*ssa.BasicBlock]bool))
}

// guardedEdge is guarded for the way from one block to the next.
func (e *engine) guardedEdge(v ssa.Value, from, to *ssa.BasicBlock) bool {
	for _, g := range e.guardsOf(v) {
		if g.from == from && g.to == to {
			return true
		}
	}
	return e.guarded(v, from)
}

// behind reports whether every way to block takes one of edges.
func behind(edges []edge, block *ssa.BasicBlock, seen map[*ssa.BasicBlock]bool) bool {
	if seen[block] {
		return true // a loop adds no way in
	}
	seen[block] = true
	if len(block.Preds) == 0 {
		return false
	}
	for _, pred := range block.Preds {
		taken := false
		for _, g := range edges {
			taken = taken || g.from == pred && g.to == block
		}
		if !taken && !behind(edges, pred, seen) {
			return false
		}
	}
	return true
}

// guardsOf returns the edges on which v is known to be one of few values.
func (e *engine) guardsOf(v ssa.Value) []edge {
	if edges, ok := e.guards[v]; ok {
		return edges
	}
	var edges []edge
	for _, same := range sameValues(v) {
		for _, ref := range *same.Referrers() {
			edges = append(edges, e.guardEdges(ref, same)...)
		}
	}
	e.guards[v] = edges
	return edges
}

// sameValues returns v and, for a field that is read, its other reads.
func sameValues(v ssa.Value) []ssa.Value {
	if v.Referrers() == nil {
		return nil
	}
	same := []ssa.Value{v}
	load, ok := v.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return same
	}
	addr, ok := load.X.(*ssa.FieldAddr)
	if !ok {
		return same
	}
	for _, base := range sameBases(addr.X) {
		for _, ref := range *base.Referrers() {
			other, ok := ref.(*ssa.FieldAddr)
			if !ok || other == addr || other.Field != addr.Field {
				continue
			}
			for _, ref := range *other.Referrers() {
				if read, ok := ref.(*ssa.UnOp); ok && read.Op == token.MUL {
					same = append(same, read)
				}
			}
		}
	}
	return same
}

// sameBases returns v and, for a variable that closures share, which is
// loaded for each use, its other loads.
func sameBases(v ssa.Value) []ssa.Value {
	if v.Referrers() == nil {
		return nil
	}
	same := []ssa.Value{v}
	load, ok := v.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return same
	}
	cell, ok := load.X.(*ssa.Alloc)
	if !ok {
		return same
	}
	for _, ref := range *cell.Referrers() {
		if other, ok := ref.(*ssa.UnOp); ok && other != load {
			same = append(same, other)
		}
	}
	return same
}

// guardEdges returns the edges behind one check of v.
func (e *engine) guardEdges(check ssa.Instruction, v ssa.Value) []edge {
	switch check := check.(type) {
	case *ssa.BinOp:
		if !isConst(check.X) && !isConst(check.Y) || isNil(check.X) || isNil(check.Y) {
			return nil
		}
		switch check.Op {
		case token.EQL:
			return branches(check, 0)
		case token.NEQ:
			return branches(check, 1)
		}
	case *ssa.Lookup:
		if check.Index != v || !e.index.table(check.X) {
			return nil
		}
		if !check.CommaOk {
			return branches(check, 0) // a set: map[string]bool
		}
		for _, ref := range *check.Referrers() {
			if ok, isExtract := ref.(*ssa.Extract); isExtract && ok.Index == 1 {
				return branches(ok, 0)
			}
		}
	case *ssa.Call:
		if e.accepts(check, v) {
			return branches(check, 0)
		}
	}
	return nil
}

// accepts reports whether call is a predicate that is true for few values
// of v only.
func (e *engine) accepts(call *ssa.Call, v ssa.Value) bool {
	if b, ok := call.Type().Underlying().(*types.Basic); !ok || b.Kind() != types.Bool {
		return false
	}
	callee := call.Call.StaticCallee()
	if callee == nil {
		return false
	}
	if obj := callee.Object(); obj != nil && obj.Pkg() != nil && obj.Pkg().Path() == "slices" && obj.Name() == "Contains" {
		return call.Call.Args[1] == v && e.states[node{obj: call.Call.Args[0]}] == nil
	}
	if orig := callee.Origin(); orig != nil && orig.Pkg != nil && orig.Pkg.Pkg.Path() == "slices" && orig.Name() == "Contains" {
		return call.Call.Args[1] == v && e.states[node{obj: call.Call.Args[0]}] == nil
	}
	if !e.prog.Has(callee) {
		return false
	}
	for i, arg := range call.Call.Args {
		if arg == v && i < len(callee.Params) && e.membership(callee.Params[i]) {
			return true
		}
	}
	return false
}

// membership reports whether a parameter, as it is or normalised by a
// function of a dependency such as strings.ToLower, is looked up in a table.
func (e *engine) membership(v ssa.Value) bool {
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Lookup:
			if ref.Index == v && e.index.table(ref.X) {
				return true
			}
		case *ssa.Call:
			callee := ref.Call.StaticCallee()
			if callee != nil && !e.prog.Has(callee) && types.Identical(ref.Type(), v.Type()) && e.membership(ref) {
				return true
			}
		}
	}
	return false
}

// branches returns the edge that an if statement takes on cond, the first
// for true.
func branches(cond ssa.Value, succ int) []edge {
	var edges []edge
	for _, ref := range *cond.Referrers() {
		switch ref := ref.(type) {
		case *ssa.If:
			edges = append(edges, edge{ref.Block(), ref.Block().Succs[succ]})
		case *ssa.UnOp:
			if ref.Op == token.NOT {
				edges = append(edges, branches(ref, 1-succ)...)
			}
		}
	}
	return edges
}

func isConst(v ssa.Value) bool {
	_, ok := v.(*ssa.Const)
	return ok
}

// isNil reports whether v is a constant that code compares with to
// tell whether there is a value at all.
func isNil(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	return ok && c.Value == nil
}
