package plugin

import (
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

func TestWithoutRelated(t *testing.T) {
	related := analysis.Diagnostic{Message: "m", Related: []analysis.RelatedInformation{{Message: "there"}}}
	var got []analysis.Diagnostic
	pass := &analysis.Pass{Report: func(d analysis.Diagnostic) { got = append(got, d) }}
	run := withoutRelated(func(pass *analysis.Pass) (any, error) {
		pass.Report(related)
		return 1, nil
	})
	res, err := run(pass)
	if res != 1 || err != nil {
		t.Errorf("run = %v, %v; want 1 and no error", res, err)
	}
	if len(got) != 1 || got[0].Message != "m" || got[0].Related != nil {
		t.Errorf("reported %v, want the message alone", got)
	}
}
