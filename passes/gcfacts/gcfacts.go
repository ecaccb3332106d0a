// Package gcfacts turns what the Go compiler (gc) says about escape
// analysis into facts about the syntax of one package.
//
// gc -m=2 explains each value that it moves to the heap. The analyzer of
// this package gives the checks one question to ask of it: what became of
// this expression or variable, and why? Text comes from a [Source] that
// the driver hands in; nothing is read or compiled before a check asks.
package gcfacts

import (
	"context"
	"errors"
	"go/ast"
	"go/token"
	"go/types"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"

	"golang.org/x/tools/go/analysis"

	"github.com/heapvet/heapvet/passes/internal/scope"
)

// New returns the analyzer. A nil src means that no compiler output can be
// had: every verdict is NoData.
func New(src Source, modules scope.Modules) *analysis.Analyzer {
	return &analysis.Analyzer{
		Name:       "gcfacts",
		Doc:        "read the compiler's escape analysis (no diagnostics)",
		ResultType: reflect.TypeFor[*Package](),
		Run: func(pass *analysis.Pass) (any, error) {
			if !modules.Includes(pass) {
				return Unavailable("the package is not of the modules that are analysed"), nil
			}
			if src == nil {
				return Unavailable("the driver has no source of compiler output"), nil
			}
			if none, ok := src.(without); ok {
				return Unavailable(string(none)), nil
			}
			return newPackage(pass, src), nil
		},
	}
}

// Package is what gc said about one package. The first question that it is
// asked makes it load and resolve the compiler's output.
type Package struct {
	once   sync.Once
	load   func() (*result, error)
	class  classifier
	funcs  []*ast.FuncDecl // in source order
	res    *result
	noData string
	failed bool // noData is the source's error
}

// Unavailable returns what there is to say about a package that gc is not
// asked about: nothing, for that reason.
func Unavailable(reason string) *Package {
	p := &Package{noData: reason}
	p.once.Do(func() {})
	return p
}

func newPackage(pass *analysis.Pass, src Source) *Package {
	return &Package{
		class: classifier{info: pass.TypesInfo, sizes: pass.TypesSizes},
		funcs: funcDecls(pass.Files),
		load: func() (*result, error) {
			req := request(pass)
			text, err := src.Load(context.Background(), req)
			if errors.Is(err, errNoText) && !hasBodies(pass.Files) {
				text, err = newText(req.Dir), nil // gc has a word on every function: there are none
			}
			if err != nil {
				return nil, err
			}
			return resolve(text, pass.Fset, pass.Files, pass.TypesInfo, pass.TypesSizes), nil
		},
	}
}

// hasBodies reports whether files hold the body of any function.
func hasBodies(files []*ast.File) bool {
	return slices.ContainsFunc(funcDecls(files), func(fn *ast.FuncDecl) bool { return fn.Body != nil })
}

// request names the package of pass.
func request(pass *analysis.Pass) Request {
	req := Request{Path: pass.Pkg.Path()}
	for _, f := range pass.Files {
		name := pass.Fset.File(f.FileStart).Name()
		if abs, err := filepath.Abs(name); err == nil {
			name = abs
		}
		req.Files = append(req.Files, name)
		req.Test = req.Test || strings.HasSuffix(name, "_test.go")
	}
	req.Dir = sourceDir(pass)
	return req
}

// sourceDir returns the directory of the package's sources. Files that cgo
// made lie elsewhere, and say where they come from.
func sourceDir(pass *analysis.Pass) string {
	for _, adjusted := range [...]bool{true, false} {
		for _, f := range pass.Files {
			name := pass.Fset.PositionFor(f.Name.Pos(), adjusted).Filename
			if filepath.Ext(name) != ".go" || filepath.Base(name) == "_cgo_gotypes.go" {
				continue
			}
			if abs, err := filepath.Abs(name); err == nil {
				return filepath.Dir(abs)
			}
		}
	}
	return ""
}

