package hotconv

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/passes/gcfacts"
	"github.com/heapvet/heapvet/passes/internal/edit"
	"github.com/heapvet/heapvet/passes/internal/hotsite"
	"github.com/heapvet/heapvet/passes/internal/typeid"
	"github.com/heapvet/heapvet/passes/internal/varuse"
)

// twinPackage looks for a function of package strings that gets converted
// bytes, or one of package bytes that gets a converted string, although the
// other package has the same function.
func twinPackage(c *hotsite.Checker, cur inspector.Cursor) {
	call := cur.Node().(*ast.CallExpr)
	fn := typeid.Callee(c.Info, call)
	twin := ""
	switch {
	case typeid.IsFunc(fn, "strings", searches...):
		twin = "bytes"
	case typeid.IsFunc(fn, "bytes", searches...):
		twin = "strings"
	default:
		return
	}
	var first *ast.CallExpr
	for _, arg := range call.Args {
		conv := conversion(c.Info, arg)
		switch {
		case conv != nil && c.Info.Types[conv.Args[0]].Value == nil:
			if first == nil {
				first = conv
			}
		case conv == nil && c.Info.Types[arg].Value == nil && !basic(c.Info.TypeOf(arg), types.IsInteger):
			return // it would have to be converted
		}
	}
	if first == nil {
		return
	}
	c.Report(cur, hotsite.Finding{
		Pos: first.Pos(), End: first.End(),
		Text:  c.Text(first) + " copies the text for " + typeid.Name(fn, nil) + ": use " + twin + "." + fn.Name(),
		Site:  c.GC.At(first, gcfacts.Conv),
		Sized: true,
		Fixes: useTwin(c, call, twin),
	})
}

// searches lists functions of the packages strings and bytes that have the
// same name and do the same, and keep nothing.
var searches = []string{
	"Contains", "ContainsAny", "ContainsRune", "Count", "EqualFold", "HasPrefix", "HasSuffix",
	"Index", "IndexAny", "IndexByte", "IndexRune", "LastIndex", "LastIndexAny", "LastIndexByte",
}

// useTwin calls the function of the other package with the operands of the
// conversions. Constants are converted where they are bytes now.
func useTwin(c *hotsite.Checker, call *ast.CallExpr, twin string) []analysis.SuggestedFix {
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	f := edit.New(c.Pass, call)
	f.Replace(sel.X.Pos(), sel.X.End(), f.Import(twin, call.Pos()))
	for i, arg := range call.Args {
		conv := conversion(c.Info, arg)
		switch {
		case conv != nil:
			f.Replace(arg.Pos(), arg.End(), f.Text(conv.Args[0]))
		case twin == "bytes" && typeid.IsString(c.Info.TypeOf(arg)) && (i == 0 || !asText(sel.Sel.Name)):
			f.Replace(arg.Pos(), arg.End(), "[]byte("+f.Text(arg)+")")
		}
	}
	return f.Suggest("Use " + twin + "." + sel.Sel.Name)
}

// asText reports whether the second operand of a function of package bytes
// is a string.
func asText(name string) bool {
	return name == "ContainsAny" || name == "IndexAny" || name == "LastIndexAny"
}

// reader looks for a reader of bytes that a string is copied to, or the
// other way round, where only an io.Reader is wanted.
func reader(c *hotsite.Checker, cur inspector.Cursor) {
	call := cur.Node().(*ast.CallExpr)
	fn := typeid.Callee(c.Info, call)
	if len(call.Args) != 1 || !asInterface(c, cur) {
		return
	}
	finding := hotsite.Finding{Pos: call.Pos(), End: call.Lparen}
	f := edit.New(c.Pass, call)
	conv := conversion(c.Info, call.Args[0])
	switch {
	case typeid.IsFunc(fn, "bytes", "NewBufferString"):
		finding.Text = "bytes.NewBufferString copies a string to read it: use strings.NewReader"
		finding.Measured = 1
		f.Replace(call.Pos(), call.End(), f.Import("strings", call.Pos())+".NewReader("+f.Text(call.Args[0])+")")
		finding.Fixes = f.Suggest("Use strings.NewReader")
	case conv == nil:
		return
	case typeid.IsFunc(fn, "bytes", "NewReader", "NewBuffer"):
		finding.Text = c.Text(conv) + " copies a string to read it: use strings.NewReader"
		finding.Site = c.GC.At(conv, gcfacts.Conv)
		f.Replace(call.Pos(), call.End(), f.Import("strings", call.Pos())+".NewReader("+f.Text(conv.Args[0])+")")
		finding.Fixes = f.Suggest("Use strings.NewReader")
	case typeid.IsFunc(fn, "strings", "NewReader"):
		finding.Text = c.Text(conv) + " copies bytes to read them: use bytes.NewReader"
		finding.Site = c.GC.At(conv, gcfacts.Conv)
	default:
		return
	}
	c.Report(cur, finding)
}

