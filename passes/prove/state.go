package prove

import (
	"context"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"
	"strings"
)

// A state is a package with edits made, parsed and type-checked.
type state struct {
	fset    *token.FileSet
	files   []*ast.File
	pkg     *types.Package
	info    *types.Info
	changes map[string]*change
}

// state makes edits of the package's files. The error is the first of
// parsing or type-checking them.
func (p *Package) state(ctx context.Context, edits []Edit) (*state, error) {
	s := &state{fset: token.NewFileSet(), changes: make(map[string]*change)}
	for _, name := range p.Compile.Files {
		src := p.Sources[name]
		own := slices.DeleteFunc(slices.Clone(edits), func(e Edit) bool { return e.File != name })
		if len(own) > 0 {
			c := apply(src, own)
			s.changes[name], src = &c, c.text
		}
		file, err := parser.ParseFile(s.fset, name, src, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, brief(err)
		}
		s.files = append(s.files, file)
	}
	return s, p.check(ctx, s)
}

// check type-checks s. Imports that are no longer used are no error: they
// are for [state.unused] to find.
func (p *Package) check(ctx context.Context, s *state) error {
	s.info = &types.Info{
		Types: make(map[ast.Expr]types.TypeAndValue), Defs: make(map[*ast.Ident]types.Object), Uses: make(map[*ast.Ident]types.Object),
		Implicits: make(map[ast.Node]types.Object), Instances: make(map[*ast.Ident]types.Instance), Scopes: make(map[ast.Node]*types.Scope),
		Selections: make(map[*ast.SelectorExpr]*types.Selection), FileVersions: make(map[*ast.File]string),
	}
	var first error
	conf := types.Config{
		Importer: &exports{ctx: ctx, compile: &p.Compile, list: p.List, fset: s.fset, pkgs: make(map[string]*types.Package)},
		Sizes:    p.Sizes, GoVersion: p.Compile.GoVersion,
		Error: func(err error) {
			if first == nil && !unusedImport(err) {
				first = err
			}
		},
	}
	s.pkg, _ = conf.Check(p.Compile.Path, s.fset, s.files, s.info) // the first error is conf.Error's
	if first != nil {
		return brief(first)
	}
	return nil
}

// unusedImport reports whether a type error says so; go/types exports no
// codes of its errors.
func unusedImport(err error) bool {
	var terr types.Error
	return errors.As(err, &terr) && terr.Soft && strings.Contains(terr.Msg, " imported ") && strings.HasSuffix(terr.Msg, " and not used")
}

// brief shortens the file name that an error begins with.
func brief(err error) error {
	text, _, _ := strings.Cut(err.Error(), "\n")
	if name, rest, ok := strings.Cut(text, ".go:"); ok && filepath.IsAbs(name) {
		text = filepath.Base(name) + ".go:" + rest
	}
	return errors.New(text)
}
