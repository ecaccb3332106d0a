package prove

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// unused returns the edits that remove the imports which the edits of s
// left without a use, in terms of the files as they were.
func (p *Package) unused(s *state) []Edit {
	used := make(map[types.Object]bool)
	for _, obj := range s.info.Uses {
		if name, ok := obj.(*types.PkgName); ok {
			used[name] = true
		}
	}
	var edits []Edit
	for i, file := range s.files {
		name := p.Compile.Files[i]
		if s.changes[name] == nil {
			continue
		}
		idle := make(map[string]bool)
		for _, spec := range file.Imports {
			obj := s.info.PkgNameOf(spec)
			if obj != nil && !used[obj] && obj.Name() != "_" && obj.Name() != "." {
				idle[importKey(spec)] = true
			}
		}
		if len(idle) > 0 {
			edits = append(edits, removals(name, p.Sources[name], idle, s.changes[name].edits)...)
		}
	}
	return edits
}

// importKey tells the imports of one file apart.
func importKey(spec *ast.ImportSpec) string {
	if spec.Name == nil {
		return spec.Path.Value
	}
	return spec.Name.Name + " " + spec.Path.Value
}

// removals returns the edits that take the idle imports out of a file, in
// which others edits are made as well.
func removals(name string, src []byte, idle map[string]bool, others []Edit) []Edit {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, name, src, parser.ParseComments|parser.ImportsOnly)
	if err != nil {
		return nil // it parsed before
	}
	cut := func(from, to token.Pos) Edit {
		end := fset.Position(to).Offset
		return Edit{name, lineBefore(src, fset.Position(from).Offset), end, ""}
	}
	var edits []Edit
	for _, decl := range f.Decls {
		imports := decl.(*ast.GenDecl)
		var cuts []Edit
		for _, spec := range imports.Specs {
			spec := spec.(*ast.ImportSpec)
			if !idle[importKey(spec)] {
				continue
			}
			to := spec.End()
			if spec.Comment != nil {
				to = spec.Comment.End()
			}
			cuts = append(cuts, cut(spec.Pos(), to))
		}
		whole := cut(imports.Pos(), imports.End())
		touched := slices.ContainsFunc(others, func(e Edit) bool { return whole.Start < e.Start && e.Start < whole.End })
		if len(cuts) == len(imports.Specs) && (!touched || !imports.Lparen.IsValid()) {
			cuts = []Edit{whole}
		}
		edits = append(edits, cuts...)
	}
	return edits
}

// lineBefore returns where the line before the one at offset ends, if there
// is nothing but blanks in front of offset, else offset.
func lineBefore(src []byte, offset int) int {
	line := bytes.LastIndexByte(src[:offset], '\n')
	if line < 0 || strings.TrimSpace(string(src[line:offset])) != "" {
		return offset
	}
	if line > 0 && src[line-1] == '\r' {
		return line - 1
	}
	return line
}
