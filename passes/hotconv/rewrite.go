package hotconv

import (
	"go/ast"
	"go/types"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/passes/internal/edit"
	"github.com/heapvet/heapvet/passes/internal/hotsite"
	"github.com/heapvet/heapvet/passes/internal/typeid"
)

// rewrite writes the call at cur without package fmt, where that is a plain
// matter of types.
func (f form) rewrite(c *hotsite.Checker, cur inspector.Cursor, layout string, args []ast.Expr) []analysis.SuggestedFix {
	call := cur.Node().(*ast.CallExpr)
	fix := edit.New(c.Pass, call)
	text := ""
	if len(args) == 1 && len(layout) == 2 {
		text = f.rewriteOne(fix, layout[1], args[0])
	}
	if text == "" && f.writer == nil && allStrings(c.Info, args) {
		text = sum(c.Info, fix, layout, args)
		if !whole(cur) {
			text = "(" + text + ")"
		}
	}
	if text == "" {
		return nil
	}
	fix.Replace(call.Pos(), call.End(), text)
	return fix.Suggest("Write it without fmt")
}

// rewriteOne returns the text of one value, or how to write it; "" if the
// form knows none.
func (f form) rewriteOne(fix *edit.Fix, verb byte, arg ast.Expr) string {
	t := f.info.TypeOf(arg)
	if f.writer != nil {
		if basic(t, types.IsString) && types.IsInterface(f.info.TypeOf(f.writer)) {
			return fix.Import("io", arg.Pos()) + ".WriteString(" + fix.Text(f.writer) + ", " + fix.Text(arg) + ")"
		}
		return ""
	}
	switch {
	case basicInteger(t):
		return integerText(fix, t, fix.Text(arg), verb == 'x', arg)
	case basicBool(t):
		return fix.Import("strconv", arg.Pos()) + ".FormatBool(" + fix.Text(arg) + ")"
	case basicFloat(t):
		b := types.Unalias(t).(*types.Basic)
		if b.Kind() == types.Float32 {
			return fix.Import("strconv", arg.Pos()) + ".FormatFloat(float64(" + fix.Text(arg) + "), 'f', 6, 32)"
		}
		return fix.Import("strconv", arg.Pos()) + ".FormatFloat(" + fix.Text(arg) + ", 'f', 6, 64)"
	case basic(t, types.IsString) && verb != 'x':
		return fix.Operand(arg)
	case typeid.IsString(t) && verb != 'x':
		return "string(" + fix.Text(arg) + ")"
	case typeid.IsBytes(t) && verb == 'x':
		return fix.Import("encoding/hex", arg.Pos()) + ".EncodeToString(" + fix.Text(arg) + ")"
	case !typeid.IsError(t) && stringer(t):
		return fix.Operand(arg) + ".String()"
	}
	return ""
}

// integerText returns the call of strconv for an integer of type t.
func integerText(fix *edit.Fix, t types.Type, arg string, hex bool, at ast.Expr) string {
	b := types.Unalias(t).(*types.Basic)
	base := "10"
	if hex {
		base = "16"
	}
	name := fix.Import("strconv", at.Pos())
	switch {
	case b.Kind() == types.Int && !hex:
		return name + ".Itoa(" + arg + ")"
	case b.Kind() == types.Int64:
		return name + ".FormatInt(" + arg + ", " + base + ")"
	case b.Kind() == types.Uint64:
		return name + ".FormatUint(" + arg + ", " + base + ")"
	case b.Info()&types.IsUnsigned != 0:
		return name + ".FormatUint(uint64(" + arg + "), " + base + ")"
	}
	return name + ".FormatInt(int64(" + arg + "), " + base + ")"
}

// allStrings reports whether all args are strings.
func allStrings(info *types.Info, args []ast.Expr) bool {
	for _, arg := range args {
		if !typeid.IsString(info.TypeOf(arg)) {
			return false
		}
	}
	return len(args) > 0
}

// sum returns the concatenation that prints args by layout, whose verbs are
// all %s and %v.
func sum(info *types.Info, fix *edit.Fix, layout string, args []ast.Expr) string {
	var parts []string
	text := ""
	flush := func() {
		if text != "" {
			parts = append(parts, strconv.Quote(text))
		}
		text = ""
	}
	for i := 0; i < len(layout); i++ {
		switch {
		case layout[i] != '%':
			text += layout[i : i+1]
			continue
		case layout[i+1] == '%':
			text += "%"
		default:
			flush()
			arg := fix.Operand(args[0])
			if !basic(info.TypeOf(args[0]), types.IsString) {
				arg = "string(" + fix.Text(args[0]) + ")"
			}
			parts = append(parts, arg)
			args = args[1:]
		}
		i++
	}
	flush()
	return strings.Join(parts, " + ")
}

// whole reports whether a concatenation can stand in place of the
// expression at cur as it is.
func whole(cur inspector.Cursor) bool {
	switch cur.ParentEdgeKind() {
	case edge.CallExpr_Args, edge.KeyValueExpr_Value, edge.CompositeLit_Elts, edge.ParenExpr_X, edge.IndexExpr_Index:
		return true
	}
	_, inExpr := cur.Parent().Node().(ast.Expr)
	return !inExpr
}

// numbered tells of Sprintf of plain strings and one integer, which are
// boxed. How much is gained depends on the number: package strconv has the
// texts of those below 100, and what is below 256 is boxed for nothing.
func (f form) numbered(c *hotsite.Checker, cur inspector.Cursor, layout string, args []ast.Expr) {
	verbs, ok := verbs(layout)
	if !ok || len(verbs) != len(args) || f.writer != nil {
		return
	}
	var texts []ast.Expr
	for i, arg := range args {
		switch {
		case f.plain(arg, verbs[i]) && typeid.IsString(c.Info.TypeOf(arg)):
			texts = append(texts, arg)
		case verbs[i] != 'd' && verbs[i] != 'v' || !basicInteger(c.Info.TypeOf(arg)) || c.Info.Types[arg].Value != nil:
			return
		}
	}
	if len(texts) != len(args)-1 {
		return // with two numbers, three texts may be made instead of one
	}
	call := cur.Node().(*ast.CallExpr)
	finding := hotsite.Finding{
		Pos: call.Pos(), End: call.Lparen,
		Text:   "fmt.Sprintf of plain strings and one integer boxes them: concatenate them, the integer with strconv",
		Advice: true,
	}
	finding.Site, finding.Bytes = boxed(c, texts)
	c.Report(cur, finding)
}
