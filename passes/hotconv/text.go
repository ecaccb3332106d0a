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
)

// A stringWrite is a call that writes a string to something: w.WriteString(s)
// or io.WriteString(w, s).
type stringWrite struct {
	writer ast.Expr
	text   ast.Expr
}

// stringWriteOf returns what call writes where, if it writes a string.
func stringWriteOf(c *hotsite.Checker, call *ast.CallExpr) (w stringWrite, ok bool) {
	fn := typeid.Callee(c.Info, call)
	switch {
	case fn == nil:
		return w, false
	case typeid.IsFunc(fn, "io", "WriteString") && len(call.Args) == 2:
		return stringWrite{call.Args[0], call.Args[1]}, true
	case fn.Name() == "WriteString" && fn.Signature().Recv() != nil && len(call.Args) == 1:
		sel, isSel := ast.Unparen(call.Fun).(*ast.SelectorExpr)
		if !isSel || typeid.Method(c.Info.TypeOf(sel.X), "Write") == nil {
			return w, false
		}
		return stringWrite{sel.X, call.Args[0]}, typeid.IsString(c.Info.TypeOf(call.Args[0]))
	}
	return w, false
}

// written reports whether the text made at cur is at once written or
// converted to bytes.
func written(c *hotsite.Checker, cur inspector.Cursor) bool {
	cur = hotsite.Outer(cur)
	if cur.ParentEdgeKind() != edge.CallExpr_Args {
		return false
	}
	call := cur.Parent().Node().(*ast.CallExpr)
	if w, ok := stringWriteOf(c, call); ok && w.text == cur.Node() {
		return textOf(c, w) != ""
	}
	return conversion(c.Info, call) != nil && typeid.IsBytes(c.Info.TypeOf(call))
}

// writeText looks for texts that are made only to be written: formatted,
// printed as numbers or times, or taken out of a buffer.
func writeText(c *hotsite.Checker, cur inspector.Cursor) {
	call := cur.Node().(*ast.CallExpr)
	w, ok := stringWriteOf(c, call)
	if !ok {
		return
	}
	use := textOf(c, w)
	if use == "" {
		return
	}
	inner := ast.Unparen(w.text).(*ast.CallExpr)
	c.Report(cur, hotsite.Finding{
		Pos: inner.Pos(), End: inner.Lparen,
		Text:     typeid.Name(typeid.Callee(c.Info, inner), c.Pass.Pkg) + " makes a string only to write it: use " + use,
		Measured: 1,
		Fixes:    writeDirectly(c, call, w, inner),
	})
}

// textOf tells what to use instead of making the text that w writes; "" if
// there is nothing.
func textOf(c *hotsite.Checker, w stringWrite) string {
	inner, ok := ast.Unparen(w.text).(*ast.CallExpr)
	if !ok {
		return ""
	}
	fn := typeid.Callee(c.Info, inner)
	switch {
	case typeid.IsFunc(fn, "fmt", "Sprintf", "Sprint", "Sprintln"):
		if local := c.Uses().Local(w.writer); local != nil && isBuffer(local.Type()) {
			return "" // a buffer that fmt gets as an io.Writer goes to the heap
		}
		return "fmt.F" + fn.Name()[1:]
	case typeid.IsMethod(fn, "bytes", "Buffer", "String"):
		return "Write and its Bytes"
	}
	if twin := appending(fn); twin != "" && hasAvailable(c.Info.TypeOf(w.writer)) {
		return twin + " on its AvailableBuffer"
	}
	return ""
}

func isBuffer(t types.Type) bool {
	return typeid.IsNamed(t, "bytes", "Buffer") || typeid.IsNamed(t, "strings", "Builder")
}

// hasAvailable reports whether t lends out its free space to append to.
func hasAvailable(t types.Type) bool {
	t = typeid.Deref(t)
	return typeid.IsNamed(t, "bytes", "Buffer") || typeid.IsNamed(t, "bufio", "Writer")
}

// appending returns the twin of fn that appends its text to bytes, or "".
func appending(fn *types.Func) string {
	switch {
	case typeid.IsFunc(fn, "strconv", "Itoa"):
		return "strconv.AppendInt"
	case typeid.IsFunc(fn, "strconv", "FormatInt", "FormatUint", "FormatFloat"):
		return "strconv.Append" + fn.Name()[len("Format"):]
	case typeid.IsFunc(fn, "strconv", "Quote", "QuoteToASCII"):
		return "strconv.Append" + fn.Name()
	case typeid.IsMethod(fn, "time", "Time", "Format"):
		return "AppendFormat"
	case typeid.IsFunc(fn, "encoding/hex", "EncodeToString"), typeid.IsMethod(fn, "encoding/base64", "Encoding", "EncodeToString"):
		return "AppendEncode"
	case typeid.IsMethod(fn, "net/netip", "Addr", "String"):
		return "AppendTo"
	}
	return ""
}

