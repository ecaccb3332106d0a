package vettool

import (
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/heapvet/heapvet/passes"
)

// TestRest shows that only what makes facts runs, and that no flag is lost.
func TestRest(t *testing.T) {
	suite, rested := passes.New(passes.Config{}), passes.New(passes.Config{})
	rest(rested)
	if err := analysis.Validate(rested); err != nil {
		t.Fatal(err)
	}
	resting := 0
	for i, a := range rested {
		rests := len(a.Requires) == 0
		if rests != (len(a.FactTypes) == 0) {
			t.Errorf("%s has %d fact types and rests: %v", a.Name, len(a.FactTypes), rests)
		}
		if rests {
			resting++
		}
		if a.Name != suite[i].Name {
			t.Errorf("check %d is %s, want %s", i, a.Name, suite[i].Name)
		}
	}
	if resting == 0 || resting == len(rested) {
		t.Errorf("%d of %d checks rest", resting, len(rested))
	}
}

// TestPromises shows that facts rest on the compiler's word where there is a
// contract.
func TestPromises(t *testing.T) {
	for _, tt := range []struct {
		source   string
		promises bool
	}{
		{"package a\n\n//heapvet:noalloc\nfunc F() {}\n", true},
		{"package a\n\n//heapvet:hot\nfunc F() {}\n", false},
		{"package a\n\n// +checkescape:all\nfunc F() {}\n", true},
		{"package a\n\nvar x = y //gcassert:noescape\n", true},
	} {
		name := filepath.Join(t.TempDir(), "a.go")
		if err := os.WriteFile(name, []byte(tt.source), 0o600); err != nil {
			t.Fatal(err)
		}
		if u := (&unit{GoFiles: []string{name}}); u.promises() != tt.promises {
			t.Errorf("%q: promises: %v", tt.source, u.promises())
		}
	}
}
