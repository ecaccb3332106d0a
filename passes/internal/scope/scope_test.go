package scope_test

import (
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"path/filepath"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/heapvet/heapvet/passes/internal/scope"
)

func TestIncludes(t *testing.T) {
	std := func(name string) string { return filepath.Join(build.Default.GOROOT, "src", "net", name) }
	main := &analysis.Module{Path: "example.com/m"}
	dependency := &analysis.Module{Path: "example.com/dep", Version: "v1.0.0"}
	tests := []struct {
		name    string
		modules scope.Modules
		files   []string
		module  *analysis.Module
		want    bool
	}{
		{"export data only", nil, nil, main, false},
		{"main module", nil, []string{"/m/a.go"}, main, true},
		{"dependency", nil, []string{"/dep/a.go"}, dependency, false},
		{"GOPATH mode", nil, []string{"/gopath/src/a/a.go"}, nil, true},
		{"GOPATH mode, golangci-lint", nil, []string{"/gopath/src/a/a.go"}, &analysis.Module{}, true},
		{"standard library", nil, []string{std("dial.go")}, nil, false},
		{"standard library, golangci-lint", nil, []string{std("dial.go")}, &analysis.Module{}, false},
		{"standard library, cgo", nil, []string{"/cache/_cgo_gotypes.go", std("dial.go")}, nil, false},
		{"folder like GOROOT", nil, []string{build.Default.GOROOT + "-more/src/a/a.go"}, nil, true},
		{"standard library by name", scope.Modules{""}, []string{std("dial.go")}, nil, true},
		{"module by name", scope.Modules{"example.com/dep"}, []string{"/dep/a.go"}, dependency, true},
		{"other module by name", scope.Modules{"example.com/dep"}, []string{"/m/a.go"}, main, false},
		{"no module by name", scope.Modules{}, []string{"/m/a.go"}, main, false},
		{"no module by name, standard library", scope.Modules{}, []string{std("dial.go")}, nil, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			pass := &analysis.Pass{Fset: token.NewFileSet(), Module: tt.module}
			for _, name := range tt.files {
				pass.Files = append(pass.Files, parse(t, pass.Fset, name))
			}
			if got := tt.modules.Includes(pass); got != tt.want {
				t.Errorf("Includes = %v, want %v", got, tt.want)
			}
		})
	}
}

func parse(t *testing.T, fset *token.FileSet, name string) *ast.File {
	t.Helper()
	file, err := parser.ParseFile(fset, name, "package p\n", 0)
	if err != nil {
		t.Fatal(err)
	}
	return file
}
