package gcfacts

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/go/packages"
)

// TestStandardLibrary finds the node of every heap message about the
// standard library. It compiles all of it: minutes from a cold cache.
func TestStandardLibrary(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles the standard library")
	}
	env := append(os.Environ(), "GOFLAGS=", "GOWORK=off")
	dir := filepath.Join(goroot(t), "src")
	pkgs, err := packages.Load(&packages.Config{
		Dir: dir, Env: env, Mode: packages.LoadSyntax | packages.NeedModule,
	}, "std")
	if err != nil {
		t.Fatal(err)
	}
	src := NewList(ListConfig{Dir: dir, Env: env, Patterns: []string{"std"}, Timeout: 20 * time.Minute})
	gc := New(src, []string{"", "std"})
	found := 0
	for _, pkg := range pkgs {
		if pkg.Module == nil {
			pkg.Module = &packages.Module{}
		}
		facts := runFacts(t, gc, pkg)
		s := facts.Stats()
		found += s.One
		if s.One+s.LongLine+s.Foreign != s.Heap {
			t.Errorf("%s: %+v", pkg.ID, s)
		}
		if reason := facts.NoData(); strings.Contains(reason, "unavailable") {
			t.Fatal(reason)
		}
	}
	if found < 20000 {
		t.Errorf("only %d heap messages in %d packages have their node", found, len(pkgs))
	}
	t.Logf("%s: %d heap messages in %d packages have their node", runtime.Version(), found, len(pkgs))
}

func goroot(t *testing.T) string {
	t.Helper()
	tools := toolchain{}
	out, err := tools.output(t.Context(), "env", "GOROOT")
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}
