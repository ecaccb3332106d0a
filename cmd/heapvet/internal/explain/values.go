package explain

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"io"
	"os"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"

	"github.com/heapvet/heapvet/cmd/heapvet/internal/load"
	"github.com/heapvet/heapvet/cmd/heapvet/internal/session"
	"github.com/heapvet/heapvet/passes/gcfacts"
	"github.com/heapvet/heapvet/passes/hotcode"
)

// An explainer knows all about one line.
type explainer struct {
	env   *load.Env
	pkg   *packages.Package
	at    place
	heat  *hotcode.Result
	gc    *gcfacts.Package
	nodes []ast.Node // what begins on the line, or has its operator there
	sites []*gcfacts.Site
}

func newExplainer(s *session.Session, pkg *packages.Package, at place) (*explainer, error) {
	heat, gc, err := Facts(s.Config, pkg)
	if err != nil {
		return nil, err
	}
	e := &explainer{env: s.Env, pkg: pkg, at: at, heat: heat, gc: gc}
	for _, f := range pkg.Syntax {
		if names(pkg, f, at.file) {
			e.collect(f)
		}
	}
	e.sites = slices.DeleteFunc(slices.Clone(gc.Sites()), func(s *gcfacts.Site) bool { return !e.here(s.Node) })
	return e, nil
}

// collect finds the nodes of the line in f.
func (e *explainer) collect(f *ast.File) {
	ast.Inspect(f, func(n ast.Node) bool {
		if n == nil {
			return false
		}
		if _, comment := n.(*ast.Comment); comment {
			return false
		}
		if _, group := n.(*ast.CommentGroup); !group && e.here(n) {
			e.nodes = append(e.nodes, n)
		}
		return true
	})
}

// position returns the position of pos in the file the user named: as
// //line directives say only where that leads there (cgo).
func (e *explainer) position(pos token.Pos) token.Position {
	if p := e.pkg.Fset.PositionFor(pos, true); p.Filename == e.at.file {
		return p
	}
	return e.pkg.Fset.PositionFor(pos, false)
}

// here reports whether the compiler would name the user's line, and
// column if there is one, as the place of n.
func (e *explainer) here(n ast.Node) bool {
	p := e.position(anchor(n))
	begin, end := e.position(n.Pos()), e.position(n.End())
	if !e.sameFile(p.Filename) || p.Line != e.at.line && begin.Line != e.at.line {
		return false
	}
	if e.at.col == 0 {
		return true
	}
	after := begin.Line < e.at.line || begin.Line == e.at.line && begin.Column <= e.at.col
	before := end.Line > e.at.line || end.Line == e.at.line && e.at.col < end.Column
	return after && before
}

func (e *explainer) sameFile(name string) bool {
	if name == e.at.file {
		return true
	}
	a, errA := os.Stat(name)
	b, errB := os.Stat(e.at.file)
	return errA == nil && errB == nil && os.SameFile(a, b)
}

// anchor returns the position that gc gives for n.
func anchor(n ast.Node) token.Pos {
	switch n := n.(type) {
	case *ast.CallExpr:
		return n.Lparen
	case *ast.CompositeLit:
		return n.Lbrace
	case *ast.SelectorExpr:
		return n.Sel.Pos()
	case *ast.BinaryExpr:
		return n.OpPos
	}
	return n.Pos()
}

// site explains one value.
func (e *explainer) site(w io.Writer, s *gcfacts.Site) {
	fmt.Fprintf(w, "\n%s\n", e.headline(s))
	if s.Callee != "" {
		fmt.Fprintf(w, "    it belongs to %s, whose body the compiler copied in here (inlining)\n", code(s.Callee))
	}
	for i := range s.Explanations {
		if len(s.Explanations) > 1 {
			fmt.Fprintf(w, "  way %d of %d (all must be cured before the value can stay on the stack):\n", i+1, len(s.Explanations))
		}
		e.flows(w, s.Explanations[i].Flows)
		if s.Explanations[i].Truncated {
			fmt.Fprintf(w, "    - here the compiler cut its own explanation short\n")
		}
	}
	if len(s.Instances) > 1 {
		fmt.Fprintf(w, "    this holds for at least one of the instances %s\n", strings.Join(s.Instances, ", "))
	}
}

