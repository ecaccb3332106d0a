package hotcode

import (
	"go/types"
	"maps"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"
)

// kinds are the kinds of rows that the passes ask for.
var kinds = []string{"type", "call", "sync", "reflect", "field", "receive", "message", "sink", "failure", "guard"}

func TestTable(t *testing.T) {
	table := parseRules(rootsTable)
	rows := 0
	for kind, keys := range table {
		if !slices.Contains(kinds, kind) {
			t.Errorf("unknown kind %q", kind)
		}
		rows += len(keys)
	}
	lines := strings.Split(strings.TrimSpace(rootsTable), "\n")
	if rows != len(lines)-1 {
		t.Errorf("%d rules from %d rows: a row is malformed or repeated", rows, len(lines)-1)
	}
}

// TestTableSymbols checks that the standard library declares what the rows
// about it say, under the name of the type that declares it.
func TestTableSymbols(t *testing.T) {
	std := make(map[string][]string)
	for _, keys := range parseRules(rootsTable) {
		for key := range keys {
			path, symbol := splitKey(key)
			if first, _, _ := strings.Cut(path, "/"); !strings.Contains(first, ".") {
				std[path] = append(std[path], symbol)
			}
		}
	}
	pkgs, err := packages.Load(&packages.Config{Mode: packages.LoadTypes}, slices.Sorted(maps.Keys(std))...)
	if err != nil {
		t.Fatal(err)
	}
	for _, pkg := range pkgs {
		for _, symbol := range std[pkg.PkgPath] {
			if !declares(pkg.Types, symbol) {
				t.Errorf("package %s does not declare %s", pkg.PkgPath, symbol)
			}
		}
	}
}

// splitKey splits "net/http.Server.Serve" after the import path.
func splitKey(key string) (path, symbol string) {
	slash := strings.LastIndexByte(key, '/') + 1
	dot := slash + strings.IndexByte(key[slash:], '.')
	return key[:dot], key[dot+1:]
}

func declares(pkg *types.Package, symbol string) bool {
	name, member, isMember := strings.Cut(symbol, ".")
	obj := pkg.Scope().Lookup(name)
	if obj == nil || !isMember {
		return obj != nil
	}
	found, _, _ := types.LookupFieldOrMethod(obj.Type(), true, pkg, member)
	if method, ok := found.(*types.Func); ok {
		return namedOf(method.Signature().Recv().Type()).Obj().Name() == name
	}
	return found != nil
}

func TestModulePath(t *testing.T) {
	for path, want := range map[string]string{
		"github.com/go-chi/chi/v5":                "github.com/go-chi/chi",
		"github.com/cloudevents/sdk-go/v2/client": "github.com/cloudevents/sdk-go/client",
		"example.com/v2x/vector":                  "example.com/v2x/vector",
		"net/http":                                "net/http",
	} {
		if got := modulePath(path); got != want {
			t.Errorf("modulePath(%q) = %q, want %q", path, got, want)
		}
	}
}

func TestSplitName(t *testing.T) {
	for name, want := range map[string]string{
		"serveHTTPDebug": "serve http debug",
		"AdminLoad":      "admin load",
		"reload_config":  "reload config",
		"x":              "x",
	} {
		if got := strings.Join(splitName(name), " "); got != want {
			t.Errorf("splitName(%q) = %q, want %q", name, got, want)
		}
	}
}
