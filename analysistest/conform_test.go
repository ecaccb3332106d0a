package analysistest

import (
	"strings"
	"testing"
)

func TestParseFindings(t *testing.T) {
	const text = `# example.com/p
{"example.com/p": {"b": [{"posn": "/dir/p/p.go:7:2", "message": "second"}], "a": [{"posn": "/dir/p/p.go:3:1", "message": "first"}]}}
# example.com/q
{}
{"example.com/p [example.com/p.test]": {"a": [{"posn": "/dir/p/p.go:3:1", "message": "first"}]}}
`
	found, err := parseFindings(strings.NewReader(text), "/dir")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range found {
		got = append(got, f.String())
	}
	want := "p/p.go:3:1: first (a)|p/p.go:7:2: second (b)"
	if strings.Join(got, "|") != want {
		t.Errorf("got %q, want %q", strings.Join(got, "|"), want)
	}
	const failed = `{"example.com/p": {"a": {"error": "boom"}}}`
	if _, err := parseFindings(strings.NewReader(failed), "/dir"); err == nil || !strings.Contains(err.Error(), "boom") {
		t.Errorf("an analyzer's error is reported as %v", err)
	}
}

func TestDriversFails(t *testing.T) {
	var got recorder
	Drivers(&got, "/nowhere/heapvet", t.TempDir(), "./...")
	got.has(t, "standalone: ", "heapvet")
}
