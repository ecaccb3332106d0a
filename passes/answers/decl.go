package answers

import (
	"crypto/sha256"
	"fmt"
	"go/ast"
	"go/token"
	"strconv"

	"github.com/heapvet/heapvet/passes/internal/typeid"
)

// Unique returns name, with a number if it was returned before.
func Unique(count map[string]int, name string) string {
	count[name]++
	if n := count[name]; n > 1 {
		return name + "#" + strconv.Itoa(n)
	}
	return name
}

// declKey names a declaration: "serve", "Server.serve" for methods of *Server,
// too, or the first name that it declares.
func declKey(node ast.Decl) string {
	switch node := node.(type) {
	case *ast.FuncDecl:
		if recv := typeid.Receiver(node); recv != "" {
			return recv + "." + node.Name.Name
		}
		return node.Name.Name
	case *ast.GenDecl:
		if len(node.Specs) == 0 {
			break
		}
		switch spec := node.Specs[0].(type) {
		case *ast.ValueSpec:
			return spec.Names[0].Name
		case *ast.TypeSpec:
			return spec.Name.Name
		}
		return node.Tok.String()
	}
	return "_"
}

// A Text knows the declarations of a package by names that stay the same when
// lines, or declarations of other names, are added. Of several with one name
// the others are called "init#2" and so on.
type Text struct {
	fset   *token.FileSet
	read   func(name string) ([]byte, error)
	decls  map[string]ast.Decl
	hashes map[string]string // by name, once they were asked for
}

// NewText returns the text of a package, which it reads with read.
func NewText(fset *token.FileSet, files []*ast.File, read func(name string) ([]byte, error)) *Text {
	t := &Text{fset, read, make(map[string]ast.Decl), make(map[string]string)}
	count := make(map[string]int)
	for _, file := range files {
		for _, decl := range file.Decls {
			t.decls[Unique(count, declKey(decl))] = decl
		}
	}
	return t
}

// Find returns the place that a verdict is about. It reports false if the
// declaration there is gone or has changed.
func (t *Text) Find(v Verdict) (token.Pos, bool) {
	decl := t.decls[v.Decl]
	if decl == nil {
		return token.NoPos, false
	}
	file := t.fset.File(decl.Pos())
	line := t.fset.PositionFor(decl.Pos(), false).Line + v.Line
	if t.hash(v.Decl) != v.Hash || line > file.LineCount() {
		return token.NoPos, false
	}
	pos := file.LineStart(line) + token.Pos(v.Column-1)
	return pos, decl.Pos() <= pos && pos < decl.End()
}

// Place fills in where in its declaration the verdict about pos is. It
// reports false for places outside of declarations.
func (t *Text) Place(pos token.Pos, v *Verdict) bool {
	for key, decl := range t.decls {
		if pos < decl.Pos() || decl.End() <= pos {
			continue
		}
		at := t.fset.PositionFor(pos, false)
		v.Decl, v.Hash = key, t.hash(key)
		v.Line, v.Column = at.Line-t.fset.PositionFor(decl.Pos(), false).Line, at.Column
		return v.Hash != ""
	}
	return false
}

// hash returns a short hash of the text of a declaration, or "" if its file
// cannot be read or has changed since it was parsed.
func (t *Text) hash(key string) string {
	if hash, ok := t.hashes[key]; ok {
		return hash
	}
	decl := t.decls[key]
	file := t.fset.File(decl.Pos())
	src, err := t.read(file.Name())
	if err != nil || len(src) != file.Size() {
		t.hashes[key] = ""
		return ""
	}
	sum := sha256.Sum256(src[file.Offset(decl.Pos()):file.Offset(decl.End())])
	t.hashes[key] = fmt.Sprintf("%x", sum[:4])
	return t.hashes[key]
}
