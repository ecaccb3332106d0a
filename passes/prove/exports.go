package prove

import (
	"context"
	"fmt"
	"go/token"
	"go/types"
	"os"

	"golang.org/x/tools/go/gcexportdata"

	"github.com/heapvet/heapvet/passes/gcfacts"
)

// exports reads imports from the compiler's export data.
type exports struct {
	ctx     context.Context
	compile *gcfacts.Direct
	list    gcfacts.ListConfig
	fset    *token.FileSet
	pkgs    map[string]*types.Package
}

// Import implements [types.Importer]. Export data of what an edit imports
// first is asked for and noted for the compiler.
func (e *exports) Import(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	if mapped, ok := e.compile.ImportMap[path]; ok {
		path = mapped
	}
	if pkg := e.pkgs[path]; pkg != nil && pkg.Complete() {
		return pkg, nil
	}
	if e.compile.PackageFile[path] == "" {
		name, err := gcfacts.Export(e.ctx, e.list, path)
		if err != nil {
			return nil, err
		}
		e.compile.PackageFile[path] = name
	}
	file, err := os.Open(e.compile.PackageFile[path])
	if err != nil {
		return nil, fmt.Errorf("reading the export data of %s: %w", path, err)
	}
	defer file.Close()
	//lint:ignore SA1019 up to Go 1.27 go list -export names archives, which Read alone does not take
	r, err := gcexportdata.NewReader(file)
	if err != nil {
		return nil, fmt.Errorf("reading the export data of %s: %w", path, err)
	}
	return gcexportdata.Read(r, e.fset, e.pkgs, path)
}
