package growth

import (
	"go/ast"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/hotcode"
	"github.com/heapvet/heapvet/passes/internal/program"
)

// A loop that receives messages has its state in local variables: what is
// made in front of the loop outlives each turn of it.

// isLoop reports whether fn is a root because of a loop in it.
func isLoop(heat *hotcode.Func) bool {
	return isRoot(heat) && strings.HasSuffix(heat.Root, " loop")
}

// outlivesTurns reports whether a map or slice is made in front of the loop
// of a function that receives messages, and not replaced.
func outlivesTurns(prog *program.Program, v ssa.Value) bool {
	made, ok := v.(ssa.Instruction)
	if !ok || !isLoop(prog.Heat(v.Parent())) || inLoop(made.Block()) {
		return false
	}
	for _, ref := range *v.Referrers() {
		if _, ok := ref.(*ssa.Phi); ok {
			return false
		}
	}
	return true
}

// findTurns finds the slices that the loop of fn adds to at each turn, and
// never cuts, with what adds to them.
func (m *Model) findTurns(fn *ssa.Function) {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			phi, ok := instr.(*ssa.Phi)
			if !ok {
				break // they come first
			}
			if _, isSlice := phi.Type().Underlying().(*types.Slice); isSlice {
				m.tracer.turns[phi] = m.addsAtTurn(phi)
			}
		}
	}
}

// addsAtTurn returns the calls of append in a loop that make the next value
// of phi, its variable; nil if it is ever cut or replaced.
func (m *Model) addsAtTurn(phi *ssa.Phi) []*ssa.Call {
	var grown []*ssa.Call
	for i, edge := range phi.Edges {
		if pred := phi.Block().Preds[i]; !phi.Block().Dominates(pred) {
			if inLoop(pred) {
				return nil // a loop in another one
			}
			continue
		}
		switch m.change(edge, func(v ssa.Value) bool { return v == phi }) {
		case replaced, cut:
			return nil
		case appended:
			grown = appends(edge, phi, make(map[ssa.Value]bool), grown)
		}
	}
	return grown
}

// appends collects the calls of append between phi and v.
func appends(v ssa.Value, phi *ssa.Phi, seen map[ssa.Value]bool, found []*ssa.Call) []*ssa.Call {
	if seen[v] || v == phi {
		return found
	}
	seen[v] = true
	switch v := v.(type) {
	case *ssa.Phi:
		for _, edge := range v.Edges {
			found = appends(edge, phi, seen, found)
		}
	case *ssa.Call:
		if isBuiltin(&v.Call, "append") {
			return append(appends(v.Call.Args[0], phi, seen, found), v)
		}
	}
	return found
}

// lifetimeOfTurns returns how long a local variable of a receive loop
// lives: as long as the connection that it serves, or the process. It is
// Unknown for other variables.
func (m *Model) lifetimeOfTurns(v ssa.Value) Lifetime {
	fn := v.Parent()
	heat := m.Program.Heat(fn)
	made, ok := v.(ssa.Instruction)
	if phi, isPhi := v.(*ssa.Phi); isPhi {
		ok = m.tracer.turns[phi] != nil
	} else {
		ok = ok && !inLoop(made.Block())
	}
	if !ok || !isLoop(heat) {
		return Unknown
	}
	if heat.Root == hotcode.Background {
		if selects(fn) {
			return LikelyLong // what it receives is the program's own
		}
		return PerRequest // it may end with its channel
	}
	for _, site := range m.Program.Callers(fn) {
		if m.perRequest(site.Parent()) {
			return LikelyLong // one for each connection
		}
	}
	return Long
}

// selects reports whether fn waits for one of several channels.
func selects(fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if _, ok := instr.(*ssa.Select); ok {
				return true
			}
		}
	}
	return false
}

// assignedName returns the name of the variable that v is assigned to where
// it is made, or "".
func assignedName(v ssa.Value) string {
	fn := v.Parent()
	if fn == nil || fn.Syntax() == nil {
		return ""
	}
	name := ""
	ast.Inspect(fn.Syntax(), func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for i, rhs := range n.Rhs {
				if id, ok := n.Lhs[min(i, len(n.Lhs)-1)].(*ast.Ident); ok && rhs.Pos() <= v.Pos() && v.Pos() < rhs.End() {
					name = id.Name
				}
			}
		case *ast.ValueSpec:
			for i, rhs := range n.Values {
				if rhs.Pos() <= v.Pos() && v.Pos() < rhs.End() {
					name = n.Names[i].Name
				}
			}
		}
		return true
	})
	return name
}
