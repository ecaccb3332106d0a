package explain

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"io"
	"os"
	"strings"

	"github.com/heapvet/heapvet/passes/gcfacts"
	"github.com/heapvet/heapvet/passes/hotcode"
)

// write prints the whole explanation.
func (e *explainer) write(w io.Writer) {
	fmt.Fprintf(w, "%s:%d\n", e.env.Rel(e.at.file), e.at.line)
	if text := e.source(); text != "" {
		fmt.Fprintf(w, "    %s\n", text)
	}
	e.writeHeat(w)
	if reason := e.gc.NoData(); reason != "" {
		fmt.Fprintf(w, "\nthere is no word of the compiler: %s\n", reason)
	}
	for _, s := range e.sites {
		e.site(w, s)
	}
	others := e.writeVariables(w)
	others = e.writeMade(w) || others
	others = e.writeLeaks(w) || others
	others = e.writeInlining(w) || others
	others = e.writeSilent(w) || others
	if len(e.sites) == 0 && !others && e.gc.NoData() == "" {
		fmt.Fprintf(w, "\nthe compiler reports no value that is allocated here, and there is nothing on this line that it would not report\n")
	}
}

// source returns the text of the line.
func (e *explainer) source() string {
	data, err := os.ReadFile(e.at.file)
	if err != nil {
		return ""
	}
	n := 0
	for line := range strings.Lines(string(data)) {
		if n++; n == e.at.line {
			return strings.TrimSpace(line)
		}
	}
	return ""
}

// writeHeat says how often the line runs.
func (e *explainer) writeHeat(w io.Writer) {
	if len(e.nodes) == 0 {
		fmt.Fprintf(w, "\nno code begins on this line\n")
		return
	}
	h := e.heat.At(e.nodes[0])
	fmt.Fprintf(w, "\n%s\n", Heat(h))
}

// Heat describes the heat of a place in one or two lines.
func Heat(h hotcode.Heat) string {
	text := "this code is " + Grade(h.Grade)
	if h.Func != nil {
		text = fmt.Sprintf("this code, in %s, is %s", h.Func.Name, Grade(h.Grade))
	}
	switch {
	case h.Why != "":
		text += ": " + h.Why
	case h.Func != nil && h.Func.Root != "":
		text += ": " + Why(h.Func)
	}
	if h.Loop > 0 {
		text += fmt.Sprintf("; %d loops around it", h.Loop)
		if h.Loop == 1 {
			text = strings.TrimSuffix(text, "1 loops around it") + "a loop around it"
		}
	}
	return text
}

// Grade says what a grade means.
func Grade(g hotcode.Grade) string {
	switch g {
	case hotcode.Hot:
		return "hot (it runs per request)"
	case hotcode.Warm:
		return "warm (requests share it with set-up or background work)"
	}
	return "cold (it does not run per request)"
}

// Why gives the chain of calls that makes a function hot.
func Why(fn *hotcode.Func) string {
	why := fn.Root
	if len(fn.Chain) > 1 {
		why += ": " + strings.Join(fn.Chain, " -> ")
	}
	if fn.Assumed {
		why += " (an assumption: the module has no server of its own, so its exported API is taken for what servers call)"
	}
	return why
}

// writeVariables names variables that live on the heap because of what
// this line does with them, or that it uses.
func (e *explainer) writeVariables(w io.Writer) bool {
	moved := make(map[token.Pos]*gcfacts.Site)
	for _, s := range e.gc.Sites() {
		if s.Kind == gcfacts.Moved && s.Verdict == gcfacts.Heap && !e.here(s.Node) {
			moved[s.Node.Pos()] = s
		}
	}
	some := false
	for _, n := range e.nodes {
		id, ok := n.(*ast.Ident)
		if !ok {
			continue
		}
		obj := e.pkg.TypesInfo.Uses[id]
		if obj == nil || moved[obj.Pos()] == nil {
			continue
		}
		s := moved[obj.Pos()]
		delete(moved, obj.Pos()) // once is enough
		some = true
		fmt.Fprintf(w, "\n%s: the variable is on the heap%s%s", code(obj.Name()), e.bytes(s), e.line(obj.Pos()))
		if !e.moves(s) {
			fmt.Fprintf(w, ", not because of this line: heapvet explain %s:%d\n", e.env.Rel(e.at.file), e.position(obj.Pos()).Line)
			continue
		}
		fmt.Fprintf(w, ", because of this line:\n")
		for i := range s.Explanations {
			e.flows(w, s.Explanations[i].Flows)
		}
	}
	return some
}

