package hotcode

import (
	"go/ast"
	"go/constant"
	"go/types"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/internal/directive"
	"github.com/heapvet/heapvet/passes/internal/typeid"
)

// directives reads //heapvet:hot and //heapvet:cold on functions, types and
// packages, and finds the functions that run once by the rules of Go.
func (f *finder) directives() {
	for _, pkg := range f.prog.Packages {
		coldPkg := slices.ContainsFunc(pkg.Files, func(file *ast.File) bool { return directive.Has(file.Doc, "cold") })
		coldTypes := coldTypes(pkg.Files)
		for _, fn := range pkg.Funcs {
			n := f.bySyn[fn.Syntax()]
			if n == nil {
				continue // the body of a range-over-func loop
			}
			decl, ok := n.syntax.(*ast.FuncDecl)
			switch {
			case !ok && n.parent != nil:
				// A literal follows the function it is written in.
			case ok && directive.Has(decl.Doc, "hot"):
				f.add(n, Hot, "//heapvet:hot", nil)
			case ok && directive.Has(decl.Doc, "cold"), coldPkg, ok && coldTypes[typeid.Receiver(decl)]:
				f.cold[n] = "//heapvet:cold"
			case ok && decl.Recv == nil && (decl.Name.Name == "init" || decl.Name.Name == "main" && pkg.Pkg.Pkg.Name() == "main"):
				f.cold[n] = "runs once, at start"
			}
		}
	}
	for _, n := range f.nodes {
		for p := n.parent; p != nil && f.cold[n] == ""; p = p.parent {
			if f.cold[p] == "//heapvet:cold" {
				f.cold[n] = f.cold[p]
			}
		}
	}
}

// coldTypes returns the names of the types that are marked //heapvet:cold.
func coldTypes(files []*ast.File) map[string]bool {
	cold := make(map[string]bool)
	for _, file := range files {
		for _, decl := range file.Decls {
			gen, ok := decl.(*ast.GenDecl)
			if !ok {
				continue
			}
			for _, spec := range gen.Specs {
				spec, ok := spec.(*ast.TypeSpec)
				if ok && (directive.Has(spec.Doc, "cold") || !gen.Lparen.IsValid() && directive.Has(gen.Doc, "cold")) {
					cold[spec.Name.Name] = true
				}
			}
		}
	}
	return cold
}

// admin are the words that tell administrative handlers from those that
// serve requests, and how often such handlers run at best.
var admin = map[string]Grade{
	"admin": Cold, "debug": Cold, "pprof": Cold, "reload": Cold,
	"health": Warm, "healthz": Warm, "livez": Warm, "readyz": Warm, "liveness": Warm, "readiness": Warm, "metrics": Warm,
}

// cool lowers the roots whose name, type, package or path says that they
// administer the program, and closes the functions beside them that handle
// requests in a shape of the program's own. Names never make a root.
func (f *finder) cool() {
	paths := f.paths()
	for _, n := range f.nodes {
		r := f.roots[n]
		if n.syntax == nil || r == nil && !f.takesRequest(n) || r != nil && r.label == "//heapvet:hot" {
			continue
		}
		all := append(words(outermost(n)), paths[n]...)
		if r != nil && isConfig(n, paths[n]) {
			all = append(all, "admin")
		}
		for _, word := range all {
			grade, ok := admin[word]
			if !ok {
				continue
			}
			if r != nil {
				r.grade = min(r.grade, grade)
			}
			if grade == Cold {
				f.cold[n] = "administrative, by its name or path"
				delete(f.roots, n)
			}
		}
	}
}

// isConfig reports whether a root is about configuration by its own name or
// path. Types and makers of handlers have the word for other reasons, as in
// LoggerWithConfig.
func isConfig(n *node, path []string) bool {
	return n.parent == nil && slices.Contains(splitName(n.fn.Name()), "config") || slices.Contains(path, "config")
}

// administers reports whether n is about administration by its name.
func administers(n *node) bool {
	n = outermost(n)
	return slices.ContainsFunc(words(n), func(word string) bool { return admin[word] == Cold && isAdmin(word) }) ||
		slices.Contains(splitName(n.fn.Name()), "config")
}

func isAdmin(word string) bool { _, ok := admin[word]; return ok }

func outermost(n *node) *node {
	for n.parent != nil {
		n = n.parent
	}
	return n
}

// words returns the words of a function's name, of its receiver's and of
// its package's, in lower case.
func words(n *node) []string {
	all := splitName(n.fn.Name())
	if recv := n.fn.Signature.Recv(); recv != nil {
		if named := namedOf(recv.Type()); named != nil {
			all = append(all, splitName(named.Obj().Name())...)
		}
	}
	if n.fn.Pkg != nil {
		all = append(all, n.fn.Pkg.Pkg.Name())
	}
	return all
}

// splitName splits an identifier of mixed caps: serveHTTPDebug is serve,
// http, debug.
func splitName(name string) []string {
	var all []string
	runes := []rune(name)
	start := 0
	for i := 1; i <= len(runes); i++ {
		end := i == len(runes) || runes[i] == '_' || runes[i] == '$' ||
			unicode.IsUpper(runes[i]) && (unicode.IsLower(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1]))
		if end {
			all = append(all, strings.ToLower(strings.Trim(string(runes[start:i]), "_$")))
			start = i
		}
	}
	return all
}

// paths returns the words of the constant URL paths that functions are
// registered with.
func (f *finder) paths() map[*node][]string {
	found := make(map[*node][]string)
	for _, n := range f.nodes {
		for _, e := range n.out {
			site, ok := e.site.(ssa.CallInstruction)
			if !ok || e.kind != hands {
				continue
			}
			for _, arg := range site.Common().Args {
				c, ok := arg.(*ssa.Const)
				if !ok || c.Value == nil || c.Value.Kind() != constant.String {
					continue
				}
				if path := constant.StringVal(c.Value); strings.Contains(path, "/") {
					found[e.to] = append(found[e.to], strings.FieldsFunc(strings.ToLower(path), func(r rune) bool { return !unicode.IsLetter(r) })...)
				}
			}
		}
	}
	return found
}

// isTestFile reports whether only tests run the code of a file.
func isTestFile(name string) bool { return strings.HasSuffix(name, "_test.go") }

// isConstructor reports whether fn is by its look a constructor: an
// exported New function that returns a type of its package.
func isConstructor(fn *ssa.Function) bool {
	obj, ok := fn.Object().(*types.Func)
	if !ok || !obj.Exported() || obj.Signature().Recv() != nil || obj.Signature().Results().Len() == 0 {
		return false
	}
	if name := obj.Name(); !strings.HasPrefix(name, "New") && !strings.HasPrefix(name, "Open") && !strings.HasPrefix(name, "Must") {
		return false
	}
	named := namedOf(obj.Signature().Results().At(0).Type())
	return named != nil && named.Obj().Pkg() == obj.Pkg()
}
