package hotconv

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/passes/gcfacts"
	"github.com/heapvet/heapvet/passes/internal/edit"
	"github.com/heapvet/heapvet/passes/internal/hotsite"
	"github.com/heapvet/heapvet/passes/internal/typeid"
)

// write looks for w.Write([]byte(s)) with an interface w: the compiler
// cannot see that the writer keeps nothing, so the copy goes to the heap.
func write(c *hotsite.Checker, cur inspector.Cursor) {
	call := cur.Node().(*ast.CallExpr)
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok || len(call.Args) != 1 || sel.Sel.Name != "Write" {
		return
	}
	writer := c.Info.TypeOf(sel.X)
	if writer == nil || !types.IsInterface(writer) {
		return // gc knows what a concrete method does
	}
	conv := conversion(c.Info, call.Args[0])
	if conv == nil || !typeid.IsString(c.Info.TypeOf(conv.Args[0])) {
		return
	}
	edit := "use io.WriteString"
	text, isConst := constantText(c.Info, conv.Args[0])
	switch {
	case isConst && !writesStrings(writer):
		edit = "keep it as a package-level []byte"
	case isConst:
		edit = "use io.WriteString, or a package-level []byte"
	case !writesStrings(writer):
		return // io.WriteString would make the same copy
	}
	formatted := false
	if inner, ok := ast.Unparen(conv.Args[0]).(*ast.CallExpr); ok {
		switch fn := typeid.Callee(c.Info, inner); {
		case typeid.IsFunc(fn, "fmt", "Sprintf", "Sprint", "Sprintln"):
			edit, formatted = "use fmt.F"+fn.Name()[1:], true
		case typeid.IsMethod(fn, "bytes", "Buffer", "String"):
			edit = "write its Bytes"
		}
	}
	fn, _ := c.Info.Uses[sel.Sel].(*types.Func)
	if fn == nil {
		return
	}
	finding := hotsite.Finding{
		Pos: conv.Pos(), End: conv.End(),
		Text:  c.Text(conv) + " copies the string for " + writerName(writer, c.Pass.Pkg) + ".Write: " + edit,
		Site:  c.GC.At(conv, gcfacts.Conv),
		Bytes: int64(len(text)),
		Fixes: writeString(c, call, sel.X, conv),
	}
	if formatted {
		finding.Measured = 2 // the text, and its copy
	}
	c.Report(cur, finding)
}

// writeString writes the string that conv converts for the writer w.
func writeString(c *hotsite.Checker, call *ast.CallExpr, w ast.Expr, conv *ast.CallExpr) []analysis.SuggestedFix {
	t := c.Info.TypeOf(w)
	if !writesStrings(t) || !basic(types.Default(c.Info.TypeOf(conv.Args[0])), types.IsString) {
		return nil
	}
	f := edit.New(c.Pass, call)
	if direct := (stringWrite{w, conv.Args[0]}); textOf(c, direct) != "" {
		return writeDirectly(c, call, direct, ast.Unparen(conv.Args[0]).(*ast.CallExpr))
	}
	text := f.Text(conv.Args[0])
	if typeid.Method(t, "WriteString") != nil {
		f.Replace(call.Pos(), call.End(), f.Text(w)+".WriteString("+text+")")
	} else {
		f.Replace(call.Pos(), call.End(), f.Import("io", call.Pos())+".WriteString("+f.Text(w)+", "+text+")")
	}
	return f.Suggest("Write the string")
}

// match looks for a regular expression that is matched against a converted
// text although it has a method for the other type.
func match(c *hotsite.Checker, cur inspector.Cursor) {
	call := cur.Node().(*ast.CallExpr)
	fn := typeid.Callee(c.Info, call)
	if !typeid.IsMethod(fn, "regexp", "Regexp", "Match", "MatchString") || len(call.Args) != 1 {
		return
	}
	conv := conversion(c.Info, call.Args[0])
	if conv == nil {
		return
	}
	twin := "MatchString"
	if fn.Name() == twin {
		twin = "Match"
	}
	c.Report(cur, hotsite.Finding{
		Pos: conv.Pos(), End: conv.End(),
		Text:  c.Text(conv) + " copies the text for " + typeid.Name(fn, c.Pass.Pkg) + ": use " + twin,
		Site:  c.GC.At(conv, gcfacts.Conv),
		Fixes: matchTwin(c, call, conv, twin),
	})
}

// matchTwin matches the text before its conversion.
func matchTwin(c *hotsite.Checker, call, conv *ast.CallExpr, twin string) []analysis.SuggestedFix {
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	f := edit.New(c.Pass, call)
	f.Replace(sel.Sel.Pos(), sel.Sel.End(), twin)
	f.Replace(conv.Pos(), conv.End(), f.Text(conv.Args[0]))
	return f.Suggest("Use " + twin)
}

// conversion returns e if it converts between string and []byte, or nil.
func conversion(info *types.Info, e ast.Expr) *ast.CallExpr {
	conv, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok || len(conv.Args) != 1 || !info.Types[conv.Fun].IsType() {
		return nil
	}
	to, from := info.TypeOf(conv), info.TypeOf(conv.Args[0])
	if typeid.IsBytes(to) && typeid.IsString(from) || typeid.IsString(to) && typeid.IsBytes(from) {
		return conv
	}
	return nil
}

// writesStrings reports whether values of type t have a WriteString method,
// or commonly have one if t is an interface: those of io.Writer and
// http.ResponseWriter.
func writesStrings(t types.Type) bool {
	if typeid.Method(t, "WriteString") != nil {
		return true
	}
	if typeid.IsNamed(t, "net/http", "ResponseWriter") {
		return true
	}
	// io.Writer by any name. What asks for more, an io.WriteCloser or a
	// hash.Hash, mostly has no WriteString.
	iface, ok := t.Underlying().(*types.Interface)
	return ok && iface.NumMethods() == 1
}

func writerName(t types.Type, pkg *types.Package) string {
	return types.TypeString(t, func(p *types.Package) string {
		if p == pkg {
			return ""
		}
		return p.Name()
	})
}
