// Package edit builds suggested fixes: edits of one file that say what they
// put where, and bring the imports that they need.
package edit

import (
	"go/ast"
	"go/token"
	"go/types"
	"go/version"
	"path"
	"strconv"

	"golang.org/x/tools/go/analysis"
)

// A Fix collects the edits of one suggested fix. They must lie in one file.
type Fix struct {
	pass   *analysis.Pass
	file   *ast.File
	source []byte
	edits  []analysis.TextEdit
	broken bool // something that the fix needs cannot be had
}

// New returns an empty Fix of the file around node.
func New(pass *analysis.Pass, node ast.Node) *Fix {
	f := &Fix{pass: pass, broken: true}
	for _, file := range pass.Files {
		if node.Pos() < file.FileStart || file.FileEnd <= node.Pos() {
			continue
		}
		f.file = file
		source, err := pass.ReadFile(pass.Fset.File(file.FileStart).Name())
		if err == nil && len(source) == pass.Fset.File(file.FileStart).Size() {
			f.source, f.broken = source, false
		}
	}
	return f
}

// Text returns the source text of node.
func (f *Fix) Text(node ast.Node) string {
	if f.broken {
		return ""
	}
	file := f.pass.Fset.File(f.file.FileStart)
	return string(f.source[file.Offset(node.Pos()):file.Offset(node.End())])
}

// Operand is like [Fix.Text], in parentheses if e needs them as an operand
// of a binary expression, a selector or a call.
func (f *Fix) Operand(e ast.Expr) string {
	switch e.(type) {
	case *ast.BinaryExpr, *ast.UnaryExpr, *ast.StarExpr, *ast.FuncLit:
		return "(" + f.Text(e) + ")"
	}
	return f.Text(e)
}

// Replace puts text in place of what is between from and to. Comments in
// there would be lost: with one, there is no fix.
func (f *Fix) Replace(from, to token.Pos, text string) {
	if f.broken {
		return
	}
	for _, group := range f.file.Comments {
		if from < group.Pos() && group.Pos() < to {
			f.broken = true
		}
	}
	f.edits = append(f.edits, analysis.TextEdit{Pos: from, End: to, NewText: []byte(text)})
}

// Insert puts text before what is at pos.
func (f *Fix) Insert(pos token.Pos, text string) { f.Replace(pos, pos, text) }

// Import returns the name by which code at pos can call the package with
// the given path, and imports it if the file does not yet. What is no
// longer used is left to what applies the fix, which knows all of them.
func (f *Fix) Import(pkgPath string, pos token.Pos) string {
	if f.broken {
		return ""
	}
	for _, spec := range f.file.Imports {
		if p, err := strconv.Unquote(spec.Path.Value); err != nil || p != pkgPath {
			continue
		}
		name := f.pass.TypesInfo.PkgNameOf(spec)
		if name == nil || name.Name() == "_" || name.Name() == "." {
			continue
		}
		if f.lookup(name.Name(), pos) == name {
			return name.Name()
		}
		f.broken = true // hidden by another declaration
		return ""
	}
	name := path.Base(pkgPath)
	if f.Taken(name, pos) {
		f.broken = true
		return ""
	}
	f.addImport(pkgPath)
	return name
}

// lookup returns what name means at pos.
func (f *Fix) lookup(name string, pos token.Pos) types.Object {
	scope := f.pass.TypesInfo.Scopes[f.file]
	if scope == nil {
		return nil
	}
	if inner := scope.Innermost(pos); inner != nil {
		scope = inner
	}
	_, obj := scope.LookupParent(name, pos)
	return obj
}

// Taken reports whether name means something at pos, or does so anywhere in
// the function around it, so that it cannot be declared there.
func (f *Fix) Taken(name string, pos token.Pos) bool {
	if f.broken || f.lookup(name, pos) != nil {
		return true
	}
	for _, decl := range f.file.Decls {
		if pos < decl.Pos() || decl.End() <= pos {
			continue
		}
		taken := false
		ast.Inspect(decl, func(n ast.Node) bool {
			id, ok := n.(*ast.Ident)
			taken = taken || ok && id.Name == name
			return !taken
		})
		return taken
	}
	return false
}

// addImport adds an import at its place among the file's first ones.
func (f *Fix) addImport(pkgPath string) {
	quoted := strconv.Quote(pkgPath)
	var first *ast.GenDecl
	for _, decl := range f.file.Decls {
		if gen, ok := decl.(*ast.GenDecl); ok && gen.Tok == token.IMPORT {
			first = gen
			break
		}
	}
	at := analysis.TextEdit{}
	switch {
	case first == nil:
		at.Pos = f.file.Name.End()
		at.NewText = []byte("\n\nimport " + quoted)
	case !first.Lparen.IsValid():
		at.Pos = first.End()
		at.NewText = []byte("\nimport " + quoted)
	default:
		at.Pos = f.place(first, quoted)
		at.NewText = []byte("\n\t" + quoted)
	}
	at.End = at.Pos
	f.edits = append(f.edits, at)
}

// place returns where the import of quoted belongs in decl: after the last
// one of the first block that sorts before it.
func (f *Fix) place(decl *ast.GenDecl, quoted string) token.Pos {
	pos, line := decl.Lparen+1, f.pass.Fset.Position(decl.Lparen).Line
	for i, spec := range decl.Specs {
		spec := spec.(*ast.ImportSpec)
		start := f.pass.Fset.Position(spec.Pos()).Line
		if i > 0 && start > line+1 || spec.Path.Value > quoted {
			break
		}
		pos, line = spec.End(), f.pass.Fset.Position(spec.End()).Line
		if spec.Comment != nil {
			pos = spec.Comment.End()
		}
	}
	return pos
}

// Suggest returns the fix, with a message such as "Use strings.Cut"; nil
// if it cannot be made.
func (f *Fix) Suggest(message string) []analysis.SuggestedFix {
	if f.broken || len(f.edits) == 0 {
		return nil
	}
	return []analysis.SuggestedFix{{Message: message, TextEdits: f.edits}}
}

// Since reports whether the file around node is of the given Go version,
// such as "go1.24", or a later one.
func Since(pass *analysis.Pass, node ast.Node, want string) bool {
	for _, file := range pass.Files {
		if file.FileStart <= node.Pos() && node.Pos() < file.FileEnd {
			have := pass.TypesInfo.FileVersions[file]
			return have == "" || version.Compare(have, want) >= 0
		}
	}
	return false
}
