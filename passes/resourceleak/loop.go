package resourceleak

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/internal/callsite"
	"github.com/heapvet/heapvet/passes/internal/report"
)

// loops reports the deferred calls of fn that stand in a loop and release
// what each of its rounds acquires.
func (c *checker) loops(fn *ssa.Function) {
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			d, ok := instr.(*ssa.Defer)
			if !ok || !callsite.Reachable(block, nil)[block] {
				continue // not deferred again and again
			}
			if c.acquiredInLoop(fn, d) {
				c.deferInLoop(fn, d)
			}
		}
	}
}

// acquiredInLoop reports whether each round of a loop around d acquires what
// d releases.
func (c *checker) acquiredInLoop(fn *ssa.Function, d *ssa.Defer) bool {
	for _, w := range c.engine.of(fn) {
		if w.kind == &ownKind && w.err == nil || w.site.Block() != d.Block() && !w.site.Block().Dominates(d.Block()) {
			continue // acquired elsewhere, or a trifle
		}
		around := callsite.Reachable(d.Block(), nil)[w.site.Block()]
		if around && c.defers(w, d) && !releasedInRound(w) && !outlivesRound(w) {
			return true
		}
	}
	return false
}

// releasedInRound reports whether some call that is not deferred releases
// what w follows: the deferred one is for the rest.
func releasedInRound(w *walk) bool {
	return slices.ContainsFunc(w.releases, func(r ssa.CallInstruction) bool {
		_, deferred := r.(*ssa.Defer)
		return !deferred && r.Parent() == w.fn
	})
}

// outlivesRound reports whether what w follows may be used after the round
// of the loop that acquired it. Of a cancel function the context counts.
func outlivesRound(w *walk) bool {
	values := []ssa.Value{w.value}
	if w.kind.ID == "cancel" {
		for _, v := range extracts(w.site) {
			if v != nil && v != w.value {
				values = append(values, v)
			}
		}
	}
	seen := make(map[ssa.Value]bool)
	return slices.ContainsFunc(values, func(v ssa.Value) bool { return escapesRound(v, seen) })
}

// escapesRound reports whether v, a value of one round, is kept: put into
// something, or used by a goroutine.
func escapesRound(v ssa.Value, seen map[ssa.Value]bool) bool {
	if seen[v] || v.Referrers() == nil {
		return false
	}
	seen[v] = true
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Go, *ssa.Send, *ssa.MapUpdate:
			return true
		case *ssa.Store:
			if ref.Val != v {
				continue // assigned anew
			}
			if _, local := ref.Addr.(*ssa.Alloc); !local || escapesRound(ref.Addr, seen) {
				return true
			}
		case *ssa.MakeClosure:
			if !onlyDeferred(ref) {
				return true
			}
		case *ssa.MakeInterface, *ssa.ChangeInterface, *ssa.ChangeType, *ssa.Phi, *ssa.TypeAssert, *ssa.UnOp:
			if escapesRound(ref.(ssa.Value), seen) {
				return true
			}
		}
	}
	return false
}

// onlyDeferred reports whether the function that m makes is deferred, and
// used in no other way.
func onlyDeferred(m *ssa.MakeClosure) bool {
	for _, ref := range *m.Referrers() {
		if _, ok := ref.(*ssa.Defer); !ok {
			return false
		}
	}
	return true
}

// defers reports whether d releases what w follows.
func (c *checker) defers(w *walk, d *ssa.Defer) bool {
	for _, r := range w.releases {
		if r == ssa.CallInstruction(d) {
			return true
		}
		lit, ok := d.Call.Value.(*ssa.MakeClosure)
		if ok && r.Parent() == lit.Fn && c.perRound(lit, w) {
			return true
		}
	}
	return false
}

// perRound reports whether each round of the loop around the acquisition
// has variables of its own for lit to capture: a variable of all rounds
// holds only the last resource, whatever is deferred.
func (c *checker) perRound(lit *ssa.MakeClosure, w *walk) bool {
	for _, b := range lit.Bindings {
		if alloc, ok := b.(*ssa.Alloc); ok && !callsite.Reachable(w.site.Block(), nil)[alloc.Block()] {
			return false
		}
	}
	return true
}

// deferInLoop reports the deferred call d.
func (c *checker) deferInLoop(fn *ssa.Function, d *ssa.Defer) {
	body := bodyOf(fn.Syntax())
	if body == nil {
		return
	}
	stmt, loop := enclosingLoop(body, d.Pos())
	if stmt == nil || loop == nil || c.short(loop) {
		return
	}
	text := "the deferred function literal"
	if _, ok := stmt.Call.Fun.(*ast.FuncLit); !ok {
		text = "deferred " + types.ExprString(stmt.Call)
	}
	heat := c.engine.prog.HeatAt(d)
	c.reporter.Add(report.Finding{
		Pos: stmt.Pos(), End: stmt.Call.Lparen, Advice: !hot(heat),
		Message: fmt.Sprintf("%s in a loop runs when %s returns, not at the end of the round: what all rounds opened stays open until then; "+
			"make the round a function of its own, or release it before the next", text, funcName(fn)) + c.chain(heat),
		Fixes: c.wrapRound(loop),
	})
}

