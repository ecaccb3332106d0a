package hotgrow

import (
	"go/ast"
	"go/types"
	"strconv"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/passes/gcfacts"
	"github.com/heapvet/heapvet/passes/internal/edit"
	"github.com/heapvet/heapvet/passes/internal/hotsite"
	"github.com/heapvet/heapvet/passes/internal/typeid"
	"github.com/heapvet/heapvet/passes/internal/varuse"
)

// fewKeys is the number of entries that a map holds before it grows.
const fewKeys = 8

// mapped looks for maps that are made without a size and get a new key in
// each iteration of a loop that runs a known number of times:
//
//	m := make(map[int]string)
//	for i, x := range xs {
//		m[i] = f(x) // here
//	}
//
// Where keys may repeat, as those of a set, the map may stay small. Up to
// eight keys nothing is gained: unless it is known that there are more, the
// finding is advice.
func mapped(c *hotsite.Checker, cur inspector.Cursor) {
	stmt := cur.Node().(*ast.AssignStmt)
	index, ok := ast.Unparen(stmt.Lhs[0]).(*ast.IndexExpr)
	if !ok || len(stmt.Lhs) != 1 || len(stmt.Rhs) != 1 {
		return
	}
	if _, isMap := c.Info.TypeOf(index.X).Underlying().(*types.Map); !isMap {
		return
	}
	s, ok := slotOf(c, index.X)
	if !ok || s.field != nil {
		return
	}
	l, ok := loopAround(c, cur)
	if !ok || l.most >= 0 && l.most <= fewKeys || !everyTime(c, cur, l) || !outside(c, s, l.cur) {
		return
	}
	keys := keysOf(c, index.Index, l)
	start, ok := startOf(c, s)
	if !ok || keys == repeating || start.kind != isEmpty || start.expr == nil || reassigned(c, s.v) {
		return
	}
	if usedBefore(c, s.v, l) && !declaredBefore(c, l.bound, start.at.Node()) {
		return // it cannot be made later, where the length is known
	}
	made, ok := start.at.FindNode(ast.Unparen(start.expr))
	if !ok {
		return
	}
	of := gcfacts.MakeMap
	if _, lit := made.Node().(*ast.CompositeLit); lit {
		of = gcfacts.MapLit
	}
	c.Report(cur, hotsite.Finding{
		Pos: made.Node().Pos(), End: made.Node().End(),
		Text:   "map " + strconv.Quote(s.name()) + " grows in a loop whose length is known: make it for " + l.text + " keys",
		Site:   c.GC.At(made.Node(), of),
		Sized:  true,
		Advice: l.most < 0, // it may be few
		Fixes:  presizedMap(c, start, l, keys),
	})
}

// A novelty tells whether the keys of a loop's iterations differ.
type novelty uint8

const (
	repeating novelty = iota // nothing says so
	derived                  // they are parts of the elements: likely
	unique                   // they do
)

// keysOf tells whether key is another one in each iteration of l.
func keysOf(c *hotsite.Checker, key ast.Expr, l loop) novelty {
	if v := c.Uses().Local(key); v != nil && v == l.keys {
		return unique
	}
	if sel, ok := ast.Unparen(key).(*ast.SelectorExpr); ok && l.value != nil {
		if c.Uses().Local(sel.X) == l.value {
			return derived
		}
	}
	if i, ok := ast.Unparen(key).(*ast.IndexExpr); ok && l.keys != nil && c.Uses().Local(i.Index) == l.keys {
		return derived
	}
	return repeating
}

// reassigned reports whether the variable v ever gets another value, or may.
func reassigned(c *hotsite.Checker, v *types.Var) bool {
	for _, use := range c.Uses().Of(v) {
		if u := c.Uses().Classify(use); u.Role == varuse.Address || assigned(use) {
			return true
		}
	}
	return false
}

// usedBefore reports whether v is used before the loop l.
func usedBefore(c *hotsite.Checker, v *types.Var, l loop) bool {
	uses := c.Uses().Of(v)
	return len(uses) > 0 && uses[0].Node().Pos() < l.cur.Node().Pos()
}

