package hotcall

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/passes/gcfacts"
	"github.com/heapvet/heapvet/passes/internal/hotsite"
	"github.com/heapvet/heapvet/passes/internal/typeid"
)

// A logCall is a call that logs one line.
type logCall struct {
	fn    *types.Func
	name  string     // "slog.Debug", "zap.SugaredLogger.Debugw"
	debug bool       // of a level that is usually off
	msg   ast.Expr   // the message, or its format; nil if there is none
	args  []ast.Expr // what is logged with it
	guard string     // how to ask whether the level is on
}

// logged looks for what calls of loggers allocate that typed attributes
// would not, and for what they evaluate although the level is usually off.
func logged(c *hotsite.Checker, cur inspector.Cursor) {
	call := cur.Node().(*ast.CallExpr)
	l, ok := logCallOf(c, call)
	if !ok || call.Ellipsis.IsValid() {
		return
	}
	finding := hotsite.Finding{Pos: call.Pos(), End: call.Lparen}
	if l.debug {
		if e := evaluated(c, l); e != nil {
			finding.Pos, finding.End = e.Pos(), e.End()
			finding.Text = c.Text(e) + " is evaluated for " + l.name + " even if that level is off: pass the value, or ask " + l.guard + " first"
			finding.Measured = 1
			finding.Advice = failed(c, cur)
			c.Report(cur, finding)
			return
		}
	}
	finding.Advice = true
	switch {
	case l.msg != nil && builds(c, l.msg) && l.repeats(c):
		finding.Text = l.name + " gets a message that repeats its attributes: make it constant"
		finding.Measured = 1
		finding.Advice = failed(c, cur)
	case typeid.IsFunc(l.fn, "log/slog", "LogAttrs"), typeid.IsMethod(l.fn, "log/slog", "Logger", "LogAttrs"):
		return
	case l.fn.Pkg().Path() == "log/slog" && l.msg != nil && builds(c, l.msg):
		finding.Text = l.name + " gets a message that is built on every call: make it constant, and what varies an attribute of LogAttrs"
		finding.Measured = 1
	case l.fn.Pkg().Path() == "log/slog":
		finding.Text = l.name + " boxes its arguments: use LogAttrs with slog.String and others"
		finding.Site, finding.Bytes = boxed(c, l.args)
	case typeid.IsMethod(l.fn, "go.uber.org/zap", "SugaredLogger"):
		finding.Text = l.name + " boxes its arguments: use zap.Logger with zap.String and others"
		finding.Site, finding.Bytes = boxed(c, l.args)
	case typeid.IsMethod(l.fn, "go.uber.org/zap", "Logger") && l.debug && len(l.args) > 0:
		finding.Text = l.name + " makes a slice of fields even if that level is off: ask " + l.guard + " first"
		finding.Site = c.GC.At(call, gcfacts.Variadic)
	default:
		return
	}
	c.Report(cur, finding)
}

// logCallOf describes call if it logs. Errors are no hot path: their level
// is left alone.
func logCallOf(c *hotsite.Checker, call *ast.CallExpr) (l logCall, ok bool) {
	fn := typeid.Callee(c.Info, call)
	if fn == nil || fn.Pkg() == nil {
		return l, false
	}
	l = logCall{fn: fn, name: typeid.Name(fn, nil), debug: strings.HasPrefix(fn.Name(), "Debug") || strings.HasPrefix(fn.Name(), "Trace")}
	skip := 0
	switch {
	case typeid.IsFunc(fn, "log/slog", "Debug", "Info", "Warn"), typeid.IsMethod(fn, "log/slog", "Logger", "Debug", "Info", "Warn"):
		skip, l.guard = 1, "Enabled"
	case typeid.IsFunc(fn, "log/slog", "DebugContext", "InfoContext", "WarnContext"), typeid.IsMethod(fn, "log/slog", "Logger", "DebugContext", "InfoContext", "WarnContext"):
		skip, l.guard = 2, "Enabled"
	case typeid.IsFunc(fn, "log/slog", "Log", "LogAttrs"), typeid.IsMethod(fn, "log/slog", "Logger", "Log", "LogAttrs"):
		skip, l.guard = 3, "Enabled"
	case typeid.IsMethod(fn, "go.uber.org/zap", "SugaredLogger", "Debugw", "Infow", "Warnw", "Debugf", "Infof", "Warnf"):
		skip, l.guard = 1, "Level"
	case typeid.IsMethod(fn, "go.uber.org/zap", "Logger", "Debug", "Info", "Warn"):
		skip, l.guard = 1, "Check"
	case logrus(fn) && l.debug:
		l.guard = "IsLevelEnabled"
		if strings.HasSuffix(fn.Name(), "f") {
			skip = 1
		}
		if sel, isSel := ast.Unparen(call.Fun).(*ast.SelectorExpr); isSel {
			l.args = append(l.args, sel.X) // WithFields(...)
		}
	default:
		return l, false
	}
	if len(call.Args) < skip {
		return l, false
	}
	if skip > 0 {
		l.msg = call.Args[skip-1]
	}
	l.args = append(l.args, call.Args[skip:]...)
	return l, true
}

