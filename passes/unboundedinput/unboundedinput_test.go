package unboundedinput_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"golang.org/x/tools/go/analysis"
	xanalysistest "golang.org/x/tools/go/analysis/analysistest"

	"github.com/heapvet/heapvet/analysistest"
	"github.com/heapvet/heapvet/passes"
)

func Test(t *testing.T) {
	analysistest.RunWithSuggestedFixes(t, "unboundedinput")
}

// TestMaxBody shows the fix that the option max-body turns on. It needs a
// module of its own, because the harness runs checks with default options.
func TestMaxBody(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod": "module example.com/maxbody\n\ngo 1.26\n",
		"a.go": `package maxbody

import (
	"io"
	"net/http"
)

func handle(w http.ResponseWriter, r *http.Request) {
	io.ReadAll(r.Body) // want "reads the request's Body without a limit"
}

func blank(_ http.ResponseWriter, r *http.Request) {
	io.ReadAll(r.Body) // want "reads the request's Body without a limit"
}
`,
		"a.go.golden": `package maxbody

import (
	"io"
	"net/http"
)

func handle(w http.ResponseWriter, r *http.Request) {
	io.ReadAll(http.MaxBytesReader(w, r.Body, 1048576)) // want "reads the request's Body without a limit"
}

func blank(_ http.ResponseWriter, r *http.Request) {
	io.ReadAll(r.Body) // want "reads the request's Body without a limit"
}
`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	suite := passes.New(passes.Config{Advice: true, Modules: []string{"example.com/maxbody"}})
	i := slices.IndexFunc(suite, func(a *analysis.Analyzer) bool { return a.Name == "unboundedinput" })
	if err := suite[i].Flags.Set("max-body", "1048576"); err != nil {
		t.Fatal(err)
	}
	xanalysistest.RunWithSuggestedFixes(t, dir, suite[i], "./...")
}
