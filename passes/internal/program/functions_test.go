package program

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"testing"

	"github.com/heapvet/heapvet/passes/internal/buildssa"
)

const source = `package a

import "sync"

type own struct{}

func (own) Method() {}

type embedder struct{ own }

type locked struct{ *sync.Mutex }

type unused struct{ own }

type Exported struct{}

func (Exported) Public() {}

func Box() []any { return []any{embedder{}, locked{}, &sync.WaitGroup{}, func() {}} }

func generic[T any](x T) T { return x }

func use() int { return generic(1) }
`

// TestFunctions shows which wrappers are part of a program: those of its own
// methods, on types that become interfaces or are exported.
func TestFunctions(t *testing.T) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "a.go", source, 0)
	if err != nil {
		t.Fatal(err)
	}
	info := &types.Info{
		Types: make(map[ast.Expr]types.TypeAndValue), Defs: make(map[*ast.Ident]types.Object), Uses: make(map[*ast.Ident]types.Object),
		Implicits: make(map[ast.Node]types.Object), Selections: make(map[*ast.SelectorExpr]*types.Selection),
		Scopes: make(map[ast.Node]*types.Scope), Instances: make(map[*ast.Ident]types.Instance), FileVersions: make(map[*ast.File]string),
	}
	pkg, err := (&types.Config{Importer: importer.ForCompiler(fset, "source", nil)}).Check("a", fset, []*ast.File{file}, info)
	if err != nil {
		t.Fatal(err)
	}
	prog := buildssa.Build(fset, []buildssa.Unit{{Types: pkg, Files: []*ast.File{file}, Info: info}})
	var got []string
	for fn := range functions(prog.Prog, prog.Packages) {
		if len(fn.Blocks) > 0 {
			got = append(got, fn.String())
		}
	}
	slices.Sort(got)
	want := "(*a.Exported).Public (*a.embedder).Method (*a.own).Method (a.Exported).Public (a.embedder).Method (a.own).Method a.Box a.Box$1 a.generic a.generic[int] a.init a.use"
	if strings.Join(got, " ") != want {
		t.Errorf("functions are\n%s\nwant\n%s", strings.Join(got, " "), want)
	}
}
