package fix

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"go/ast"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/tools/go/packages"

	"github.com/heapvet/heapvet/cmd/heapvet/internal/load"
	"github.com/heapvet/heapvet/passes/prove"
)

// untouchable says why the files that f changes must not be, or "".
func untouchable(prog *load.Program, pkg *packages.Package, f prove.Fix) string {
	if pkg.Module == nil || !pkg.Module.Main {
		return "it is not in a main module"
	}
	for _, e := range f.Edits {
		i := fileIndex(pkg, e.File)
		if i < 0 {
			return "it changes a file of another package"
		}
		if why := guarded(pkg, pkg.Syntax[i], e.File); why != "" {
			return why
		}
		data, err := os.ReadFile(e.File)
		if err != nil || sha256.Sum256(data) != prog.Sums[e.File] {
			return "the file has changed since it was read"
		}
	}
	return ""
}

func fileIndex(pkg *packages.Package, name string) int {
	for i, file := range pkg.Syntax {
		if pkg.Fset.File(file.FileStart).Name() == name {
			return i
		}
	}
	return -1
}

// guarded says why the file is not to be edited, or "".
func guarded(pkg *packages.Package, file *ast.File, name string) string {
	if ast.IsGenerated(file) {
		return "the file is generated"
	}
	for _, group := range file.Comments {
		for _, c := range group.List {
			if strings.HasPrefix(c.Text, "//line ") || strings.HasPrefix(c.Text, "/*line ") {
				return "the file is made from another one, as its //line comments say"
			}
		}
	}
	target, err := filepath.EvalSymlinks(name)
	if err != nil {
		return "the file has gone"
	}
	root, err := filepath.EvalSymlinks(pkg.Module.Dir)
	if err != nil || !strings.HasPrefix(target, root+string(filepath.Separator)) {
		return "the file is outside of its module"
	}
	info, err := os.Stat(target)
	if err != nil || info.Mode().Perm()&0o200 == 0 {
		return "the file is read-only"
	}
	return ""
}

// unchanged returns an error if the file does not hold what it did when its
// fixes were proved.
func unchanged(name string, was []byte) error {
	data, err := os.ReadFile(name)
	if err != nil {
		return fmt.Errorf("reading it again: %w", err)
	}
	if !bytes.Equal(data, was) {
		return fmt.Errorf("the file has changed since it was read")
	}
	return nil
}
