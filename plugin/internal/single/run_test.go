package single

import (
	"context"
	"errors"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/heapvet/heapvet/passes"
	"github.com/heapvet/heapvet/passes/gcfacts"
)

// broken is a compiler whose output is not understood.
type broken struct{}

func (broken) Load(context.Context, gcfacts.Request) (*gcfacts.Text, error) {
	return nil, errors.New("unrecognised compiler output")
}

// TestRun shows that the analyzer has the facts and the findings of its
// checks, and tells once per package that the compiler was asked in vain.
// The second package gets its heat from a fact about the first.
func TestRun(t *testing.T) {
	dir, cleanup, err := analysistest.WriteFiles(map[string]string{
		"a/a.go": `package a // want "^unrecognised compiler output; escapes in this package are not confirmed$"

var routes []func(name string, n int)

// Handle has fn called per request.
func Handle(fn func(name string, n int)) { routes = append(routes, fn) } // want Handle:"callsParam"

//heapvet:hot
func serve(name string, n int) {
	for _, fn := range routes {
		fn(name, n)
	}
}
`,
		"b/b.go": `package b // want "^unrecognised compiler output; escapes in this package are not confirmed$"

import "a"

func init() { a.Handle(handle) }

func handle(name string, n int) {
	for i := range n {
		count(name+"/items", i) // want "^hotescape: concatenation .* is the same in every iteration.* \\(unconfirmed: unrecognised compiler output\\)$"
	}
}

//go:noinline
func count(key string, i int) { counts[key] += i } // want "^unboundedcache: map \"counts\" only grows"

var counts = map[string]int{"": 0}
`,
	})
	if err != nil {
		t.Fatal(err)
	}
	defer cleanup()
	cfg := passes.Config{Compiler: broken{}}
	var two []*analysis.Analyzer // the facts of others are of no interest here
	for _, check := range passes.New(cfg) {
		if check.Name == "hotescape" || check.Name == "unboundedcache" {
			two = append(two, check)
		}
	}
	suite := New(cfg, two)
	analysistest.Run(t, dir, &analysis.Analyzer{
		Name: "heapvet", Doc: "two checks", FactTypes: suite.Facts(), Run: suite.Run,
	}, "b", "a")
}