// asInterface reports whether the value at cur is handed to a parameter
// that is an io.Reader, so that its own type matters little.
func asInterface(c *hotsite.Checker, cur inspector.Cursor) bool {
	cur = hotsite.Outer(cur)
	if cur.ParentEdgeKind() != edge.CallExpr_Args {
		return false
	}
	sig, ok := c.Info.TypeOf(cur.Parent().Node().(*ast.CallExpr).Fun).Underlying().(*types.Signature)
	i := cur.ParentEdgeIndex()
	return ok && i < sig.Params().Len() && typeid.IsNamed(sig.Params().At(i).Type(), "io", "Reader")
}

// roundTrip looks for a text that is converted for a function of this
// package which does nothing with it but to convert it back.
func roundTrip(c *hotsite.Checker, cur inspector.Cursor) {
	call := cur.Node().(*ast.CallExpr)
	fn := typeid.Callee(c.Info, call)
	if fn == nil || fn.Pkg() != c.Pass.Pkg {
		return
	}
	for i, arg := range call.Args {
		conv := conversion(c.Info, arg)
		param := hotsite.Param(fn, i)
		if conv == nil || c.Info.Types[conv.Args[0]].Value != nil || param == nil {
			continue
		}
		back := convertedBack(c, param)
		if back == nil {
			continue
		}
		finding := hotsite.Finding{
			Pos: conv.Pos(), End: conv.End(),
			Text:  c.Text(conv) + " is converted back by " + typeid.Name(fn, c.Pass.Pkg) + ", which copies the text: pass it as it is",
			Site:  c.GC.At(conv, gcfacts.Conv),
			Sized: true,
		}
		if there := c.GC.At(back, gcfacts.Conv); finding.Site.Verdict == gcfacts.Stack && (there.Verdict == gcfacts.Heap || there.Verdict == gcfacts.StackIfSmall) {
			finding.Measured = 1 // here it is free, because the text is only read
		}
		c.Report(cur, finding)
	}
}

// convertedBack returns the first conversion of the text param if each of
// its uses is one, or compares it with nil; nil otherwise.
func convertedBack(c *hotsite.Checker, param *types.Var) (first *ast.CallExpr) {
	for _, use := range c.Uses().Of(param) {
		switch use.ParentEdgeKind() {
		case edge.CallExpr_Args:
			conv := conversion(c.Info, use.Parent().Node().(*ast.CallExpr))
			if conv == nil {
				return nil
			}
			if first == nil {
				first = conv
			}
		case edge.BinaryExpr_X:
			if !c.Info.Types[use.Parent().Node().(*ast.BinaryExpr).Y].IsNil() {
				return nil
			}
		default:
			return nil
		}
	}
	return first
}

// appendedText looks for strings that a function of this package makes only
// to be appended to bytes.
func appendedText(c *hotsite.Checker, cur inspector.Cursor) {
	call := cur.Node().(*ast.CallExpr)
	if typeid.Builtin(c.Info, call) != "append" || len(call.Args) != 2 || !call.Ellipsis.IsValid() || !typeid.IsBytes(c.Info.TypeOf(call)) {
		return
	}
	inner, ok := ast.Unparen(call.Args[1]).(*ast.CallExpr)
	if !ok || !typeid.IsString(c.Info.TypeOf(inner)) {
		return
	}
	fn := typeid.Callee(c.Info, inner)
	if fn == nil || fn.Pkg() != c.Pass.Pkg || !makesText(c, fn, 0) {
		return
	}
	c.Report(cur, hotsite.Finding{
		Pos: inner.Pos(), End: inner.Lparen,
		Text:     typeid.Name(fn, c.Pass.Pkg) + " makes a string only to append it: let it append to the bytes",
		Measured: 1,
		Advice:   true,
	})
}

// makesText reports whether a result of fn is a string that it makes: a
// concatenation, a conversion, or what such a function makes.
func makesText(c *hotsite.Checker, fn *types.Func, depth int) bool {
	const maxDepth = 4
	def, ok := c.Uses().Def(fn)
	if !ok || depth > maxDepth {
		return false
	}
	for ret := range def.Parent().Preorder((*ast.ReturnStmt)(nil)) {
		if varuse.Func(ret) != def.Parent().Node() {
			continue
		}
		for _, e := range ret.Node().(*ast.ReturnStmt).Results {
			if newText(c, e, depth) {
				return true
			}
		}
	}
	return false
}

func newText(c *hotsite.Checker, e ast.Expr, depth int) bool {
	if c.Info.Types[e].Value != nil {
		return false
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.BinaryExpr:
		return true
	case *ast.CallExpr:
		if conversion(c.Info, e) != nil {
			return true
		}
		fn := typeid.Callee(c.Info, e)
		return typeid.IsFunc(fn, "fmt") || typeid.IsMethod(fn, "strings", "Builder", "String") || typeid.IsMethod(fn, "strings", "Replacer", "Replace") ||
			fn != nil && fn.Pkg() == c.Pass.Pkg && makesText(c, fn, depth+1)
	}
	return false
}
