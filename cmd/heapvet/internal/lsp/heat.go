package lsp

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/heapvet/heapvet/passes/answers/heatfile"
)

// askHeat wants the heat of the module of file to be found out after a
// while: what is hot in a package often only other packages show.
func (fr *front) askHeat(file string, after time.Duration) {
	if root := moduleOf(filepath.Dir(file)); root != "" {
		fr.schedule.ask(job{heat: true, dir: root}, after)
	}
}

// heat writes the heat file of the module in root anew. If it is another
// than before, what is open in the module is analysed again.
func (fr *front) heat(ctx context.Context, root string) {
	file, err := heatFile(root)
	if err != nil {
		return // then each package is judged by itself
	}
	before := heatFlags(root)
	cmd := fr.vet.heapvet(ctx, root, "heat", "-o", file, "./...")
	if runLow(cmd) != nil || slices.Equal(heatFlags(root), before) {
		return // code that does not build keeps the heat it had
	}
	fr.mu.Lock()
	defer fr.mu.Unlock()
	for name := range fr.docs {
		if moduleOf(filepath.Dir(name)) == root {
			fr.ask(name, now)
		}
	}
}

// heatFlags returns the flag that names the heat file of the module in
// root, if there is one.
func heatFlags(root string) []string {
	file, err := heatFile(root)
	if err != nil {
		return nil
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil
	}
	return []string{"-heat=" + heatfile.Spec(file, data)}
}

// heatFile returns the name of the heat file that is kept for the module
// in root. It creates the directory of it.
func heatFile(root string) (string, error) {
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("finding a place for heat files: %w", err)
	}
	dir = filepath.Join(dir, "heapvet", "heat")
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return "", fmt.Errorf("making a place for heat files: %w", err)
	}
	sum := sha256.Sum256([]byte(root))
	return filepath.Join(dir, fmt.Sprintf("%x.heat", sum[:16])), nil
}

// moduleOf returns the root of the module that dir is in, or "".
func moduleOf(dir string) string {
	for {
		if info, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil && !info.IsDir() {
			return dir
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return ""
		}
		dir = parent
	}
}
