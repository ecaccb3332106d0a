package heatfile

import (
	_ "embed"
	"fmt"
	"go/ast"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/heapvet/heapvet/passes/answers"
	"github.com/heapvet/heapvet/passes/hotcode"
	"github.com/heapvet/heapvet/passes/internal/doc"
	"github.com/heapvet/heapvet/passes/internal/report"
	"github.com/heapvet/heapvet/passes/internal/scope"
)

//go:embed doc.go
var docSource string

// New returns the analyzer, which requires heat, the analyzer that
// hotcode.New made, and looks at the answers among opts.
func New(heat *analysis.Analyzer, modules scope.Modules, opts report.Options) *analysis.Analyzer {
	return &analysis.Analyzer{
		Name:     "heatfile",
		Doc:      doc.Section(docSource, "heatfile"),
		URL:      doc.URL("heatfile"),
		Requires: []*analysis.Analyzer{heat},
		Run: func(pass *analysis.Pass) (any, error) {
			if opts.Answers == nil || !modules.Includes(pass) {
				return nil, nil
			}
			if file := source(pass); file != nil {
				r := report.New(pass, opts)
				if text := judge(pass, opts.Answers, pass.ResultOf[heat].(*hotcode.Result)); text != "" {
					r.Add(report.Finding{Pos: file.Name.Pos(), End: file.Name.End(), Message: text})
				}
				r.Flush()
			}
			return nil, nil
		},
	}
}

// judge says how the answers do not fit the package, or "".
func judge(pass *analysis.Pass, known *answers.Module, heat *hotcode.Result) string {
	pkg := known.Package(pass.Pkg.Path())
	if pkg == nil {
		return fmt.Sprintf("heat file %q knows nothing about this package, only about module %s; run heapvet heat again",
			known.Name, strings.Join(known.Paths, ", "))
	}
	fit, all := heat.Match()
	text := answers.NewText(pass.Fset, pass.Files, pass.ReadFile)
	for _, v := range pkg.Verdicts {
		if _, ok := text.Find(v); ok {
			fit++
		}
		all++
	}
	if fit == all {
		return ""
	}
	return fmt.Sprintf("heat file %q is stale here: %d of its %d entries about this package still fit; run heapvet heat again",
		known.Name, fit, all)
}

// source returns the first file of the package proper, written by hand if
// there is one, or nil.
func source(pass *analysis.Pass) *ast.File {
	var found *ast.File
	for _, file := range pass.Files {
		if strings.HasSuffix(pass.Fset.File(file.FileStart).Name(), "_test.go") {
			continue
		}
		if !report.Generated(file) {
			return file
		}
		if found == nil {
			found = file
		}
	}
	return found
}
