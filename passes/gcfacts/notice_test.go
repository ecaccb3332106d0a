package gcfacts

import (
	"context"
	"errors"
	"go/ast"
	"testing"

	"golang.org/x/tools/go/packages"
)

type failing struct{}

func (failing) Load(context.Context, Request) (*Text, error) { return nil, errors.New("no luck") }

// TestNotice shows that there is something to tell only if the compiler was
// asked in vain.
func TestNotice(t *testing.T) {
	dir, env := mixed(t)
	pkgs, err := packages.Load(&packages.Config{Dir: dir, Env: env, Mode: packages.LoadSyntax | packages.NeedModule}, "./gen")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		src            Source
		noData, notice string
	}{
		{failing{}, "no luck", "no luck; escapes in this package are not confirmed"},
		{Without("not wanted"), "not wanted", ""},
		{nil, "the driver has no source of compiler output", ""},
	} {
		p := runFacts(t, New(tt.src, nil), pkgs[0])
		if got := p.Notice(); got != "" {
			t.Errorf("%v: notice %q before a check asks", tt.src, got)
		}
		var decl ast.Node = pkgs[0].Syntax[0].Decls[0]
		if got := p.At(decl, Moved).Verdict; got != NoData {
			t.Errorf("%v: verdict %v, want NoData", tt.src, got)
		}
		if p.NoData() != tt.noData || p.Notice() != tt.notice {
			t.Errorf("%v: no data %q, notice %q; want %q and %q", tt.src, p.NoData(), p.Notice(), tt.noData, tt.notice)
		}
	}
}