// headline says what became of the value.
func (e *explainer) headline(s *gcfacts.Site) string {
	subject := code(s.Expr)
	switch s.Kind {
	case gcfacts.Variadic, gcfacts.Closure, gcfacts.RangeFunc, gcfacts.Append, gcfacts.GoCall:
		subject = "line " + fmt.Sprint(e.position(anchor(s.Node)).Line)
	}
	what := fmt.Sprintf("%s: %s", subject, kinds[s.Kind])
	switch s.Verdict {
	case gcfacts.Heap:
		return what + " is on the heap" + e.bytes(s)
	case gcfacts.HeapNoAlloc:
		return what + " escapes, but costs no allocation: it is constant, empty or of at most one byte, and lives in read-only or shared memory"
	case gcfacts.Stack:
		return what + " stays on the stack" + e.bytes(s)
	case gcfacts.StackIfSmall:
		return what + " does not escape, but that is not enough: " + limit(s.Kind)
	case gcfacts.NotReported:
		return what + ": the compiler does not report this kind of allocation"
	}
	return what + ": there is no word of the compiler about it"
}

// bytes says how large the value is, where that is known.
func (e *explainer) bytes(s *gcfacts.Site) string {
	n, ok := e.size(s)
	switch {
	case !ok:
		return ""
	case s.Verdict == gcfacts.Heap:
		return fmt.Sprintf(", %d bytes each time", n)
	}
	return fmt.Sprintf(" (%d bytes)", n)
}

// flows tells how a value gets to the heap, hop by hop.
func (e *explainer) flows(w io.Writer, flows []gcfacts.Flow) {
	for i, flow := range flows {
		for j, step := range flow.Steps {
			if step.Reason == "spill" && j+1 < len(flow.Steps) {
				continue // the next step says what becomes of it
			}
			fmt.Fprintf(w, "    - %s%s%s\n", say(step), e.callee(step), e.line(step.Pos))
		}
		switch {
		case i+1 == len(flows) && forced(flow):
			fmt.Fprintf(w, "    so it goes to the heap, whatever is done with it\n")
		case i+1 == len(flows) && flow.Dst == "{heap}":
			fmt.Fprintf(w, "    so it reaches %s: the heap\n", where(flow.Dst))
		case i+1 == len(flows):
			fmt.Fprintf(w, "    so it reaches %s, which outlives the function: the heap\n", where(flow.Dst))
		default:
			fmt.Fprintf(w, "    so it reaches %s, and from there:\n", where(flow.Dst))
		}
	}
}

// forced reports whether gc chose the heap for the value's own sake.
func forced(flow gcfacts.Flow) bool {
	if len(flow.Steps) == 0 {
		return false
	}
	switch flow.Steps[len(flow.Steps)-1].Reason {
	case gcfacts.TooLarge, gcfacts.TooAligned, gcfacts.NonConstant, gcfacts.ZeroSized:
		return true
	}
	return false
}

// line says where pos is, unless it is the line asked about.
func (e *explainer) line(pos token.Pos) string {
	if !pos.IsValid() {
		return ""
	}
	p := e.position(pos)
	switch {
	case !e.sameFile(p.Filename):
		return fmt.Sprintf(" (%s:%d)", e.env.Rel(p.Filename), p.Line)
	case p.Line != e.at.line:
		return fmt.Sprintf(" (line %d)", p.Line)
	}
	return ""
}

// callee says why a call that a value is passed to may keep it.
func (e *explainer) callee(step gcfacts.Step) string {
	if step.Reason != gcfacts.CallParam || !step.Pos.IsValid() {
		return ""
	}
	call := e.callAt(step.Pos)
	if call == nil {
		return ""
	}
	fun := ast.Unparen(call.Fun)
	if sel, ok := fun.(*ast.SelectorExpr); ok {
		if s := e.pkg.TypesInfo.Selections[sel]; s != nil && s.Kind() == types.MethodVal && types.IsInterface(s.Recv()) {
			return "; " + types.TypeString(s.Recv(), types.RelativeTo(e.pkg.Types)) + " is an interface: the compiler cannot know which method runs, and must assume that it keeps what it is given"
		}
		fun = sel.Sel
	}
	if id, ok := fun.(*ast.Ident); ok {
		switch e.pkg.TypesInfo.Uses[id].(type) {
		case *types.Builtin:
			return "; the slice keeps it" // append
		case *types.Var:
			return "; it is a call of a function value: the compiler cannot know which function runs, and must assume that it keeps what it is given"
		}
	}
	return "; the function keeps it, or hands it to one that the compiler cannot look into"
}

// callAt returns the call whose parenthesis is at pos.
func (e *explainer) callAt(pos token.Pos) *ast.CallExpr {
	var found *ast.CallExpr
	for _, f := range e.pkg.Syntax {
		if pos < f.FileStart || f.FileEnd <= pos {
			continue
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok && call.Lparen == pos {
				found = call
			}
			return found == nil && n != nil && n.Pos() <= pos && pos <= n.End()
		})
	}
	return found
}
