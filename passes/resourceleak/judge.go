package resourceleak

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/hotcode"
	"github.com/heapvet/heapvet/passes/internal/callsite"
	"github.com/heapvet/heapvet/passes/internal/report"
)

// exempt reports whether what fn leaves open does not matter: the process
// or the test ends with it.
func (c *checker) exempt(fn *ssa.Function) bool {
	if strings.HasSuffix(c.pass.Fset.Position(fn.Pos()).Filename, "_test.go") {
		return true
	}
	if c.engine.prog.Heat(fn).Grade != hotcode.Cold {
		return false // a literal that main registers as a handler, say
	}
	for fn.Parent() != nil {
		fn = fn.Parent()
	}
	if fn.Signature.Recv() != nil {
		return false
	}
	name := fn.Name() // of several init functions init#1, init#2
	return name == "main" && c.pass.Pkg.Name() == "main" || name == "init" || strings.HasPrefix(name, "init#")
}

// judge reports what w, an acquisition, shows not to be released.
func (c *checker) judge(w *walk) {
	if w.gaveUp || !c.matters(w) {
		return
	}
	leak := c.worst(w)
	call := w.site
	expr := callsite.Expr(call)
	if expr == nil {
		return // not in the source
	}
	if leak == nil {
		c.panics(w, expr)
		c.perRequest(w, expr)
		return
	}
	subject := c.subject(w, expr)
	never := w.never()
	heat := c.engine.prog.HeatAt(call)
	f := report.Finding{
		Pos: expr.Pos(), End: expr.Lparen,
		Message: c.message(w, leak, subject, never) + c.chain(heat),
		Advice: !hot(heat) || w.kind == &ownKind || w.kind.is("file") || w.kind.is("until1.23") || w.kind.is("field") && !w.fromField() ||
			never && w.whole && (w.kind.is("bodyclose") || w.kind.is("sqlclosecheck")),
	}
	if leak.ret != nil && leak.ret.Pos().IsValid() {
		f.Related = []analysis.RelatedInformation{{Pos: leak.ret.Pos(), Message: "returns here"}}
		f.Fixes = c.moveDefer(w, call, subject)
	}
	c.reporter.Add(f)
}

// never reports whether no way releases the resource or hands it on.
func (w *walk) never() bool {
	for _, o := range w.outcomes {
		if o.owner != caller {
			return false
		}
	}
	return len(w.sealed) == 0
}

// panics reports a resource that is released on all ways, but not when a
// function that is given it panics: a server goes on, with one connection
// less in its pool.
func (c *checker) panics(w *walk, expr *ast.CallExpr) {
	if !w.kind.is("sql") || w.lent == nil || len(w.sealed) == 0 {
		return
	}
	for instr := range w.sealed {
		if call, ok := instr.(*ssa.Call); !ok || !slices.Contains(w.releases, ssa.CallInstruction(call)) {
			return // deferred, or somebody else's by then
		}
	}
	lent := callsite.Expr(w.lent)
	if lent == nil {
		return // not in the source
	}
	subject := c.subject(w, expr)
	c.reporter.Add(report.Finding{
		Pos: expr.Pos(), End: expr.Lparen, Advice: true,
		Message: fmt.Sprintf("%s is not %s when %s panics (line %d): it %s; defer %s%s right after the error check",
			subject, w.kind.Verb, types.ExprString(lent.Fun), c.pass.Fset.Position(lent.Pos()).Line, w.kind.Cost, subject, w.kind.Way),
	})
}

// perRequest reports a client or pool that each request opens and closes:
// made to be shared, it connects anew each time.
func (c *checker) perRequest(w *walk, expr *ast.CallExpr) {
	heat := c.engine.prog.HeatAt(w.site)
	if !w.kind.is("pool") || !w.whole || !hot(heat) || len(w.releases) == 0 || w.handedOn() {
		return
	}
	c.reporter.Add(report.Finding{
		Pos: expr.Pos(), End: expr.Lparen, Advice: true,
		Message: fmt.Sprintf("%s is opened and closed on every request, and connects anew each time: open it once and share it",
			c.subject(w, expr)) + c.chain(heat),
	})
}

// handedOn reports whether somebody else than the function has the resource
// on some way.
func (w *walk) handedOn() bool {
	for _, o := range w.outcomes {
		if o.owner == inValue {
			return true
		}
	}
	for instr := range w.sealed {
		switch instr := instr.(type) {
		case *ssa.If, *ssa.Defer:
			// It ends by itself, or is released.
		case *ssa.Call:
			if !slices.Contains(w.releases, ssa.CallInstruction(instr)) {
				return true
			}
		default:
			return true
		}
	}
	return false
}

// hot reports whether requests surely run the code of heat h.
func hot(h hotcode.Heat) bool {
	return h.Func != nil && h.Grade == hotcode.Hot && !h.Func.Assumed && h.Func.Root != hotcode.Background
}

// matters reports whether the kind of resource that w follows leaks in
// programs built like this one.
func (c *checker) matters(w *walk) bool {
	if w.kind.is("until1.23") {
		return beforeGo123(c.pass.Module)
	}
	if w.kind.is("field") {
		return longLived(w)
	}
	return true
}

// worst returns the outcome that leaks and is to be told, or nil: the first
// in the source, a return rather than a next round of a loop.
func (c *checker) worst(w *walk) *outcome {
	var best *outcome
	for i := range w.outcomes {
		o := &w.outcomes[i]
		switch {
		case o.owner != caller || !o.sure:
			continue // released, or not known to have been acquired
		case w.kind.is("field") && !o.fields:
			continue // vet's lostcancel tells
		case o.ret != nil && !o.used && w.keptBefore(o.ret):
			continue // who asked for it gets it; others do not read it
		case best == nil || best.ret == nil || o.ret != nil && position(o.ret) < position(best.ret):
			best = o
		}
	}
	return best
}

// position returns where ret stands: for the end of a function the end.
func position(ret *ssa.Return) token.Pos {
	if ret.Pos().IsValid() {
		return ret.Pos()
	}
	if syntax := ret.Parent().Syntax(); syntax != nil {
		return syntax.End() - 1
	}
	return token.NoPos
}

// keptBefore reports whether some way to ret stores the resource where it
// outlives the function.
func (w *walk) keptBefore(ret *ssa.Return) bool {
	for _, block := range w.fn.Blocks {
		for _, instr := range block.Instrs {
			if store, ok := instr.(*ssa.Store); ok && w.sealed[store] {
				if block == ret.Block() || callsite.Reachable(block, nil)[ret.Block()] {
					return true
				}
			}
		}
	}
	return false
}