// logrus reports whether fn logs a line with logrus.
func logrus(fn *types.Func) bool {
	const path = "github.com/sirupsen/logrus"
	return typeid.IsFunc(fn, path, "Debug", "Debugf", "Debugln", "Trace", "Tracef") ||
		typeid.IsMethod(fn, path, "Entry", "Debug", "Debugf", "Debugln", "Trace", "Tracef") ||
		typeid.IsMethod(fn, path, "Logger", "Debug", "Debugf", "Debugln", "Trace", "Tracef")
}

// evaluated returns the first part of l that makes a text, or a table of
// fields, before the logger is called, or nil.
func evaluated(c *hotsite.Checker, l logCall) (found ast.Expr) {
	for _, e := range append([]ast.Expr{l.msg}, l.args...) {
		if e == nil || found != nil {
			continue
		}
		ast.Inspect(e, func(n ast.Node) bool {
			if _, lit := n.(*ast.FuncLit); lit || found != nil {
				return false
			}
			if e, ok := n.(ast.Expr); ok && builds(c, e) {
				found = e
			}
			return found == nil
		})
	}
	return found
}

// builds reports whether e itself makes a new text: it formats, joins,
// encodes or concatenates, or is a String method that is called.
func builds(c *hotsite.Checker, e ast.Expr) bool {
	if c.Info.Types[e].Value != nil {
		return false
	}
	switch e := e.(type) {
	case *ast.BinaryExpr:
		t := c.Info.TypeOf(e)
		return e.Op == token.ADD && t != nil && typeid.IsString(t)
	case *ast.CallExpr:
		fn := typeid.Callee(c.Info, e)
		switch {
		case fn == nil:
			return false
		case typeid.IsFunc(fn, "fmt", "Sprintf", "Sprint", "Sprintln"), typeid.IsFunc(fn, "strings", "Join"),
			typeid.IsFunc(fn, "encoding/json", "Marshal", "MarshalIndent"), typeid.IsFunc(fn, "encoding/hex", "EncodeToString"):
			return true
		case typeid.IsMethod(fn, "github.com/sirupsen/logrus", "Logger", "WithFields", "WithField"),
			typeid.IsMethod(fn, "github.com/sirupsen/logrus", "Entry", "WithFields", "WithField"),
			typeid.IsFunc(fn, "github.com/sirupsen/logrus", "WithFields", "WithField"):
			return true
		}
		return makesText(c, fn)
	}
	return false
}

// makesText reports whether fn is a String method that makes a new string,
// as far as its body shows: one that only returns constants does not.
func makesText(c *hotsite.Checker, fn *types.Func) bool {
	sig := fn.Signature()
	if fn.Name() != "String" || sig.Recv() == nil || sig.Params().Len() != 0 || sig.Results().Len() != 1 {
		return false
	}
	recv := typeid.Deref(sig.Recv().Type())
	if types.IsInterface(recv) || typeid.IsNamed(recv, "strings", "Builder") {
		return false
	}
	if b, ok := recv.Underlying().(*types.Basic); ok {
		return b.Info()&types.IsString == 0 && !enumeration(c, fn) // a name, or the number itself
	}
	return true
}

// enumeration reports whether fn belongs to a type of numbers that has named
// constants: its String method usually returns one of their names.
func enumeration(_ *hotsite.Checker, fn *types.Func) bool {
	recv := typeid.Deref(fn.Signature().Recv().Type())
	scope := fn.Pkg().Scope()
	for _, name := range scope.Names() {
		if k, ok := scope.Lookup(name).(*types.Const); ok && types.Identical(k.Type(), recv) {
			return true
		}
	}
	return false
}

// boxed returns the compiler's word on the first of args that is put on the
// heap to become an interface, and the bytes of all such.
func boxed(c *hotsite.Checker, args []ast.Expr) (site gcfacts.Site, bytes int64) {
	site.Verdict = gcfacts.NotReported
	for _, arg := range args {
		if c.Info.Types[arg].Value != nil {
			continue // in read-only data
		}
		s := c.GC.At(arg, gcfacts.Box)
		if s.Verdict != gcfacts.Heap && s.Verdict != gcfacts.NoData {
			if s = c.GC.At(arg, gcfacts.Inlined); s.Verdict != gcfacts.Heap {
				continue
			}
		}
		if site.Verdict != gcfacts.Heap {
			site = s
		}
		bytes += c.Size(c.Info.TypeOf(arg))
	}
	return site, bytes
}
