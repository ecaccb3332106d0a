package answers

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
	"testing"
)

const source = `package p

var table = map[string]int{
	"here": 1,
}

func init() { first() }

func init() { second() }

// Serve serves.
func (s *Server[T]) Serve() int {
	return len(
		"here")
}
`

// text parses source and returns it with the position of a word.
func text(t *testing.T, src, word string, last bool) (*Text, token.Pos, *token.FileSet) {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "p.go", src, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	at := strings.Index(src, word)
	if last {
		at = strings.LastIndex(src, word)
	}
	read := func(string) ([]byte, error) { return []byte(src), nil }
	return NewText(fset, []*ast.File{file}, read), file.FileStart + token.Pos(at), fset
}

// TestPlaces shows that places are found again after changes elsewhere, and
// only then.
func TestPlaces(t *testing.T) {
	moved := strings.NewReplacer("package p\n", "package p\n\nimport \"fmt\"\n", "// Serve serves.", "// Serve is what serves,\n// now.").Replace(source)
	for _, tt := range []struct {
		word         string
		last         bool
		decl         string
		line, column int
		edit         string
	}{
		{`"here"`, false, "table", 1, 2, `1,`},
		{`"here"`, true, "Server.Serve", 2, 3, `return len(`},
		{`first`, false, "init", 0, 15, `first()`},
		{`second`, false, "init#2", 0, 15, `second()`},
	} {
		old, pos, _ := text(t, source, tt.word, tt.last)
		var v Verdict
		if !old.Place(pos, &v) || v.Decl != tt.decl || v.Line != tt.line || v.Column != tt.column || len(v.Hash) != 8 {
			t.Errorf("%s is at %+v, want %s, %d:%d", tt.word, v, tt.decl, tt.line, tt.column)
		}
		now, want, fset := text(t, moved, tt.word, tt.last)
		if got, ok := now.Find(v); !ok || got != want {
			t.Errorf("%s is found at %v, want %v", tt.word, fset.Position(got), fset.Position(want))
		}
		edited, _, _ := text(t, strings.Replace(moved, tt.edit, tt.edit+" // edited\n", 1), tt.word, tt.last)
		if got, ok := edited.Find(v); ok {
			t.Errorf("%s is found at %v although the text around it has changed", tt.word, got)
		}
	}
	old, _, _ := text(t, source, "package", false)
	for _, v := range []Verdict{{Decl: "none", Column: 1}, {Decl: "init", Hash: old.hash("init"), Line: 99, Column: 1}, {Decl: "init", Hash: old.hash("init"), Column: 999}} {
		if got, ok := old.Find(v); ok {
			t.Errorf("%+v is found at %v", v, got)
		}
	}
	_, pos, _ := text(t, source, "package", false)
	if v := new(Verdict); old.Place(pos, v) {
		t.Errorf("the package clause is at %+v", v)
	}
}
