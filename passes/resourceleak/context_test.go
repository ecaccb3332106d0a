package resourceleak

import (
	"testing"

	"golang.org/x/tools/go/analysis"
)

func TestBeforeGo123(t *testing.T) {
	for _, test := range []struct {
		mod  *analysis.Module
		want bool
	}{
		{nil, false},
		{&analysis.Module{Path: "m", GoVersion: "1.22"}, true},
		{&analysis.Module{Path: "m", GoVersion: "1.22.5"}, true},
		{&analysis.Module{Path: "m", GoVersion: "1.23"}, false},
		{&analysis.Module{Path: "m", GoVersion: "1.26.0"}, false},
		{&analysis.Module{Path: "m", GoVersion: "1.20", Version: "v1.2.3"}, false}, // the main module decides
		{&analysis.Module{Path: "m"}, false},
	} {
		if got := beforeGo123(test.mod); got != test.want {
			t.Errorf("beforeGo123(%+v) = %t, want %t", test.mod, got, test.want)
		}
	}
}