// funcName returns what messages call fn.
func funcName(fn *ssa.Function) string {
	if fn.Parent() != nil {
		return "the function literal"
	}
	return fn.Name()
}

// enclosingLoop returns the defer statement at pos in body and the
// innermost loop around it, none of them in another function literal.
func enclosingLoop(body *ast.BlockStmt, pos token.Pos) (stmt *ast.DeferStmt, loop ast.Stmt) {
	ast.Inspect(body, func(n ast.Node) bool {
		if n == nil || pos < n.Pos() || n.End() <= pos {
			return false
		}
		switch n := n.(type) {
		case *ast.ForStmt:
			loop = n
		case *ast.RangeStmt:
			loop = n
		case *ast.DeferStmt:
			stmt = n
			return false
		}
		return true
	})
	return stmt, loop
}

// few is how many rounds of a loop may well be left to the end.
const few = 8

// short reports whether loop has a small number of rounds that the source
// tells.
func (c *checker) short(loop ast.Stmt) bool {
	switch loop := loop.(type) {
	case *ast.RangeStmt:
		if lit, ok := ast.Unparen(loop.X).(*ast.CompositeLit); ok {
			return len(lit.Elts) <= few
		}
		if array, ok := c.pass.TypesInfo.TypeOf(loop.X).Underlying().(*types.Array); ok {
			return array.Len() <= few
		}
		return c.small(loop.X)
	case *ast.ForStmt:
		cond, ok := loop.Cond.(*ast.BinaryExpr)
		return ok && (cond.Op == token.LSS || cond.Op == token.LEQ) && c.small(cond.Y)
	}
	return false
}

func (c *checker) small(e ast.Expr) bool {
	v := c.pass.TypesInfo.Types[e].Value
	if v == nil || v.Kind() != constant.Int {
		return false
	}
	n, exact := constant.Int64Val(v)
	return exact && n <= few
}

// wrapRound returns the edit that makes the rounds of loop calls of a
// function literal, if that changes nothing but when deferred calls run.
func (c *checker) wrapRound(loop ast.Stmt) []analysis.SuggestedFix {
	body := loopBody(loop)
	if body == nil || len(body.List) == 0 || jumps(body) {
		return nil
	}
	file := c.pass.Fset.File(body.Pos())
	source, err := c.pass.ReadFile(c.pass.Fset.Position(body.Pos()).Filename)
	first, last := file.Line(body.List[0].Pos()), file.Line(body.Rbrace)-1
	if err != nil || first <= file.Line(body.Lbrace) || len(source) < file.Size() {
		return nil
	}
	text := source[file.Offset(file.LineStart(first)):file.Offset(file.LineStart(last+1))]
	if bytes.ContainsRune(text, '`') {
		return nil // a string over several lines must not be indented
	}
	indent := bytes.Repeat([]byte("\t"), c.pass.Fset.Position(loop.Pos()).Column)
	edits := []analysis.TextEdit{{Pos: file.LineStart(first), End: file.LineStart(first), NewText: append(bytes.Clone(indent), "func() {\n"...)}}
	for line := first; line <= last; line++ {
		if start := file.LineStart(line); source[file.Offset(start)] != '\n' {
			edits = append(edits, analysis.TextEdit{Pos: start, End: start, NewText: []byte("\t")})
		}
	}
	end := file.LineStart(last + 1)
	edits = append(edits, analysis.TextEdit{Pos: end, End: end, NewText: append(bytes.Clone(indent), "}()\n"...)})
	edits[1].NewText = append(edits[0].NewText, edits[1].NewText...)
	return []analysis.SuggestedFix{{Message: "Make each round a function", TextEdits: edits[1:]}}
}

func loopBody(loop ast.Stmt) *ast.BlockStmt {
	switch loop := loop.(type) {
	case *ast.RangeStmt:
		return loop.Body
	case *ast.ForStmt:
		return loop.Body
	}
	return nil
}

// jumps reports whether control leaves body, or a round of it, other than
// at its end.
func jumps(body *ast.BlockStmt) bool {
	found := false
	ast.Inspect(body, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.ReturnStmt, *ast.BranchStmt, *ast.LabeledStmt:
			found = true
		case *ast.FuncLit:
			return false
		}
		return !found
	})
	return found
}
