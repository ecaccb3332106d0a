package hotinit

import (
	"go/ast"
	"go/constant"
	"go/types"
	"regexp"
	"slices"
	"strconv"
	"strings"
	texttemplate "text/template"
	"unicode"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/passes/internal/edit"
	"github.com/heapvet/heapvet/passes/internal/hotsite"
	"github.com/heapvet/heapvet/passes/internal/typeid"
)

// hoist returns the fix that builds the value of the call at cur once, in a
// package variable: if the expression means the same there, cannot panic,
// and nobody changes what it builds.
func (k *checker) hoist(c *hotsite.Checker, cur inspector.Cursor) []analysis.SuggestedFix {
	kind := k.safe(c, cur.Node().(*ast.CallExpr))
	cur = wrapped(c, cur)
	if kind == "" || !shared(c, cur) {
		return nil
	}
	return k.packageVariable(c, cur, kind)
}

// packageVariable puts the value of the expression at cur into a package
// variable whose name ends in kind, if it means the same there.
func (k *checker) packageVariable(c *hotsite.Checker, cur inspector.Cursor, kind string) []analysis.SuggestedFix {
	expr := cur.Node().(ast.Expr)
	if _, several := c.Info.TypeOf(expr).(*types.Tuple); several || !packageLevel(c, expr) {
		return nil
	}
	var decl *ast.FuncDecl
	for up := range cur.Enclosing((*ast.FuncDecl)(nil)) {
		decl = up.Node().(*ast.FuncDecl)
	}
	if decl == nil {
		return nil // in a package variable's own initializer
	}
	fix := edit.New(c.Pass, expr)
	name := k.freshName(c, fix, decl, kind)
	before := decl.Pos()
	if decl.Doc != nil {
		before = decl.Doc.Pos()
	}
	fix.Insert(before, "var "+name+" = "+fix.Text(expr)+"\n\n")
	fix.Replace(expr.Pos(), expr.End(), name)
	return fix.Suggest("Build it once, in package variable " + name)
}

// safe tells what call builds, "Regexp" or the like, if it is known not to
// panic when the program starts, else "". It is asked here, where a failure
// is the failure of one request.
func (k *checker) safe(c *hotsite.Checker, call *ast.CallExpr) string {
	text, isText := constantText(c, call, 0)
	switch fn := typeid.Callee(c.Info, call); {
	case typeid.IsFunc(fn, "regexp", "MustCompile") && isText:
		if _, err := regexp.Compile(text); err == nil {
			return "Regexp"
		}
	case typeid.IsFunc(fn, "regexp", "MustCompilePOSIX") && isText:
		if _, err := regexp.CompilePOSIX(text); err == nil {
			return "Regexp"
		}
	case typeid.IsFunc(fn, "strings", "NewReplacer") && len(call.Args)%2 == 0 && !call.Ellipsis.IsValid():
		return "Replacer"
	case typeid.IsFunc(fn, "encoding/base64", "NewEncoding") && isText && alphabet(text):
		return "Encoding"
	case typeid.IsFunc(fn, "hash/crc32", "MakeTable"):
		return "Table"
	case typeid.IsMethod(fn, "text/template", "Template", "Parse"), typeid.IsMethod(fn, "html/template", "Template", "Parse"):
		if isText && parses(c, call, text) {
			return "Template"
		}
	}
	return ""
}

func constantText(c *hotsite.Checker, call *ast.CallExpr, i int) (string, bool) {
	if i >= len(call.Args) {
		return "", false
	}
	v := c.Info.Types[call.Args[i]].Value
	if v == nil || v.Kind() != constant.String {
		return "", false
	}
	return constant.StringVal(v), true
}

// alphabet reports whether base64.NewEncoding takes text.
func alphabet(text string) bool {
	const size = 64
	if len(text) != size || strings.ContainsAny(text, "\r\n") {
		return false
	}
	for i := range size {
		if strings.IndexByte(text[i+1:], text[i]) >= 0 {
			return false
		}
	}
	return true
}

// parses reports whether call parses text as the whole of a new template
// without functions of its own, and without failure.
func parses(c *hotsite.Checker, call *ast.CallExpr, text string) bool {
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return false
	}
	create, ok := ast.Unparen(sel.X).(*ast.CallExpr)
	if !ok || typeid.Callee(c.Info, create) == nil || typeid.Callee(c.Info, create).Signature().Recv() != nil {
		return false
	}
	_, err := texttemplate.New("").Parse(text)
	return err == nil
}

// packageLevel reports whether all names in expr mean the same outside of
// functions.
func packageLevel(c *hotsite.Checker, expr ast.Expr) bool {
	same := true
	ast.Inspect(expr, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			same = false
		case *ast.Ident:
			obj := c.Info.Uses[n]
			_, pkgName := obj.(*types.PkgName)
			same = same && obj != nil && (pkgName || obj.Parent() == nil || obj.Parent() == types.Universe || obj.Parent() == obj.Pkg().Scope())
		}
		return same
	})
	return same
}

// changes reports whether the method of that name may change what else may
// be shared.
func changes(method string) bool {
	switch method {
	case "Longest", "Funcs", "Parse", "ParseFiles", "ParseGlob", "ParseFS", "AddParseTree", "New", "Delims", "Option":
		return true
	}
	return false
}

// shared reports whether the value made at cur may be shared by requests:
// it is used at once, or by what leaves it as it is.
func shared(c *hotsite.Checker, cur inspector.Cursor) bool {
	if v, _ := target(c, cur); v != nil {
		return !slices.ContainsFunc(c.Uses().Of(v), func(use inspector.Cursor) bool { return !onlyRead(c, use) })
	}
	return onlyRead(c, cur)
}

// onlyRead reports whether the value at cur is the receiver of a method that
// does not change it, or an argument of a function of package crc32.
func onlyRead(c *hotsite.Checker, cur inspector.Cursor) bool {
	switch cur.ParentEdgeKind() {
	case edge.SelectorExpr_X:
		return !changes(cur.Parent().Node().(*ast.SelectorExpr).Sel.Name)
	case edge.CallExpr_Args:
		return typeid.IsFunc(typeid.Callee(c.Info, cur.Parent().Node().(*ast.CallExpr)), "hash/crc32")
	}
	return false
}

// freshName returns a name for a package variable that nothing in the
// package, its files and the function bears.
func (k *checker) freshName(c *hotsite.Checker, fix *edit.Fix, decl *ast.FuncDecl, kind string) string {
	first := []rune(decl.Name.Name)
	first[0] = unicode.ToLower(first[0])
	base := string(first) + kind
	for i := 1; ; i++ {
		name := base
		if i > 1 {
			name += strconv.Itoa(i)
		}
		if !k.names[name] && !fix.Taken(name, decl.Name.Pos()) && !inFiles(c, name) {
			k.names[name] = true
			return name
		}
		if i > len(k.names)+100 {
			return name // the fix is broken
		}
	}
}

// inFiles reports whether a file of the package imports something as name.
func inFiles(c *hotsite.Checker, name string) bool {
	return slices.ContainsFunc(c.Pass.Files, func(file *ast.File) bool {
		scope := c.Info.Scopes[file]
		return scope != nil && scope.Lookup(name) != nil
	})
}