// moves reports whether the user's line takes part in a way of s to the heap.
func (e *explainer) moves(s *gcfacts.Site) bool {
	for _, ex := range s.Explanations {
		for _, flow := range ex.Flows {
			for _, step := range flow.Steps {
				if !step.Pos.IsValid() {
					continue
				}
				if p := e.position(step.Pos); p.Line == e.at.line && e.sameFile(p.Filename) {
					return true
				}
			}
		}
	}
	return false
}

// writeLeaks says where the parameters declared on the line go.
func (e *explainer) writeLeaks(w io.Writer) bool {
	some := false
	for _, n := range e.nodes {
		id, ok := n.(*ast.Ident)
		if !ok {
			continue
		}
		param, ok := e.pkg.TypesInfo.Defs[id].(*types.Var)
		if !ok {
			continue
		}
		leak, ok := e.gc.Leak(param)
		if !ok {
			continue
		}
		some = true
		switch {
		case leak.Heap == 0:
			fmt.Fprintf(w, "\n%s: what callers pass for this parameter goes to the heap with all it points to:\n", code(param.Name()))
		case leak.Heap > 0:
			fmt.Fprintf(w, "\n%s: what the argument points to goes to the heap; the argument itself may stay on the caller's stack:\n", code(param.Name()))
		default:
			fmt.Fprintf(w, "\n%s: the argument comes back to the caller in a result, and shares its fate:\n", code(param.Name()))
		}
		for i := range leak.Explanations {
			e.flows(w, leak.Explanations[i].Flows)
		}
	}
	return some
}

// writeInlining says which calls of the line are inlined, and whether the
// function declared on it can be.
func (e *explainer) writeInlining(w io.Writer) bool {
	some := false
	for _, n := range e.nodes {
		switch n := n.(type) {
		case *ast.CallExpr:
			if callees := e.gc.InlinedCalls(n); len(callees) > 0 {
				some = true
				fmt.Fprintf(w, "\nthe call of %s is inlined: its body is compiled as part of this function\n", strings.Join(callees, ", then "))
			}
		case *ast.FuncDecl:
			fn, ok := e.pkg.TypesInfo.Defs[n.Name].(*types.Func)
			if !ok || e.position(n.Name.Pos()).Line != e.at.line {
				continue
			}
			some = true
			if e.gc.Inlinable(fn) {
				fmt.Fprintf(w, "\n%s can be inlined: what is said here about its values is about its own body; copies of it in callers may do better\n", n.Name.Name)
			} else if e.gc.NoData() == "" {
				fmt.Fprintf(w, "\n%s is not inlined\n", n.Name.Name)
			}
		}
	}
	return some
}

// writeSilent names what allocates on the line without a word of the
// compiler.
func (e *explainer) writeSilent(w io.Writer) bool {
	some := false
	tell := func(n ast.Node, text string) {
		some = true
		fmt.Fprintf(w, "\ncolumn %d: %s (the compiler never reports this)\n", e.position(n.Pos()).Column, text)
	}
	for _, n := range e.nodes {
		switch n := n.(type) {
		case *ast.CallExpr:
			if id, ok := ast.Unparen(n.Fun).(*ast.Ident); ok && id.Name == "make" && e.is(n, isChan) {
				tell(n, "a channel is always on the heap")
			}
		case *ast.AssignStmt:
			if n.Tok == token.ADD_ASSIGN && e.is(n.Lhs[0], isString) {
				tell(n, "+= makes a new string on the heap, and copies the old one, each time")
			}
			for _, lhs := range n.Lhs {
				if index, ok := ast.Unparen(lhs).(*ast.IndexExpr); ok && e.is(index.X, isMap) {
					tell(lhs, "a new key may make the map grow, which allocates")
				}
			}
		case *ast.GoStmt:
			tell(n, "a goroutine is started: its stack, at least 2 KiB, and what it is called with")
		}
	}
	return some
}

// is reports whether the type of expr is one that test accepts.
func (e *explainer) is(expr ast.Expr, test func(types.Type) bool) bool {
	t := e.pkg.TypesInfo.TypeOf(expr)
	return t != nil && test(t.Underlying())
}

func isChan(t types.Type) bool { _, ok := t.(*types.Chan); return ok }
func isMap(t types.Type) bool  { _, ok := t.(*types.Map); return ok }

func isString(t types.Type) bool {
	b, ok := t.(*types.Basic)
	return ok && b.Info()&types.IsString != 0
}
