package lsp

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"

	"github.com/heapvet/heapvet/cmd/heapvet/internal/fix"
)

// prove returns what the compiler says of the fixes in the package of dir.
func (v vet) prove(ctx context.Context, dir string, s settings) ([]fix.Verdict, error) {
	args := append([]string{"-diff", "-json"}, s.flags(s.advice)...)
	args = append(append(args, heatFlags(moduleOf(dir))...), ".")
	cmd := v.heapvet(ctx, dir, args...)
	var out bytes.Buffer
	cmd.Stdout = &out
	var exit *exec.ExitError
	if err := runLow(cmd); err != nil && !errors.As(err, &exit) {
		return nil, fmt.Errorf("running heapvet -diff: %w", err)
	}
	var verdicts []fix.Verdict
	if err := json.Unmarshal(out.Bytes(), &verdicts); err != nil {
		return nil, fmt.Errorf("reading what heapvet -diff prints: %w", err)
	}
	return verdicts, nil
}

// judge marks the fixes of the documents in dir that are proved, and drops
// those that the compiler refutes. The documents must still have the texts
// that were tried.
func (fr *front) judge(dir string, texts map[string]string, verdicts []fix.Verdict) {
	for file, doc := range fr.docs {
		if filepath.Dir(file) != dir || doc.text != texts[file] {
			continue
		}
		for i, f := range doc.found {
			at := slices.IndexFunc(verdicts, func(v fix.Verdict) bool {
				return v.File == file && v.Offset == f.start && v.Check == f.check
			})
			switch {
			case at < 0 || len(f.fixes) == 0:
			case verdicts[at].Refused != "":
				doc.found[i].fixes = nil
			default:
				doc.found[i].fixes[0].proved = true // the first is what was tried
			}
		}
	}
}
