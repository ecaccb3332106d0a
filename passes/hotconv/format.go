package hotconv

import (
	"go/ast"
	"go/constant"
	"go/types"
	"slices"
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
	f := form{info: c.Info}
	if strings.HasPrefix(name, "F") {
		if f.writer = args[0]; !writesStrings(c.Info.TypeOf(args[0])) {
			return // io.WriteString would make a copy for it
		}
		if v := c.Addressed(args[0]); v != nil && c.MovedByFormat(v) {
			return // check hotescape tells
		}
		args = args[1:]
	} else if written(c, cur) {
		return // told with what is done to the text
	} else if _, _, early := madeEarly(c, cur); early {
		return // told with where it is made
	}
	layout := "%v"
	if strings.HasSuffix(name, "f") {
		var ok bool
		if layout, ok = constantText(c.Info, args[0]); !ok {
			return // a format made at run time
		}
		args = args[1:]
	} else if len(args) != 1 {
		return // with spaces in between, or not
	}
	edit := f.cheaper(layout, args)
	if edit == "" {
		f.numbered(c, cur, layout, args)
		return
	}
	finding := hotsite.Finding{
		Pos: call.Pos(), End: call.Lparen,
		Text:  "fmt." + name + " " + edit,
		Fixes: f.rewrite(c, cur, layout, args),
	}
	switch t := c.Info.TypeOf(args[0]); {
	case len(args) == 1 && typeid.IsError(t):
		finding.Measured, finding.Advice = 1, true // a nil error has no text
	case len(args) == 1 && basicBool(t):
		finding.Measured = 1 // the text; a bool is boxed for nothing
	default:
		finding.Site, finding.Bytes = boxed(c, args)
		if f.writer == nil {
			finding.Saves = 1 // the text that is returned
		}
	}
	if c.Info.Types[args[0]].Value == nil || len(args) > 1 {
		c.Report(cur, finding)
	}
}

// A form is a call of package fmt that may have a cheaper one.
type form struct {
	info   *types.Info
	writer ast.Expr // what Fprint and Fprintf write to; nil for Sprint and Sprintf
}

// one is what to use instead of formatting the one text arg.
func (f form) one(arg ast.Expr) string {
	bytes := typeid.IsBytes(f.info.TypeOf(arg))
	switch {
	case f.writer == nil && bytes:
		return "a conversion"
	case f.writer == nil:
		return "the string itself"
	case bytes:
		return "Write"
	}
	return f.writeString()
}

// writeString is how to write a string to the form's writer.
func (f form) writeString() string {
	if types.IsInterface(f.info.TypeOf(f.writer)) {
		return "io.WriteString"
	}
	return "its WriteString method"
}

// cheaper tells the problem and the edit for a format with the given
// arguments, or returns "" if no measured form fits.
func (f form) cheaper(layout string, args []ast.Expr) string {
	verbs, ok := verbs(layout)
	if !ok || len(verbs) != len(args) || len(args) == 0 {
		return ""
	}
	if f.writer == nil {
		if edit := f.cheaperOne(layout, f.info.TypeOf(args[0])); edit != "" {
			return edit
		}
	}
	switch {
	case f.writer == nil && all(args, verbs, f.hexBytes):
		return "of bytes in hex boxes them: use hex.EncodeToString or hex.AppendEncode"
	case !all(args, verbs, f.plain):
		return ""
	case layout == "%s" || layout == "%v":
		return "of one string boxes it: use " + f.one(args[0])
	case f.writer == nil:
		return "of plain strings boxes its arguments: concatenate them"
	case slices.ContainsFunc(args, func(arg ast.Expr) bool { return typeid.IsBytes(f.info.TypeOf(arg)) }):
		return "of plain bytes boxes its arguments: use Write and " + f.writeString()
	}
	return "of plain strings boxes its arguments: use " + f.writeString()
}

// cheaperOne tells the problem and the edit for a format of one value of
// type t, no string, or returns "".
func (f form) cheaperOne(layout string, t types.Type) string {
	if t == nil || len(layout) != 2 {
		return ""
	}
	verb := layout[1]
	switch {
	case basicInteger(t) && strings.IndexByte("dvx", verb) >= 0:
		return "of one integer boxes it: use strconv"
	case basicBool(t) && strings.IndexByte("tv", verb) >= 0:
		return "of a bool copies its text: use strconv.FormatBool"
	case basicFloat(t) && verb == 'f':
		return "of one number boxes it: use strconv.FormatFloat"
	case typeid.IsError(t) && strings.IndexByte("sv", verb) >= 0:
		return "of an error copies its text: use its Error method, unless it is nil"
	case stringer(t) && strings.IndexByte("sv", verb) >= 0:
		return "of a value with a String method boxes it and copies the text: call String"
	}
	return ""
}

// plain reports whether verb prints arg, a string or bytes, as it is.
func (f form) plain(arg ast.Expr, verb byte) bool {
	return (verb == 's' || verb == 'v') && f.plainString(arg) || verb == 's' && f.plainBytes(arg)
}

// hexBytes reports whether verb prints arg, a slice or array of bytes, in hex.
func (f form) hexBytes(arg ast.Expr, verb byte) bool {
	t := f.info.TypeOf(arg)
	if t == nil || verb != 'x' || formats(t) {
		return false
	}
	array, ok := t.Underlying().(*types.Array)
	return typeid.IsBytes(t) || ok && types.Identical(array.Elem(), types.Typ[types.Byte])
}

// plainString reports whether e is a string that fmt prints as it is.
func (f form) plainString(e ast.Expr) bool {
	t := f.info.TypeOf(e)
	return t != nil && typeid.IsString(t) && !formats(t)
}

// plainBytes reports whether e is a []byte that %s prints as it is.
func (f form) plainBytes(e ast.Expr) bool {
	t := f.info.TypeOf(e)
	return t != nil && typeid.IsBytes(t) && !formats(t)
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

// basicInteger reports whether t is a predeclared integer type itself: a
// named type may format itself, and needs a conversion.
func basicInteger(t types.Type) bool { return basic(t, types.IsInteger) }

func basicBool(t types.Type) bool { return basic(t, types.IsBoolean) }

func basicFloat(t types.Type) bool { return basic(t, types.IsFloat) }

func basic(t types.Type, kind types.BasicInfo) bool {
	b, ok := types.Unalias(t).(*types.Basic)
	return ok && b.Info()&kind != 0 && b.Info()&types.IsUntyped == 0
}

// stringer reports whether fmt prints values of t by their String method,
// which never has a nil receiver.
func stringer(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Struct, *types.Basic, *types.Array:
	default:
		return false
	}
	methods := types.NewMethodSet(t)
	pkg := (*types.Package)(nil)
	if named, ok := types.Unalias(t).(*types.Named); ok {
		pkg = named.Obj().Pkg()
	}
	sel := methods.Lookup(pkg, "String")
	if sel == nil || methods.Lookup(pkg, "Error") != nil {
		return false
	}
	if f := methods.Lookup(pkg, "Format"); f != nil && f.Type().(*types.Signature).Params().Len() == 2 {
		return false // a fmt.Formatter; time.Time's Format takes a layout
	}
	sig, ok := sel.Type().(*types.Signature)
	return ok && sig.Params().Len() == 0 && sig.Results().Len() == 1 && types.Identical(sig.Results().At(0).Type(), types.Typ[types.String])
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
