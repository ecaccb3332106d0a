package prove

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// declared checks that s declares to other packages what the package did
// before. Names of its own may change, unless tests use them: tests are not
// compiled with it.
func (p *Package) declared(s *state) error {
	before, after := p.Types.Scope(), s.pkg.Scope()
	var changed []string
	for _, name := range before.Names() {
		if describe(before.Lookup(name)) == describe(after.Lookup(name)) {
			continue
		}
		if ast.IsExported(name) {
			return fmt.Errorf("it changes the declaration of %s", name)
		}
		changed = append(changed, name)
	}
	for _, name := range after.Names() {
		if before.Lookup(name) == nil {
			changed = append(changed, name)
		}
	}
	if len(changed) == 0 {
		return nil
	}
	return p.unknownToTests(changed)
}

// describe tells what a package-level object is, to its last field and
// method; "" if there is none.
func describe(obj types.Object) string {
	if obj == nil {
		return ""
	}
	qualify := (*types.Package).Path
	text := types.ObjectString(obj, qualify)
	if named, ok := types.Unalias(obj.Type()).(*types.Named); ok && named.Obj() == obj {
		for m := range named.Methods() {
			text += "\n" + types.ObjectString(m, qualify)
		}
	}
	return text
}

// unknownToTests returns an error if a test of the package, one that is not
// compiled with it here, has one of names.
func (p *Package) unknownToTests(names []string) error {
	tests, err := filepath.Glob(filepath.Join(p.Compile.Dir, "*_test.go"))
	if err != nil {
		return nil // no pattern that could be wrong
	}
	for _, test := range tests {
		if slices.Contains(p.Compile.Files, test) {
			continue
		}
		src, err := os.ReadFile(test)
		if err != nil {
			return fmt.Errorf("reading its tests: %w", err)
		}
		file, err := parser.ParseFile(token.NewFileSet(), test, src, parser.SkipObjectResolution)
		if err != nil || strings.HasSuffix(file.Name.Name, "_test") && !strings.HasSuffix(p.Types.Name(), "_test") {
			continue // it does not compile as it is, or sees only what is exported
		}
		for n := range ast.Preorder(file) {
			if id, ok := n.(*ast.Ident); ok && slices.Contains(names, id.Name) {
				return fmt.Errorf("it changes what %s means to the package's tests", id.Name)
			}
		}
	}
	return nil
}
