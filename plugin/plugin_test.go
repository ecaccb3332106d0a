package plugin

import (
	"slices"
	"testing"

	"github.com/golangci/plugin-module-register/register"
	"golang.org/x/tools/go/analysis"
)

func TestRegistered(t *testing.T) {
	newPlugin, err := register.GetPlugin(Name)
	if err != nil {
		t.Fatal(err)
	}
	linter, err := newPlugin(nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := linter.GetLoadMode(); got != register.LoadModeTypesInfo {
		t.Errorf("load mode %q, want %q", got, register.LoadModeTypesInfo)
	}
}

// TestOneAnalyzer shows that golangci-lint gets one analyzer, of the
// linter's name: it would put any other before each message.
func TestOneAnalyzer(t *testing.T) {
	linter, err := New(nil)
	if err != nil {
		t.Fatal(err)
	}
	analyzers, err := linter.BuildAnalyzers()
	if err != nil {
		t.Fatal(err)
	}
	if err := analysis.Validate(analyzers); err != nil {
		t.Error(err)
	}
	if got := names(analyzers); !slices.Equal(got, []string{Name}) {
		t.Errorf("analyzers are %q, want %q", got, Name)
	}
}
