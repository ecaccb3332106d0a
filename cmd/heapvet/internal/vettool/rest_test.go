package vettool

import (
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
		idle := len(a.Requires) == 0
		if idle != (len(a.FactTypes) == 0) {
			t.Errorf("%s has %d fact types and rests: %v", a.Name, len(a.FactTypes), idle)
		}
		if idle {
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
