package hotcode_test

import (
	"go/token"
	"testing"

	"golang.org/x/tools/go/packages"

	"github.com/heapvet/heapvet/passes/hotcode"
)

// BenchmarkModule builds the SSA form of net/http and its parts and computes
// their heat, as the standalone driver does for the packages of a module.
func BenchmarkModule(b *testing.B) {
	fset := token.NewFileSet()
	mode := packages.NeedName | packages.NeedSyntax | packages.NeedTypes | packages.NeedTypesInfo | packages.NeedImports | packages.NeedExportFile
	pkgs, err := packages.Load(&packages.Config{Mode: mode, Fset: fset}, "net/http/...", "net/rpc/...")
	if err != nil {
		b.Fatal(err)
	}
	var units []hotcode.Unit
	lines := 0
	for _, pkg := range pkgs {
		units = append(units, hotcode.Unit{Types: pkg.Types, Files: pkg.Syntax, Info: pkg.TypesInfo})
		for _, file := range pkg.Syntax {
			lines += fset.File(file.Pos()).LineCount()
		}
	}
	for b.Loop() {
		hotcode.NewModule(fset, units)
	}
	b.ReportMetric(float64(lines)*float64(b.N)/b.Elapsed().Seconds(), "lines/s")
}
