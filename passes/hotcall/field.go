package hotcall

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/passes/gcfacts"
	"github.com/heapvet/heapvet/passes/internal/edit"
	"github.com/heapvet/heapvet/passes/internal/hotsite"
	"github.com/heapvet/heapvet/passes/internal/typeid"
)

// logField looks for values that are boxed for a log field although their
// type is known and has a field of its own: zap.Any("n", n).
func logField(c *hotsite.Checker, cur inspector.Cursor) {
	call := cur.Node().(*ast.CallExpr)
	fn := typeid.Callee(c.Info, call)
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok || len(call.Args) == 0 {
		return
	}
	value := call.Args[len(call.Args)-1]
	if c.Info.Types[value].Value != nil {
		return
	}
	twin := ""
	same := true // the line that is logged stays the same
	switch {
	case typeid.IsFunc(fn, "go.uber.org/zap", "Any", "Reflect"):
		twin = fieldType(c.Info.TypeOf(value), "String")
		same = fn.Name() == "Any"
	case typeid.IsMethod(fn, "github.com/rs/zerolog", "Event", "Interface", "Any"):
		twin = fieldType(c.Info.TypeOf(value), "Str")
		same = twin != "Str" && twin[:min(5, len(twin))] != "Float"
	case typeid.IsMethod(fn, "github.com/rs/zerolog", "Event", "Fields"):
		lit, isLit := ast.Unparen(value).(*ast.CompositeLit)
		if !isLit || len(lit.Elts) == 0 {
			return
		}
		c.Report(cur, hotsite.Finding{
			Pos: call.Fun.Pos(), End: call.Lparen,
			Text:     "zerolog.Event.Fields gets a map that is made on every call: use a method such as Str per field",
			Measured: 4,
		})
		return
	}
	if twin == "" {
		return
	}
	f := edit.New(c.Pass, call)
	if same {
		f.Replace(sel.Sel.Pos(), sel.Sel.End(), twin)
	}
	c.Report(cur, hotsite.Finding{
		Pos: sel.Sel.Pos(), End: sel.Sel.End(),
		Text:  typeid.Name(fn, nil) + " boxes " + c.Text(value) + ": use " + twin,
		Site:  c.GC.At(value, gcfacts.Box),
		Bytes: c.Size(c.Info.TypeOf(value)),
		Fixes: f.Suggest("Use " + twin),
	})
}

// fieldType returns the name of the field function for values of type t,
// a predeclared type, "" for others; text is the one for strings.
func fieldType(t types.Type, text string) string {
	b, ok := types.Unalias(t).(*types.Basic)
	if !ok {
		return ""
	}
	switch b.Kind() {
	case types.String:
		return text
	case types.Int:
		return "Int"
	case types.Int16:
		return "Int16"
	case types.Int32:
		return "Int32"
	case types.Int64:
		return "Int64"
	case types.Uint:
		return "Uint"
	case types.Uint16:
		return "Uint16"
	case types.Uint32:
		return "Uint32"
	case types.Uint64:
		return "Uint64"
	case types.Float32:
		return "Float32"
	case types.Float64:
		return "Float64"
	}
	return ""
}
