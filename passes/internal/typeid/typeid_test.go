package typeid_test

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"testing"

	"github.com/heapvet/heapvet/passes/internal/typeid"
)

const source = `package p

import ("errors"; "io")

type T[E any] struct{ list []E }

func (t *T[E]) Add(e E) { t.list = append(t.list, e) }

type failure struct{}

func (*failure) Error() string { return "" }

var byValue failure

func f(w io.Writer, t *T[int], add func(int)) {
	w.Write(nil)
	t.Add(1)
	errors.New("x")
	f(w, t, nil)
	add(1)
	len("abc")
}
`

func TestCallee(t *testing.T) {
	pkg, info, calls := check(t)
	for i, want := range []struct{ full, name, builtin string }{
		{"(io.Writer).Write", "io.Writer.Write", ""},
		{"(*p.T[E]).Add", "(*T[E]).Add", ""},
		{"errors.New", "errors.New", ""},
		{"p.f", "f", ""},
		{"", "", ""},
		{"", "", "len"},
	} {
		fn := typeid.Callee(info, calls[i])
		full, name := "", ""
		if fn != nil {
			full, name = fn.FullName(), typeid.Name(fn, pkg)
		}
		if builtin := typeid.Builtin(info, calls[i]); full != want.full || name != want.name || builtin != want.builtin {
			t.Errorf("call %d: %q, %q, %q, want %q", i, full, name, builtin, want)
		}
	}
	write, add, create := typeid.Callee(info, calls[0]), typeid.Callee(info, calls[1]), typeid.Callee(info, calls[2])
	if !typeid.IsMethod(write, "io", "Writer", "Write") || typeid.IsMethod(write, "io", "Reader", "Write") || typeid.IsFunc(write, "io", "Write") {
		t.Error("io.Writer.Write is not recognised as a method of io.Writer")
	}
	if !typeid.IsMethod(add, "p", "T") {
		t.Error("a method of a generic type is not recognised")
	}
	if !typeid.IsFunc(create, "errors") || !typeid.IsFunc(create, "errors", "Is", "New") || typeid.IsFunc(create, "errors", "Is") {
		t.Error("errors.New is not recognised")
	}
}

func TestIsError(t *testing.T) {
	pkg, _, _ := check(t)
	if typ := pkg.Scope().Lookup("byValue").Type(); !typeid.IsError(typ) {
		t.Errorf("%v is no error", typ)
	}
	if typeid.IsError(types.Typ[types.String]) || typeid.IsError(nil) {
		t.Error("a string is an error")
	}
}

// check type-checks source and returns the calls of its function f.
func check(t *testing.T) (*types.Package, *types.Info, []*ast.CallExpr) {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "p.go", source, 0)
	if err != nil {
		t.Fatal(err)
	}
	info := &types.Info{
		Types: make(map[ast.Expr]types.TypeAndValue), Uses: make(map[*ast.Ident]types.Object),
		Selections: make(map[*ast.SelectorExpr]*types.Selection),
	}
	conf := types.Config{Importer: importer.ForCompiler(fset, "source", nil), Error: func(error) {}}
	pkg, _ := conf.Check("p", fset, []*ast.File{file}, info) // a value is not used
	var calls []*ast.CallExpr
	for _, stmt := range file.Decls[len(file.Decls)-1].(*ast.FuncDecl).Body.List {
		calls = append(calls, stmt.(*ast.ExprStmt).X.(*ast.CallExpr))
	}
	return pkg, info, calls
}
