package lsp

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The last release of gopls for Go 1.26.
const goplsVersion = "golang.org/x/tools/gopls@v0.23.0"

// TestGopls drives a real gopls through heapvet lsp on testdata/app.
func TestGopls(t *testing.T) {
	if testing.Short() {
		t.Skip("builds gopls")
	}
	dir := filepath.Join(t.TempDir(), "app")
	if err := os.CopyFS(dir, os.DirFS("../../../../testdata/app")); err != nil {
		t.Fatal(err)
	}
	heapvet, gopls := build(t, "github.com/heapvet/heapvet/cmd/heapvet"), install(t, goplsVersion)
	c := start(t, dir, heapvet, "lsp", "-gopls="+gopls)
	caps := c.handshake(dir, `{"heapvet": {"teir": "advice"}}`).at("capabilities")
	if commands := string(caps.at("executeCommandProvider")["commands"]); !strings.Contains(commands, `"heapvet.explain"`) || !strings.Contains(commands, `"gopls.tidy"`) {
		t.Errorf("commands are %s", commands)
	}
	c.wait("a complaint", func() bool {
		return slices.Contains(c.shown, "heapvet: unknown setting heapvet.teir: want checks, hints or tier")
	})
	order := filepath.Join(dir, "leaky", "shop", "order.go")
	uri, text := c.open(order)
	var found []string
	c.wait("findings", func() bool { found = c.latest[uri].of("heapvet"); return len(found) > 0 })
	t.Log(strings.Join(found, "\n"))

	result := c.call("textDocument/hover", map[string]any{"textDocument": map[string]string{"uri": uri}, "position": position{Line: 33, Character: 7}})
	t.Logf("%s", result)
	result = c.call("textDocument/codeAction", map[string]any{"textDocument": map[string]string{"uri": uri}, "range": span{position{33, 3}, position{33, 4}}, "context": map[string]any{"diagnostics": []any{}}})
	t.Logf("%s", result)
	_ = text
	_ = json.RawMessage{}
}
