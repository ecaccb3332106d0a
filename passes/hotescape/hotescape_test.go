package hotescape_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	xanalysistest "golang.org/x/tools/go/analysis/analysistest"

	"github.com/heapvet/heapvet/analysistest"
	"github.com/heapvet/heapvet/passes"
)

func Test(t *testing.T) { analysistest.RunWithSuggestedFixes(t, "hotescape") }

// TestUnconfirmed checks that without the compiler's word findings say so.
func TestUnconfirmed(t *testing.T) {
	suite := passes.New(passes.Config{})
	i := slices.IndexFunc(suite, func(a *analysis.Analyzer) bool { return a.Name == "hotescape" })
	found := 0
	dir, err := filepath.Abs(filepath.Join("..", "..", "testdata"))
	if err != nil {
		t.Fatal(err)
	}
	for _, result := range xanalysistest.Run(ignored{}, dir, suite[i], "hotescape/captures") {
		if result.Err != nil {
			t.Fatal(result.Err)
		}
		for _, diag := range result.Diagnostics {
			found++
			if !strings.Contains(diag.Message, " (unconfirmed: the driver has no source of compiler output)") {
				t.Errorf("not said to be unconfirmed: %s", diag.Message)
			}
		}
	}
	if found == 0 {
		t.Error("no finding without the compiler's word")
	}
}

// ignored takes no notice of unmet expectations: they are about findings
// that the compiler confirmed.
type ignored struct{}

func (ignored) Errorf(string, ...any) {}
