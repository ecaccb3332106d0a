package hotconv

import (
	"go/ast"
	"go/constant"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/passes/gcfacts"
	"github.com/heapvet/heapvet/passes/internal/hotsite"
	"github.com/heapvet/heapvet/passes/internal/typeid"
)

// format looks for fmt.Sprintf, Fprintf, Sprint and Fprint with a form that
// concatenation, strconv, hex or io.WriteString does with fewer
// allocations. At least one argument must be boxed on the heap.
func format(c *hotsite.Checker, cur inspector.Cursor) {
	call := cur.Node().(*ast.CallExpr)
	fn := typeid.Callee(c.Info, call)
	if !typeid.IsFunc(fn, "fmt", "Sprintf", "Fprintf", "Sprint", "Fprint") || call.Ellipsis.IsValid() {
		return
	}
	name, args := fn.Name(), call.Args
	toWriter := strings.HasPrefix(name, "F")
	if toWriter {
		args = args[1:]
	}
	var edit string
	if strings.HasSuffix(name, "f") {
		layout, ok := constantText(c.Info, args[0])
		if !ok {
			return // a format made at run time
		}
		args = args[1:]
		edit = cheaperFormat(c.Info, layout, args, toWriter)
	} else if len(args) == 1 && plainString(c.Info, args[0]) {
		edit = "of one string boxes it: " + oneString(toWriter)
	}
	if edit == "" {
		return
	}
	site, bytes := boxed(c, args)
	c.Report(cur, hotsite.Finding{
		Pos: call.Pos(), End: call.Lparen,
		Text:  "fmt." + name + " " + edit,
		Site:  site,
		Bytes: bytes,
	})
}

// oneString is the edit for a call that formats one string.
func oneString(toWriter bool) string {
	if toWriter {
		return "use io.WriteString"
	}
	return "use the string itself"
}

// cheaperFormat tells the problem and the edit for a format with the given
// arguments, or returns "" if no measured form fits.
func cheaperFormat(info *types.Info, layout string, args []ast.Expr, toWriter bool) string {
	verbs, ok := verbs(layout)
	if !ok || len(verbs) != len(args) || len(args) == 0 {
		return ""
	}
	switch {
	case layout == "%d" && !toWriter && basicInteger(info.TypeOf(args[0])):
		return "of one integer boxes it: use strconv"
	case all(args, verbs, func(arg ast.Expr, verb byte) bool {
		return verb == 'x' && typeid.IsBytes(info.TypeOf(arg)) && !formats(info.TypeOf(arg))
	}):
		return "of bytes in hex boxes the slice: use hex.EncodeToString or hex.AppendEncode"
	case all(args, verbs, func(arg ast.Expr, verb byte) bool {
		return (verb == 's' || verb == 'v') && plainString(info, arg) || verb == 's' && plainBytes(info, arg)
	}):
		if layout == "%s" || layout == "%v" {
			return "of one string boxes it: " + oneString(toWriter)
		}
		if toWriter {
			return "of plain strings boxes its arguments: use io.WriteString"
		}
		return "of plain strings boxes its arguments: concatenate them"
	}
	return ""
}

// all reports whether every argument fits its verb.
func all(args []ast.Expr, verbs []byte, fits func(ast.Expr, byte) bool) bool {
	for i, arg := range args {
		if !fits(arg, verbs[i]) {
			return false
		}
	}
	return true
}

// verbs returns the verbs of layout in order; ok is false if one has flags,
// width, precision or an argument index.
func verbs(layout string) (verbs []byte, ok bool) {
	for {
		i := strings.IndexByte(layout, '%')
		if i < 0 {
			return verbs, true
		}
		if i+1 == len(layout) {
			return nil, false
		}
		verb := layout[i+1]
		if verb != '%' && (verb < 'a' || verb > 'z') {
			return nil, false
		}
		if verb != '%' {
			verbs = append(verbs, verb)
		}
		layout = layout[i+2:]
	}
}

// boxed returns the compiler's word on the argument that the heap gets,
// and the bytes of all such arguments.
func boxed(c *hotsite.Checker, args []ast.Expr) (site gcfacts.Site, bytes int64) {
	site.Verdict = gcfacts.NotReported
	for _, arg := range args {
		if c.Info.Types[arg].Value != nil {
			continue // a constant is boxed in read-only data
		}
		s := c.GC.At(arg, gcfacts.Box)
		switch s.Verdict {
		case gcfacts.Heap:
			site = s
		case gcfacts.NoData:
			if site.Verdict != gcfacts.Heap {
				site = s
			}
		default:
			continue
		}
		bytes += c.Size(c.Info.TypeOf(arg))
	}
	return site, bytes
}

// constantText returns the value of a constant string expression.
func constantText(info *types.Info, e ast.Expr) (string, bool) {
	v := info.Types[e].Value
	if v == nil || v.Kind() != constant.String {
		return "", false
	}
	return constant.StringVal(v), true
}

// plainString reports whether e is a string that fmt prints as it is.
func plainString(info *types.Info, e ast.Expr) bool {
	t := info.TypeOf(e)
	return t != nil && typeid.IsString(t) && !formats(t)
}

// plainBytes reports whether e is a []byte that %s prints as it is.
func plainBytes(info *types.Info, e ast.Expr) bool {
	t := info.TypeOf(e)
	return t != nil && typeid.IsBytes(t) && !formats(t)
}

// basicInteger reports whether t is a predeclared integer type itself: a
// named type may format itself, and needs a conversion.
func basicInteger(t types.Type) bool {
	b, ok := types.Unalias(t).(*types.Basic)
	return ok && b.Info()&types.IsInteger != 0 && b.Info()&types.IsUntyped == 0
}

// formats reports whether t has a method by which fmt prints it. Whether
// the method has the right signature does not matter: such a type is left
// alone.
func formats(t types.Type) bool {
	for _, name := range []string{"String", "Error", "Format", "GoString"} {
		if typeid.Method(t, name) != nil {
			return true
		}
	}
	return false
}
