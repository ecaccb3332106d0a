package unboundedlabel

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/hotcode"
	"github.com/heapvet/heapvet/passes/internal/callsite"
	"github.com/heapvet/heapvet/passes/internal/report"
	"github.com/heapvet/heapvet/passes/internal/typeid"
	"github.com/heapvet/heapvet/passes/reqflow"
)

// labels is the fact that a function makes label values of some of its
// parameters, so that its callers answer for what they pass.
type labels struct {
	Params []int  // receiver first, sorted
	Kept   string // what stays for each value
	Advice string // as in sink
}

func (*labels) AFact() {}

func (f *labels) String() string { return fmt.Sprintf("labels%v", f.Params) }

// A part is one label value on its way into a sink.
type part struct {
	value ssa.Value
	at    ssa.Instruction // where it is put in
	expr  ast.Expr        // its syntax; nil if not known
}

// labels judges the label values of call, if it is a sink.
func (c *checker) labels(call ssa.CallInstruction) {
	fn := callsite.Func(call.Common())
	s, ok := sinks[key(fn)]
	var parts []part
	if ok {
		if c.pruned.has(call) || !registers(fn, s) {
			return // series are deleted again, or the name means something else
		}
		parts = partsOf(call, s)
	} else if parts, s = c.passed(call, fn); len(parts) == 0 {
		return // no sink
	}
	heat := c.heatOf(call.Parent())
	if heat.Grade < hotcode.Warm || heat.Root == hotcode.Background || !c.tell(call, s, parts, heat) || heat.Assumed {
		c.export(call.Parent(), s, parts)
	}
}

// registers reports whether fn, found by package and name, is a function
// that s describes: it has the argument that s speaks of.
func registers(fn *types.Func, s sink) bool {
	params := fn.Signature().Params()
	return params.Len() > s.arg && (s.form != name || typeid.IsString(params.At(s.arg).Type()))
}

// loop ends the names of roots that are loops over messages. Who sends them
// may well be the program itself; what the loops of goroutines receive from
// channels and peers was never a client's choice on real programs.
const loop = " loop"

// A tainted is a label value that a client chooses.
type tainted struct {
	part
	name string // how messages call it
	sure bool   // not the text of an error, not assumed
}

// tell reports the label values of call that a client chooses.
func (c *checker) tell(call ssa.CallInstruction, s sink, parts []part, heat *hotcode.Func) bool {
	var found []tainted
	for _, p := range parts {
		if t, ok := c.tainted(p); ok {
			found = append(found, t)
		}
	}
	if len(found) == 0 {
		return false
	}
	var names []string
	sure := false
	for _, t := range found {
		sure = sure || t.sure
		if !slices.Contains(names, t.name) {
			names = append(names, t.name)
		}
	}
	pos, end := span(call, found[0].part)
	c.reporter.Add(report.Finding{
		Pos: pos, End: end,
		Advice: !sure || heat.Assumed || s.advice != "" || strings.HasSuffix(heat.Root, loop),
		Message: fmt.Sprintf("metric label %s is chosen by the client: %s stays in memory for every new value; %s%s",
			strings.Join(names, ", "), s.kept, cmp.Or(s.advice, "use the route's template, a class or an allow-list"), via(heat)),
	})
	return true
}

// tainted judges one label value.
func (c *checker) tainted(p part) (t tainted, ok bool) {
	flow := c.flow.ValueAt(p.value, p.at)
	t = tainted{part: p, name: c.text(p, flow)}
	if errorText(p.value) {
		return t, true // it may quote what it was given
	}
	if !flow.Tainted() {
		return t, false
	}
	t.sure = !flow.Assumed
	return t, c.near(p.value, make(map[ssa.Value]bool)) == near
}

// text returns how messages call a label value.
func (c *checker) text(p part, flow reqflow.Flow) string {
	if p.expr != nil {
		if text := types.ExprString(p.expr); len(text) <= 40 {
			return text
		}
	}
	return cmp.Or(flow.Source, "value")
}

// span returns the place to report p at.
func span(call ssa.CallInstruction, p part) (pos, end token.Pos) {
	if p.expr != nil {
		return p.expr.Pos(), p.expr.End()
	}
	if expr := callsite.Expr(call); expr != nil {
		return expr.Pos(), expr.End()
	}
	return callsite.Position(call), token.NoPos
}

// errorText reports whether v is the text of an error.
func errorText(v ssa.Value) bool {
	call, ok := v.(*ssa.Call)
	return ok && call.Call.IsInvoke() && call.Call.Method.Name() == "Error" && typeid.IsError(call.Call.Value.Type())
}

// passed returns the arguments of call that its callee makes labels of.
func (c *checker) passed(call ssa.CallInstruction, fn *types.Func) ([]part, sink) {
	var fact labels
	if fn.Pkg() == c.pass.Pkg || !c.pass.ImportObjectFact(fn, &fact) {
		return nil, sink{}
	}
	args := call.Common().Args
	if call.Common().IsInvoke() {
		return nil, sink{} // facts are about functions with a body
	}
	var parts []part
	for _, i := range fact.Params {
		if i < len(args) {
			parts = append(parts, part{args[i], call, argExpr(call, fn, i)})
		}
	}
	return parts, sink{kept: fact.Kept, advice: fact.Advice}
}

// argExpr returns the syntax of the i-th argument of call, receiver first.
func argExpr(call ssa.CallInstruction, fn *types.Func, i int) ast.Expr {
	if fn.Signature().Recv() != nil {
		i--
	}
	expr := callsite.Expr(call)
	if expr == nil || i < 0 || i >= len(expr.Args) {
		return nil
	}
	return expr.Args[i]
}

// export tells the importing packages that fn makes labels of some of its
// parameters, which the package itself shows no harm in.
func (c *checker) export(fn *ssa.Function, s sink, parts []part) {
	obj, ok := fn.Object().(*types.Func)
	if !ok || !obj.Exported() {
		return // not for others to call
	}
	fact := labels{Kept: s.kept, Advice: s.advice}
	c.pass.ImportObjectFact(obj, &fact) // of an earlier sink in fn
	for _, p := range parts {
		if flow := c.flow.ValueAt(p.value, p.at); !flow.Bounded {
			fact.Params = append(fact.Params, flow.Params...)
		}
	}
	if len(fact.Params) > 0 {
		slices.Sort(fact.Params)
		fact.Params = slices.Compact(fact.Params)
		c.pass.ExportObjectFact(obj, &fact)
	}
}