func funcDecls(files []*ast.File) []*ast.FuncDecl {
	var funcs []*ast.FuncDecl
	for _, f := range files {
		for _, decl := range f.Decls {
			if decl, ok := decl.(*ast.FuncDecl); ok {
				funcs = append(funcs, decl)
			}
		}
	}
	return funcs
}

// ready loads the output once and reports whether there is any.
func (p *Package) ready() bool {
	p.once.Do(func() {
		res, err := p.load()
		if err != nil {
			p.noData, p.failed = err.Error(), true
			return
		}
		p.res = res
	})
	return p.res != nil
}

// At returns the site of the given kind at node. A node that gc did not
// mention has verdict NotReported, or NoData if there is no output at all.
// A variable that stays on the stack is never mentioned: its verdict is
// Stack if gc compiled the function around it.
//
// A call has several Inlined sites: see [Package.Inlined].
func (p *Package) At(node ast.Node, kind Kind) Site {
	node = siteNode(node, kind)
	site := Site{Node: node, Kind: kind}
	if !p.ready() {
		return site
	}
	if s := p.res.sites[siteKey{node: node, kind: kind}]; s != nil {
		return *s
	}
	if p.res.unsure[node] {
		return site // in a column that gc does not print
	}
	site.Verdict = NotReported
	if kind == Moved && p.compiled(node.Pos()) {
		site.Verdict = Stack
	}
	return site
}

// siteNode returns the node that sites of kind have for node.
func siteNode(node ast.Node, kind Kind) ast.Node {
	e, ok := node.(ast.Expr)
	if !ok {
		return node
	}
	e = ast.Unparen(e)
	if addr, ok := e.(*ast.UnaryExpr); ok && kind == PtrLit && addr.Op == token.AND {
		return ast.Unparen(addr.X)
	}
	return e
}

// compiled reports whether gc compiled the function around pos: it does not
// compile a generic function that is not used.
func (p *Package) compiled(pos token.Pos) bool {
	for _, decl := range p.funcs {
		if decl.Pos() <= pos && pos < decl.End() {
			return p.res.compiled[decl]
		}
	}
	return true // an initializer
}

// Compiled reports whether gc compiled decl: it does not compile a generic
// function that the package does not use.
func (p *Package) Compiled(decl *ast.FuncDecl) bool {
	return p.ready() && p.res.compiled[decl]
}

// Inlined returns what the callees inlined at call, an *ast.CallExpr or an
// *ast.RangeStmt over a function, allocate there.
func (p *Package) Inlined(call ast.Node) []*Site {
	if !p.ready() {
		return nil
	}
	return p.res.inCalls[call]
}

// InlinedCalls returns the functions that gc inlined at call, the callee
// first, then those it calls; nil if it inlined none.
func (p *Package) InlinedCalls(call ast.Node) []string {
	if !p.ready() {
		return nil
	}
	return p.res.inlined[call]
}

// Sites returns all sites in source order.
func (p *Package) Sites() []*Site {
	if !p.ready() {
		return nil
	}
	return p.res.order
}

// Leak says where the value of a parameter of a function of this package
// goes; ok is false if gc does not say that it leaks.
func (p *Package) Leak(param *types.Var) (leak Leak, ok bool) {
	if !p.ready() || p.res.leaks[param] == nil {
		return Leak{}, false
	}
	return *p.res.leaks[param], true
}

// Inlinable reports whether gc can inline calls of fn. It then compiles the
// body at the calls too, where values may fare better than in fn itself.
func (p *Package) Inlinable(fn *types.Func) bool {
	return p.ready() && p.res.inlinable[fn.Origin()]
}

// Stats returns what became of the messages.
func (p *Package) Stats() Stats {
	if !p.ready() {
		return Stats{}
	}
	return p.res.stats
}

// NoData returns why there is no compiler output for the package, or "".
// It loads nothing: before the first question there is no reason yet.
func (p *Package) NoData() string { return p.noData }

// Notice returns what users are to be told, once per package, if a check
// asked for the compiler's output and it could not be had, or "": what is
// known of the package's escapes is less than it looks.
func (p *Package) Notice() string {
	if !p.failed {
		return ""
	}
	return p.noData + "; escapes in this package are not confirmed"
}