// writeDirectly writes what inner makes a string of.
func writeDirectly(c *hotsite.Checker, call *ast.CallExpr, w stringWrite, inner *ast.CallExpr) []analysis.SuggestedFix {
	fn := typeid.Callee(c.Info, inner)
	f := edit.New(c.Pass, call)
	writer := f.Operand(w.writer)
	sel, ok := ast.Unparen(inner.Fun).(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	switch {
	case typeid.IsFunc(fn, "fmt"):
		if t := c.Info.TypeOf(w.writer); !types.IsInterface(t) && typeid.Deref(t) == t {
			writer = "&" + f.Text(w.writer)
		} else {
			writer = f.Text(w.writer)
		}
		args := ""
		for i, arg := range inner.Args {
			args += ", " + f.Text(arg)
			if i == len(inner.Args)-1 && inner.Ellipsis.IsValid() {
				args += "..."
			}
		}
		f.Replace(call.Pos(), call.End(), f.Text(sel.X)+".F"+fn.Name()[1:]+"("+writer+args+")")
		return f.Suggest("Use fmt.F" + fn.Name()[1:])
	case typeid.IsMethod(fn, "bytes", "Buffer", "String"):
		f.Replace(call.Pos(), call.End(), writer+".Write("+f.Operand(sel.X)+".Bytes())")
		return f.Suggest("Write its Bytes")
	case typeid.IsFunc(fn, "strconv", "Itoa"):
		f.Replace(call.Pos(), call.End(), writer+".Write("+f.Text(sel.X)+".AppendInt("+writer+".AvailableBuffer(), int64("+f.Text(inner.Args[0])+"), 10))")
	case typeid.IsFunc(fn, "strconv"), typeid.IsMethod(fn, "time", "Time", "Format"):
		name := "AppendFormat"
		if typeid.IsFunc(fn, "strconv") {
			name = appending(fn)[len("strconv."):]
		}
		args := ""
		for _, arg := range inner.Args {
			args += ", " + f.Text(arg)
		}
		f.Replace(call.Pos(), call.End(), writer+".Write("+f.Operand(sel.X)+"."+name+"("+writer+".AvailableBuffer()"+args+"))")
	}
	return f.Suggest("Append to its AvailableBuffer")
}

// bytesOfText looks for texts that are formatted, or taken out of a buffer,
// only to become bytes.
func bytesOfText(c *hotsite.Checker, cur inspector.Cursor) {
	conv := conversion(c.Info, cur.Node().(*ast.CallExpr))
	if conv == nil || !typeid.IsBytes(c.Info.TypeOf(conv)) {
		return
	}
	inner, ok := ast.Unparen(conv.Args[0]).(*ast.CallExpr)
	if !ok {
		return
	}
	fn := typeid.Callee(c.Info, inner)
	sel, ok := ast.Unparen(inner.Fun).(*ast.SelectorExpr)
	if !ok {
		return
	}
	finding := hotsite.Finding{Pos: conv.Pos(), End: conv.Lparen, Site: c.GC.At(conv, gcfacts.Conv), Sized: true}
	f := edit.New(c.Pass, conv)
	switch {
	case typeid.IsFunc(fn, "fmt", "Sprintf", "Sprint", "Sprintln"):
		twin := "Append" + fn.Name()[len("Sprint"):]
		finding.Text = "[]byte of fmt." + fn.Name() + " copies the text: use fmt." + twin
		finding.Measured = 1 // the text
		f.Replace(conv.Pos(), inner.Lparen+1, f.Text(sel.X)+"."+twin+"(nil, ")
		f.Replace(inner.Rparen, conv.End(), ")")
		finding.Fixes = f.Suggest("Use fmt." + twin)
	case typeid.IsMethod(fn, "bytes", "Buffer", "String"):
		finding.Text = "[]byte of " + c.Text(inner) + " copies the text twice: use bytes.Clone of its Bytes"
		finding.Measured = 2
		f.Replace(conv.Pos(), conv.End(), f.Import("bytes", conv.Pos())+".Clone("+f.Operand(sel.X)+".Bytes())")
		finding.Fixes = f.Suggest("Clone its Bytes")
	default:
		return
	}
	if interfaceWrite(c, cur) == nil {
		c.Report(cur, finding)
	}
}

// interfaceWrite returns the call w.Write(x) of an interface that the value
// at cur is the argument of, or nil.
func interfaceWrite(c *hotsite.Checker, cur inspector.Cursor) *ast.CallExpr {
	if cur.ParentEdgeKind() != edge.CallExpr_Args {
		return nil
	}
	call := cur.Parent().Node().(*ast.CallExpr)
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok || sel.Sel.Name != "Write" || !types.IsInterface(c.Info.TypeOf(sel.X)) {
		return nil
	}
	return call
}

// rangeText looks for bytes that are converted to a string to range over
// its characters, and for characters of which only the first is wanted.
func rangeText(c *hotsite.Checker, cur inspector.Cursor) {
	call := cur.Node().(*ast.CallExpr)
	tv := c.Info.Types[call.Fun]
	if !tv.IsType() || len(call.Args) != 1 || c.Info.Types[call.Args[0]].Value != nil {
		return
	}
	to, from := c.Info.TypeOf(call), c.Info.TypeOf(call.Args[0])
	finding := hotsite.Finding{Pos: call.Pos(), End: call.End(), Site: c.GC.At(call, gcfacts.Conv), Sized: true}
	outer := hotsite.Outer(cur)
	switch {
	case outer.ParentEdgeKind() == edge.RangeStmt_X && typeid.IsString(to) && typeid.IsBytes(from):
		finding.Text = c.Text(call) + " copies the bytes to range over their characters: use utf8.DecodeRune"
		finding.Advice = true
	case outer.ParentEdgeKind() == edge.IndexExpr_X && isRunes(to) && typeid.IsString(from):
		if zero := c.Info.Types[outer.Parent().Node().(*ast.IndexExpr).Index].Value; zero == nil || zero.ExactString() != "0" {
			return
		}
		finding.Text = c.Text(call) + " makes a slice of all characters for the first: use utf8.DecodeRuneInString"
	default:
		return
	}
	c.Report(cur, finding)
}

func isRunes(t types.Type) bool {
	s, ok := t.Underlying().(*types.Slice)
	return ok && types.Identical(s.Elem(), types.Typ[types.Rune])
}
