package resourceleak

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/hotcode"
	"github.com/heapvet/heapvet/passes/internal/report"
)

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
	switch {
	case w.handedOn():
		return "call " + way + " before that return"
	case w.err == nil:
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
