package varuse_test

import (
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"testing"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/passes/internal/varuse"
)

const source = `package p

type inner struct{ n int }

func (i *inner) inc()    { i.n++ }
func (i inner) get() int { return i.n }

type outer struct {
	inner
	arr [4]int
	ptr *inner
}

func f(sink func(...any)) {
	var v outer
	sink(v)            // read
	v = outer{}        // write
	v.n = 1            // write
	v.arr[0]++         // write
	_ = v.arr[1]       // read
	_ = v.get()        // read
	v.inc()            // call
	v.inner.inc()      // call
	v.ptr.inc()        // read
	v.ptr.n = 2        // read
	sink(&v)           // address
	sink(&(v.arr[2]))  // address
	sink(v.arr[:])     // address
	_ = -(v.n)         // read
}
`

// TestClassify checks the role of each use of v against the comment on its line.
func TestClassify(t *testing.T) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "p.go", source, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	info := &types.Info{
		Types: make(map[ast.Expr]types.TypeAndValue), Defs: make(map[*ast.Ident]types.Object),
		Uses: make(map[*ast.Ident]types.Object), Selections: make(map[*ast.SelectorExpr]*types.Selection),
	}
	conf := types.Config{Importer: importer.Default()}
	if _, err := conf.Check("p", fset, []*ast.File{file}, info); err != nil {
		t.Fatal(err)
	}
	want := make(map[int]string)
	for _, group := range file.Comments {
		want[fset.Position(group.Pos()).Line] = group.Text()
	}
	index := varuse.New(inspector.New([]*ast.File{file}).Root(), info)
	names := [...]string{varuse.Read: "read", varuse.Write: "write", varuse.Call: "call", varuse.Address: "address"}
	tested := 0
	for id, obj := range info.Defs {
		if id.Name != "v" {
			continue
		}
		for _, cur := range index.Of(obj) {
			line := fset.Position(cur.Node().Pos()).Line
			got := fmt.Sprintln(names[index.Classify(cur).Role])
			if got != want[line] {
				t.Errorf("line %d: role %q, want %q", line, got, want[line])
			}
			tested++
		}
	}
	if tested != len(want) {
		t.Errorf("tested %d uses, want %d", tested, len(want))
	}
}
