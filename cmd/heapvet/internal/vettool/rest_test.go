package vettool

import (
	"encoding/json"
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
		if rests != (len(a.FactTypes) == 0 || a.Name == noalloc) {
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

// TestRestNoalloc shows that noalloc runs where there is a contract.
func TestRestNoalloc(t *testing.T) {
	for _, tt := range []struct {
		source string
		rests  bool
	}{
		{"package a\n\n//heapvet:noalloc\nfunc F() {}\n", false},
		{"package a\n\n//heapvet:hot\nfunc F() {}\n", true},
	} {
		name := filepath.Join(t.TempDir(), "a.go")
		config, err := json.Marshal(unit{GoFiles: []string{name}})
		if err != nil {
			t.Fatal(err)
		}
		for file, data := range map[string]string{name: tt.source, name + ".cfg": string(config)} {
			if err := os.WriteFile(file, []byte(data), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		suite := passes.New(passes.Config{})
		restNoalloc(suite, name+".cfg")
		for _, a := range suite {
			if rests := len(a.Requires) == 0; a.Name == noalloc && rests != tt.rests {
				t.Errorf("%q: noalloc rests: %v", tt.source, rests)
			}
		}
	}
}
