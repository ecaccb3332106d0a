package explain

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/heapvet/heapvet/passes/gcfacts"
)

// note finds where gc's escape analysis names a reason.
var note = regexp.MustCompile(`(?:\.note|\.addr|\.deref|\.dotType|e\.assignHeap|e\.assignList)\([^"\n]*"([^"]+)"|return "(too [^"]+|zero-sized element)"`)

// TestWords shows that every reason that the compiler of this machine may
// give has a translation.
func TestWords(t *testing.T) {
	out, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(strings.TrimSpace(string(out)), "src/cmd/compile/internal/escape/*.go"))
	if err != nil || len(files) == 0 {
		t.Skip("this Go installation comes without the compiler's source")
	}
	reasons := make(map[string]bool)
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range note.FindAllStringSubmatch(string(data), -1) {
			reasons[m[1]+m[2]] = true
		}
	}
	if len(reasons) < 25 {
		t.Errorf("found only %d reasons in the compiler's source: it is not written as it was", len(reasons))
	}
	for _, reason := range slices.Sorted(maps.Keys(reasons)) {
		if words[gcfacts.Reason(reason)] == "" {
			t.Errorf("the compiler's reason %q has no translation", reason)
		}
	}
}

func TestSay(t *testing.T) {
	for _, tt := range []struct {
		step gcfacts.Step
		want string
	}{
		{gcfacts.Step{Reason: "return", Expr: "return p"}, "it is returned: `return p`"},
		{gcfacts.Step{Reason: gcfacts.TooAligned, Expr: "x"}, "it needs a stricter alignment than the stack has"},
		{gcfacts.Step{Reason: "new word", Expr: "x"}, "the compiler says \"new word\" of it: `x`"},
		{gcfacts.Step{Reason: "assign", Expr: strings.Repeat("é", 200)}, "it is assigned: `" + strings.Repeat("é", 100) + "...`"},
	} {
		if got := say(tt.step); got != tt.want {
			t.Errorf("say(%v) = %q, want %q", tt.step, got, tt.want)
		}
	}
}

func TestWhere(t *testing.T) {
	for dst, want := range map[string]string{
		"{heap}":             "a place that the compiler cannot follow, or that outlives the function",
		"{storage for &T{}}": "the memory of `&T{}`",
		"~r1":                "result 2 of the function, and so the caller",
		"~rest":              "`~rest`",
		"p":                  "`p`",
	} {
		if got := where(dst); got != want {
			t.Errorf("where(%q) = %q, want %q", dst, got, want)
		}
	}
}

func TestParsePlace(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "a.go")
	if err := os.WriteFile(file, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	for arg, want := range map[string]place{
		"a.go:3":      {file, 3, 0},
		"a.go:3:":     {file, 3, 0},
		"a.go:3:14":   {file, 3, 14},
		"a.go:3:14:":  {file, 3, 14},
		"./a.go:3":    {file, 3, 0},
		file + ":7:1": {file, 7, 1},
	} {
		if got, err := parsePlace(dir, arg); err != nil || got != want {
			t.Errorf("parsePlace(%q) = %v, %v; want %v", arg, got, err, want)
		}
	}
	for _, arg := range []string{"", "a.go", "a.go:", "a.go:0", "a.go:x", "b.go:1", ":1", "a.go:-1"} {
		if got, err := parsePlace(dir, arg); err == nil {
			t.Errorf("parsePlace(%q) = %v, want an error", arg, got)
		}
	}
}
