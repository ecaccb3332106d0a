package answers

import (
	"crypto/sha256"
	"fmt"
	"go/ast"
	"go/token"
	"strconv"
)

// A Decl is a declaration of a package with a name that stays the same when
// lines, or declarations of other names, are added.
type Decl struct {
	Key  string // "serve", "Server.serve" for methods of *Server, too, or the first name that it declares
	Node ast.Decl
}

// Decls returns the declarations of the files of a package, in their order.
// Of several with the same name the others are called "init#2" and so on.
func Decls(files []*ast.File) []Decl {
	var all []Decl
	count := make(map[string]int)
	for _, file := range files {
		for _, node := range file.Decls {
			key := Unique(count, declKey(node))
			all = append(all, Decl{key, node})
		}
	}
	return all
}

// Unique returns name, with a number if it was returned before.
func Unique(count map[string]int, name string) string {
	count[name]++
	if n := count[name]; n > 1 {
		return name + "#" + strconv.Itoa(n)
	}
	return name
}

func declKey(node ast.Decl) string {
	switch node := node.(type) {
	case *ast.FuncDecl:
		if recv := receiver(node); recv != "" {
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

// receiver returns the name of a method's receiver type, or "".
func receiver(decl *ast.FuncDecl) string {
	if decl.Recv == nil || len(decl.Recv.List) == 0 {
		return ""
	}
	t := decl.Recv.List[0].Type
	for {
		switch u := t.(type) {
		case *ast.StarExpr:
			t = u.X
		case *ast.ParenExpr:
			t = u.X
		case *ast.IndexExpr:
			t = u.X
		case *ast.IndexListExpr:
			t = u.X
		case *ast.Ident:
			return u.Name
		default:
			return ""
		}
	}
}

// Hash returns a short hash of the text of a declaration. It fails, with "",
// if the file cannot be read or has changed since it was parsed.
func Hash(fset *token.FileSet, decl ast.Decl, read func(name string) ([]byte, error)) string {
	file := fset.File(decl.Pos())
	src, err := read(file.Name())
	if err != nil || len(src) != file.Size() {
		return ""
	}
	text := src[file.Offset(decl.Pos()):file.Offset(decl.End())]
	sum := sha256.Sum256(text)
	return fmt.Sprintf("%x", sum[:4])
}

// A Text finds the declarations of a package that are what they were.
type Text struct {
	fset  *token.FileSet
	read  func(name string) ([]byte, error)
	decls map[string]ast.Decl
	hash  map[string]string // by key, once it was asked for
}

// NewText returns the text of a package, which it reads with read.
func NewText(fset *token.FileSet, files []*ast.File, read func(name string) ([]byte, error)) *Text {
	t := &Text{fset, read, make(map[string]ast.Decl), make(map[string]string)}
	for _, d := range Decls(files) {
		t.decls[d.Key] = d.Node
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
	if _, ok := t.hash[v.Decl]; !ok {
		t.hash[v.Decl] = Hash(t.fset, decl, t.read)
	}
	file := t.fset.File(decl.Pos())
	line := t.fset.PositionFor(decl.Pos(), false).Line + v.Line
	if t.hash[v.Decl] != v.Hash || line > file.LineCount() {
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
		v.Decl, v.Hash = key, Hash(t.fset, decl, t.read)
		v.Line, v.Column = at.Line-t.fset.PositionFor(decl.Pos(), false).Line, at.Column
		return v.Hash != ""
	}
	return false
}