// declaredBefore reports whether the local variables in e are declared, and
// have got their last value, before node.
func declaredBefore(c *hotsite.Checker, e ast.Expr, node ast.Node) bool {
	before := true
	ast.Inspect(e, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok {
			return before
		}
		if v := c.Uses().Local(id); v != nil && v.Pos() >= node.Pos() {
			before = false
		}
		return before
	})
	return before && !changedIn(c, e, span{node.Pos(), e.Pos()})
}

// presizedMap makes the map with a size where it is declared.
func presizedMap(c *hotsite.Checker, start beginning, l loop, keys novelty) []analysis.SuggestedFix {
	if keys != unique || !knownAt(c, l, start.at.Node()) {
		return nil
	}
	f := edit.New(c.Pass, start.expr)
	switch e := ast.Unparen(start.expr).(type) {
	case *ast.CompositeLit:
		if e.Type == nil {
			return nil
		}
		f.Replace(e.Pos(), e.End(), "make("+f.Text(e.Type)+", "+l.text+")")
	case *ast.CallExpr:
		f.Replace(e.Args[0].End(), e.Rparen, ", "+l.text)
	}
	return f.Suggest("Make it for so many keys")
}

// copied looks for maps that are copied to be changed, once per call: a
// chain of small nodes, or a change in place, does not copy them all.
//
//	n := make(map[K]V, len(m)+1)
//	for k, v := range m {
//		n[k] = v
//	}
//	n[key] = value
func copied(c *hotsite.Checker, cur inspector.Cursor) {
	call := cur.Node().(*ast.CallExpr)
	if typeid.IsFunc(typeid.Callee(c.Info, call), "maps", "Clone") && len(call.Args) == 1 {
		if v := assignee(c, cur); v != nil && setsKey(c, v, cur) {
			reportCopy(c, cur, call.Args[0])
		}
		return
	}
	if typeid.Builtin(c.Info, call) != "make" || len(call.Args) != 2 {
		return
	}
	sum, ok := ast.Unparen(call.Args[1]).(*ast.BinaryExpr)
	if !ok || !isLen(c, sum.X) || constantInt(c, sum.Y) <= 0 {
		return
	}
	from := ast.Unparen(sum.X).(*ast.CallExpr).Args[0]
	if _, isMap := c.Info.TypeOf(from).Underlying().(*types.Map); !isMap {
		return
	}
	if _, isMap := c.Info.TypeOf(call).Underlying().(*types.Map); isMap && c.Heat.At(call).Loop == 0 {
		reportCopy(c, cur, from)
	}
}

func reportCopy(c *hotsite.Checker, cur inspector.Cursor, from ast.Expr) {
	kind := gcfacts.MakeMap
	site := c.GC.At(cur.Node(), kind)
	finding := hotsite.Finding{
		Pos: cur.Node().Pos(), End: cur.Node().End(),
		Text:   "map " + c.Text(from) + " is copied on every call to add a key: keep additions in a chain, or change it in place",
		Site:   site,
		Sized:  true,
		Advice: true,
	}
	if site.Verdict == gcfacts.NotReported {
		finding.Measured = 1 // maps.Clone
	}
	c.Report(cur, finding)
}

// assignee returns the local variable that the value at cur is assigned to.
func assignee(c *hotsite.Checker, cur inspector.Cursor) *types.Var {
	if cur.ParentEdgeKind() != edge.AssignStmt_Rhs {
		return nil
	}
	stmt := cur.Parent().Node().(*ast.AssignStmt)
	if len(stmt.Lhs) != len(stmt.Rhs) {
		return nil
	}
	return c.Uses().Local(stmt.Lhs[cur.ParentEdgeIndex()])
}

// setsKey reports whether an element of the map v is assigned after cur.
func setsKey(c *hotsite.Checker, v *types.Var, cur inspector.Cursor) bool {
	for _, use := range c.Uses().Of(v) {
		if use.ParentEdgeKind() == edge.IndexExpr_X && assigned(use.Parent()) && use.Node().Pos() > cur.Node().Pos() {
			return true
		}
	}
	return false
}
