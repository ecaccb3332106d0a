package lsp

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestNeovim opens testdata/app in a real editor.
func TestNeovim(t *testing.T) {
	if testing.Short() {
		t.Skip("builds gopls")
	}
	nvim, err := exec.LookPath("nvim")
	if err != nil {
		t.Skip("Neovim is not installed")
	}
	heapvet, gopls := build(t, "github.com/heapvet/heapvet/cmd/heapvet"), install(t, goplsVersion)
	dir := filepath.Join(t.TempDir(), "app")
	if err := os.CopyFS(dir, os.DirFS("../../../../testdata/app")); err != nil {
		t.Fatal(err)
	}
	script, err := filepath.Abs(filepath.Join("testdata", "session.lua"))
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), nvim, "--headless", "--clean", "-n", "+luafile "+script)
	cmd.Dir = dir
	cmd.Env = append(private(t), "SERVER="+heapvet+" lsp -gopls="+gopls, "ROOT="+dir,
		"FILE="+filepath.Join(dir, "leaky", "shop", "order.go"))
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, want := range []string{
		"24\theapvet\tio.ReadAll reads the request's Body without a limit: whatever is sent is kept in memory; wrap it in http.MaxBytesReader or io.LimitReader\n",
		"\tcompiler\tcannot use \"text\" (untyped string constant) as int value in variable declaration\n",
	} {
		if !strings.Contains(string(out), want) {
			t.Errorf("Neovim does not show %q:\n%s", want, out)
		}
	}
}
