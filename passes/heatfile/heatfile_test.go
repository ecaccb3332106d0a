package heatfile_test

import (
	"path/filepath"
	"slices"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/heapvet/heapvet/passes"
	"github.com/heapvet/heapvet/passes/answers"
)

func Test(t *testing.T) {
	known := &answers.Module{Name: "test.heat", Paths: []string{"example.com/app"}}
	for _, name := range []string{"stale", "fits"} {
		pkg := known.Add("heatfile/"+name, name)
		pkg.Funcs["kept"] = answers.Func{Grade: "hot", Root: "test"}
		pkg.Funcs["changed"] = answers.Func{Grade: "hot", Root: "test"}
		for decl, hash := range map[string]string{"kept": "ef3c30d7", "changed": "f7ab160b"} {
			pkg.Verdicts = append(pkg.Verdicts, answers.Verdict{Check: "hotconv", Decl: decl, Hash: hash, Column: 1})
		}
	}
	known.Package("heatfile/stale").Funcs["gone"] = answers.Func{Grade: "cold", Why: "test"}

	dir, err := filepath.Abs(filepath.Join("..", "..", "testdata"))
	if err != nil {
		t.Fatal(err)
	}
	suite := passes.New(passes.Config{Answers: known})
	i := slices.IndexFunc(suite, func(a *analysis.Analyzer) bool { return a.Name == "heatfile" })
	analysistest.Run(t, dir, suite[i], "heatfile/...")
}

// TestWithout shows that there is nothing to say without a heat file.
func TestWithout(t *testing.T) {
	suite := passes.New(passes.Config{})
	i := slices.IndexFunc(suite, func(a *analysis.Analyzer) bool { return a.Name == "heatfile" })
	if got, err := suite[i].Run(nil); got != nil || err != nil {
		t.Errorf("ran to %v, %v", got, err)
	}
}
