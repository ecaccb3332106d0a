package plugin

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/heapvet/heapvet/passes/answers/heatfile"
)

const heat = "#heapvet-heat\t1\texample.com/m\nexample.com/m\tpackage\tm\n"

// TestHeatFile shows that a heat file is found in a directory above, and
// what is said where it is not what the settings say.
func TestHeatFile(t *testing.T) {
	dir := t.TempDir()
	for name, content := range map[string]string{"good.heat": heat, "bad.heat": "<<<<<<< HEAD\n" + heat, "sub/x": ""} {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(filepath.Join(dir, "sub"))
	spec := heatfile.Spec("good.heat", []byte(heat))
	s, err := parse(m{"heat-file": spec})
	if err != nil || s.answers.Package("example.com/m") == nil {
		t.Errorf("heat-file: %s: answers %v, error %v", spec, s.answers, err)
	}
	for _, tt := range []struct {
		value any
		want  string
	}{
		{1, "invalid value 1 for heat-file: want the name of a heat file, with its hash: "},
		{"good.heat", "heat-file: heat file good.heat lacks the hash of its content, by which findings are cached: write " + spec},
		{"good.heat@0123456789ab", "heat-file: heat file good.heat@0123456789ab has changed: it is " + spec + " now"},
		{"none.heat", "heat-file: there is no heat file none.heat here or in a directory above"},
		{heatfile.Spec("bad.heat", []byte("<<<<<<< HEAD\n"+heat)), "heat-file: reading the heat file bad.heat: line 1: it lacks columns"},
	} {
		_, err := New(m{"heat-file": tt.value})
		if err == nil || !strings.HasPrefix(err.Error(), "reading heapvet's settings: "+tt.want) {
			t.Errorf("heat-file: %v: error %q, want %q", tt.value, err, tt.want)
		}
	}
}
