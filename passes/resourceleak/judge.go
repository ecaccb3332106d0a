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
	for f := fn; f != nil; f = f.Parent() {
		if f.Parent() == nil && f.Signature.Recv() == nil && (f.Name() == "main" && c.pass.Pkg.Name() == "main" || f.Name() == "init" || strings.HasPrefix(f.Name(), "init#")) {
			return c.engine.prog.Heat(fn).Grade == hotcode.Cold
		}
	}
	return false
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

// message tells what is not released, on which way, what that costs and
// what to do.
func (c *checker) message(w *walk, leak *outcome, subject string, never bool) string {
	verb, way := w.kind.Verb, subject+w.kind.Way
	if strings.HasPrefix(subject, unnamed) {
		return fmt.Sprintf("%s is never %s: it %s; give it a name, and release it", subject, verb, w.kind.Cost)
	}
	if isFunc(w.value.Type()) {
		verb, way = "called", subject+"()"
	} else if !w.whole {
		if m := releaseMethod(w.value.Type()); m != nil {
			verb, way = "closed", subject+"."+m.Name()+"()"
		}
	}
	line := 0
	if leak.ret != nil {
		line = c.pass.Fset.Position(position(leak.ret)).Line
	}
	tail := fmt.Sprintf("it %s; %s", w.kind.Cost, remedy(w, way))
	switch when := c.when(w, leak); {
	case leak.ret == nil:
		return fmt.Sprintf("%s is not %s before the loop makes the next one: each round %s; call %s before it goes on", subject, verb, w.kind.Cost, way)
	case never:
		return fmt.Sprintf("%s is never %s: %s", subject, verb, tail)
	case when != "":
		return fmt.Sprintf("%s is not %s when %s (line %d returns first): %s", subject, verb, when, line, tail)
	default:
		return fmt.Sprintf("%s is not %s on the way to line %d: %s", subject, verb, line, tail)
	}
}

// remedy says where to put the call that releases.
func remedy(w *walk, way string) string {
	for _, o := range w.outcomes {
		if o.owner == inValue {
			return "call " + way + " before that return"
		}
	}
	for instr := range w.sealed {
		switch instr := instr.(type) {
		case *ssa.If, *ssa.Defer:
			// It ends by itself, or is released.
		case *ssa.Call:
			if !slices.Contains(w.releases, ssa.CallInstruction(instr)) {
				return "call " + way + " before that return" // it is handed on
			}
		default:
			return "call " + way + " before that return"
		}
	}
	if w.err == nil {
		return "defer " + way
	}
	return "defer " + way + " right after the error check"
}

// chain tells how requests get to hot code.
func (c *checker) chain(h hotcode.Heat) string {
	if !hot(h) || len(h.Func.Chain) < 2 {
		return ""
	}
	return " (" + report.Chain(h.Func.Chain) + ")"
}

// when returns the condition, as in the source, under which the way of leak
// leaves the function, or "".
func (c *checker) when(w *walk, leak *outcome) string {
	if leak.ret == nil || !leak.ret.Pos().IsValid() || w.fn.Syntax() == nil {
		return ""
	}
	at, from := leak.ret.Pos(), w.site.Pos()
	text := ""
	ast.Inspect(w.fn.Syntax(), func(n ast.Node) bool {
		if n == nil || at < n.Pos() || n.End() <= at {
			return false
		}
		if n, ok := n.(*ast.IfStmt); ok && n.Pos() > from {
			text = ""
			if n.Body.Pos() <= at && at < n.Body.End() {
				text = types.ExprString(n.Cond)
			}
		}
		return true
	})
	const tooLong = 60
	if len(text) > tooLong || strings.Contains(text, "\n") {
		return ""
	}
	return text
}

// unnamed begins the subject of messages about what gets no name.
const unnamed = "the result of "

// subject returns what messages call the resource that w follows.
func (c *checker) subject(w *walk, call *ast.CallExpr) string {
	name := c.assigned(w, call)
	if name == "" {
		return unnamed + types.ExprString(call.Fun)
	}
	if w.part >= 0 && w.kind.ID == "body" {
		name += ".Body"
	}
	return name
}

// assigned returns the variable that the resource is assigned to at call.
func (c *checker) assigned(w *walk, call *ast.CallExpr) string {
	result := 0
	if e, ok := w.value.(*ssa.Extract); ok {
		result = e.Index
	}
	if sel, ok := call.Fun.(*ast.SelectorExpr); ok && w.kind.ID == "process" {
		return types.ExprString(sel.X)
	}
	name := ""
	ast.Inspect(w.fn.Syntax(), func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			if len(n.Rhs) == 1 && ast.Unparen(n.Rhs[0]) == call && result < len(n.Lhs) {
				name = types.ExprString(n.Lhs[result])
			}
		case *ast.ValueSpec:
			if len(n.Values) == 1 && ast.Unparen(n.Values[0]) == call && result < len(n.Names) {
				name = n.Names[result].Name
			}
		}
		return name == ""
	})
	if name == "_" {
		return ""
	}
	return name
}
