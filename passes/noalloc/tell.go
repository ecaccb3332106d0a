package noalloc

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/gcfacts"
	"github.com/heapvet/heapvet/passes/internal/directive"
	"github.com/heapvet/heapvet/passes/internal/report"
)

// contracts tells what breaks the contracts of the package, and which
// exemptions are of no use.
func (c *checker) contracts() {
	var first *ast.FuncDecl
	count := 0
	for _, fn := range c.ssa.Funcs {
		decl, contract := contractSyntax(fn)
		if contract == nil || c.contract(fn, contract) {
			continue
		}
		if count++; first == nil {
			first = decl
		}
	}
	for _, a := range c.lines.asserts {
		c.assertion(a)
	}
	why := c.gc.NoData()
	switch {
	case why == "":
		c.useless()
	case first != nil:
		text := fmt.Sprintf("noalloc function %q is not proved", first.Name.Name)
		if count > 1 {
			text = fmt.Sprintf("noalloc function %q and %d more in this package are not proved", first.Name.Name, count-1)
		}
		c.report.Add(report.Finding{Pos: first.Name.Pos(), End: first.Name.End(), Message: text + ": there is no compiler output", Unconfirmed: why})
	}
}

// contract tells what breaks the contract of fn, of one place the worst. It
// reports false if only the compiler could tell of something, and there is
// no word from it.
func (c *checker) contract(fn *ssa.Function, t *contract) (proved bool) {
	who := "noalloc function"
	if t.name != directive.Prefix+"noalloc" {
		who = t.name + " function"
	}
	causes, _ := c.judge(fn)
	causes = slices.Clone(causes)
	// What is known without the compiler comes first: it is what drivers that
	// have not asked it know, too.
	slices.SortStableFunc(causes, func(x, y cause) int {
		return cmp.Or(cmp.Compare(x.Kind, y.Kind), cmp.Compare(btoi(x.Asked), btoi(y.Asked)))
	})
	proved = true
	told := make(map[token.Pos]bool)
	for _, cause := range causes {
		switch {
		case cause.Kind == unasked && c.gc.NoData() != "":
			proved = false
			continue // told once for the package
		case !t.covers(&cause) || told[cause.pos]:
			continue
		}
		told[cause.pos] = true
		c.report.Add(report.Finding{
			Pos: cause.pos, End: cause.end,
			Message: fmt.Sprintf("%s %q %s%s", who, fn.RelString(c.pass.Pkg), cause.said(), cause.what()),
		})
	}
	return proved
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// assertion tells what breaks an assertion of gcassert: something on its
// line escapes.
func (c *checker) assertion(a assertion) {
	for _, name := range a.names {
		switch name {
		case "noescape":
			c.noescape(a)
		case "inline", "bce":
			c.report.Add(report.Finding{
				Pos: a.pos, Advice: true,
				Message: fmt.Sprintf("//gcassert:%s is not checked: heapvet knows noescape only", name),
			})
		}
	}
}

// noescape tells what gc puts on the heap on the line of a, and if a
// function is declared there, which of its parameters leak.
func (c *checker) noescape(a assertion) {
	const text = "//gcassert:noescape does not hold: "
	for _, site := range c.gc.Sites() {
		if c.lines.line(site.Node.Pos()) == a.line && site.Verdict == gcfacts.Heap {
			c.report.Add(report.Finding{Pos: site.Node.Pos(), End: site.Node.End(), Message: text + describe(site)})
		}
	}
	for _, fn := range c.ssa.Funcs {
		decl, ok := fn.Syntax().(*ast.FuncDecl)
		if !ok || c.lines.line(decl.Pos()) != a.line {
			continue
		}
		for _, param := range fn.Params {
			v, ok := param.Object().(*types.Var)
			if !ok {
				continue // unnamed
			}
			if leak, leaks := c.gc.Leak(v); leaks && (leak.Heap == 0 || len(leak.Results) > 0) {
				c.report.Add(report.Finding{
					Pos: v.Pos(), End: v.Pos() + token.Pos(len(v.Name())),
					Message: fmt.Sprintf("%sparameter %q leaks to the caller or the heap", text, v.Name()),
				})
			}
		}
	}
	if why := c.gc.NoData(); why != "" {
		c.report.Add(report.Finding{Pos: a.pos, Message: "//gcassert:noescape is not proved: there is no compiler output", Unconfirmed: why})
	}
}

// useless tells the exemptions of lines on which nothing allocates.
func (c *checker) useless() {
	for _, a := range c.lines.order {
		if !a.used && !a.foreign {
			c.report.Add(report.Finding{Pos: a.pos, End: a.end, Message: directive.Prefix + "allow does nothing here: nothing on its line allocates"})
		}
	}
}
