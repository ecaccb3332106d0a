package hotcall

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/passes/internal/edit"
	"github.com/heapvet/heapvet/passes/internal/hotsite"
	"github.com/heapvet/heapvet/passes/internal/typeid"
)

// split looks for a slice of all parts of a text that is made for one of
// them, for their number, or to go through them once.
func split(c *hotsite.Checker, cur inspector.Cursor) {
	call := cur.Node().(*ast.CallExpr)
	fn := typeid.Callee(c.Info, call)
	if !typeid.IsFunc(fn, "strings", "Split", "SplitN", "Fields") && !typeid.IsFunc(fn, "bytes", "Split", "SplitN", "Fields") {
		return
	}
	name := typeid.Name(fn, nil)
	pkg := fn.Pkg().Name()
	finding := hotsite.Finding{Pos: call.Pos(), End: call.Lparen, Measured: 1, Bytes: 128}
	if rangedOver(cur) && fn.Name() != "SplitN" && edit.Since(c.Pass, call, "go1.24") {
		finding.Text = name + " makes a slice of all parts to range over: use " + pkg + "." + fn.Name() + "Seq"
		finding.Fixes = sequence(c, cur, fn)
		c.Report(cur, finding)
		return
	}
	if fn.Name() == "Fields" || !separates(c, call) {
		return
	}
	if splitFor(c, cur, fn, &finding) {
		c.Report(cur, finding)
	}
}

// splitFor says in finding what does better than the split at cur, fn, for
// the parts that are used; ok is false if nothing does.
func splitFor(c *hotsite.Checker, cur inspector.Cursor, fn *types.Func, finding *hotsite.Finding) (ok bool) {
	call, name, pkg := cur.Node().(*ast.CallExpr), typeid.Name(fn, nil), fn.Pkg().Name()
	limited := fn.Name() == "SplitN"
	used := partsUsed(c, cur)
	switch {
	case used&firstPart != 0 && used.in(firstPart|always|severalParts) && (!limited || limit(c, call, 2)):
		finding.Text = name + " makes a slice of all parts for the first: use " + pkg + ".Cut"
		finding.Fixes = cutFirst(c, cur, fn)
	case used&(firstPart|secondPart) != 0 && used.in(^(lastPart | laterParts)) && limit(c, call, 2):
		finding.Text = name + " makes a slice of two parts: use " + pkg + ".Cut"
		finding.Bytes = 32
	case used&secondPart != 0 && used&exactlyTwo != 0 && used.in(^(lastPart | laterParts | number)) && (!limited || limit(c, call, 3)):
		finding.Text = name + " makes a slice of two parts: use " + pkg + ".Cut, and " + pkg + ".Contains on the rest to still refuse more"
		finding.Bytes = 32
		finding.Advice = true
	case used&laterParts != 0 && used.in(firstPart|always|laterParts) && !limited:
		finding.Text = name + " makes a slice of all parts to range over those after the first: use " + pkg + ".Cut, and " + pkg + ".SplitSeq on the rest if there is one"
		if !edit.Since(c.Pass, call, "go1.24") {
			finding.Text = name + " makes a slice of all parts to range over those after the first: use " + pkg + ".Cut, and again on the rest while there is one"
			finding.Advice = true
		}
	case used&lastPart != 0 && used.in(lastPart|always) && !limited:
		finding.Text = name + " makes a slice of all parts for the last: use " + pkg + ".LastIndex"
	case used.in(always|severalParts|exactlyTwo|number) && used != always && !limited:
		finding.Text = name + " makes a slice of all parts to count them: use " + pkg + ".Count"
		finding.Fixes = counted(c, cur, fn)
	default:
		return false
	}
	return true
}

// rangedOver reports whether the value at cur is only ranged over, without
// its indices.
func rangedOver(cur inspector.Cursor) bool {
	if cur.ParentEdgeKind() != edge.RangeStmt_X {
		return false
	}
	key, ok := cur.Parent().Node().(*ast.RangeStmt).Key.(*ast.Ident)
	return cur.Parent().Node().(*ast.RangeStmt).Key == nil || ok && key.Name == "_"
}

// separates reports whether the call splits at something that is not empty.
func separates(c *hotsite.Checker, call *ast.CallExpr) bool {
	sep := ast.Unparen(call.Args[1])
	if conv, ok := sep.(*ast.CallExpr); ok && len(conv.Args) == 1 && c.Info.Types[conv.Fun].IsType() {
		sep = conv.Args[0]
	}
	v := c.Info.Types[sep].Value
	return v != nil && v.ExactString() != `""`
}

// limit reports whether the number of parts that call asks for is n.
func limit(c *hotsite.Checker, call *ast.CallExpr, n int64) bool {
	return len(call.Args) == 3 && constantInt(c, call.Args[2]) == n
}

// sequence ranges over an iterator instead of a slice.
func sequence(c *hotsite.Checker, cur inspector.Cursor, fn *types.Func) []analysis.SuggestedFix {
	call, loop := cur.Node().(*ast.CallExpr), cur.Parent().Node().(*ast.RangeStmt)
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok || fn.Pkg().Name() == "bytes" {
		return nil // its body may write to the bytes
	}
	f := edit.New(c.Pass, call)
	f.Replace(sel.Sel.Pos(), sel.Sel.End(), fn.Name()+"Seq")
	if loop.Value != nil {
		f.Replace(loop.Key.Pos(), loop.Value.Pos(), "")
	}
	return f.Suggest("Range over " + fn.Pkg().Name() + "." + fn.Name() + "Seq")
}

// cutFirst takes the first part with Cut, where it is assigned.
func cutFirst(c *hotsite.Checker, cur inspector.Cursor, fn *types.Func) []analysis.SuggestedFix {
	call := cur.Node().(*ast.CallExpr)
	index := hotsite.Outer(cur).Parent()
	if index.ParentEdgeKind() != edge.AssignStmt_Rhs {
		return nil
	}
	stmt := index.Parent().Node().(*ast.AssignStmt)
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok || len(stmt.Lhs) != 1 || len(stmt.Rhs) != 1 || stmt.Tok != token.DEFINE && stmt.Tok != token.ASSIGN || fn.Pkg().Name() != "strings" {
		return nil
	}
	f := edit.New(c.Pass, call)
	f.Insert(stmt.Lhs[0].End(), ", _, _")
	f.Replace(stmt.Rhs[0].Pos(), stmt.Rhs[0].End(), f.Text(sel.X)+".Cut("+f.Text(call.Args[0])+", "+f.Text(call.Args[1])+")")
	return f.Suggest("Use strings.Cut")
}

// counted counts separators instead of parts.
func counted(c *hotsite.Checker, cur inspector.Cursor, fn *types.Func) []analysis.SuggestedFix {
	call := cur.Node().(*ast.CallExpr)
	length := hotsite.Outer(cur).Parent()
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if l, isCall := length.Node().(*ast.CallExpr); !ok || !isCall || typeid.Builtin(c.Info, l) != "len" {
		return nil
	}
	f := edit.New(c.Pass, call)
	text := f.Text(sel.X) + ".Count(" + f.Text(call.Args[0]) + ", " + f.Text(call.Args[1]) + ") + 1"
	if _, ok := length.Parent().Node().(ast.Expr); ok {
		text = "(" + text + ")"
	}
	f.Replace(length.Node().Pos(), length.Node().End(), text)
	return f.Suggest("Use " + fn.Pkg().Name() + ".Count")
}
