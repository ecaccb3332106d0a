package heatfile_test

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/heapvet/heapvet/passes/answers"
	"github.com/heapvet/heapvet/passes/answers/heatfile"
)

// example has a line of each kind, in order.
const example = "#heapvet-heat\t1\texample.com/m\n" +
	"example.com/m/a\tadvice\tServer.get\t0a1b2c3d\tunboundedcache\t3:9\tmap \"x\" only grows\n" +
	"example.com/m/a\tcold\tload\tset-up\n" +
	"example.com/m/a\tdefault\thandle\t0a1b2c3d\thotconv\t0:1\ttext with a\ttab\n" +
	"example.com/m/a\thot\t(*Server).get\tfrom\texample.com/m/b\thandle.func1\n" +
	"example.com/m/a\thot\thandle\troot\t0,2\tmessage loop\n" +
	"example.com/m/a\tnone\thandle\t0a1b2c3d\thotconv\t7:1\n" +
	"example.com/m/a\tpackage\ta\n" +
	"example.com/m/a\tparam\t(*Server).get\t1\trequest,few\tr.URL.Path\n" +
	"example.com/m/b\thot\thandle\troot\t-\tnet/http handler\n" +
	"example.com/m/b\thot\thandle.func1\tfrom\t.\thandle\n" +
	"example.com/m/b\tpackage\tb\n" +
	"example.com/m/b\twarm\ttick\troot\t0\tbackground loop\n"

func parse(t *testing.T, text string) *answers.Module {
	t.Helper()
	m, err := heatfile.Parse("x.heat", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestFormat shows that what is written is read, and the other way round,
// whatever the order of lines and their ends.
func TestFormat(t *testing.T) {
	m := parse(t, example)
	if got := string(heatfile.Format(m)); got != example {
		t.Errorf("written again:\n%s\nwant\n%s", got, example)
	}
	lines := strings.Split(example, "\n")
	slices.Reverse(lines)
	twice := strings.Join(lines, "\r\n") + "\r\n" + example
	if again := parse(t, twice); !reflect.DeepEqual(again, m) {
		t.Errorf("read in another order:\n%s", heatfile.Format(again))
	}
	f, ok := m.Func(answers.Ref{Package: "example.com/m/a", Func: "handle"})
	if want := (answers.Func{Grade: "hot", Root: "message loop", Loops: []int{0, 2}}); !ok || !reflect.DeepEqual(f, want) {
		t.Errorf("handle is %+v, want %+v", f, want)
	}
	way, root := m.Way(answers.Ref{Package: "example.com/m/a", Func: "(*Server).get"})
	want := []answers.Ref{{Package: "example.com/m/b", Func: "handle"}, {Package: "example.com/m/b", Func: "handle.func1"}, {Package: "example.com/m/a", Func: "(*Server).get"}}
	if !slices.Equal(way, want) || root.Root != "net/http handler" {
		t.Errorf("way %v from %q, want %v", way, root.Root, want)
	}
}

// TestMerge shows what stands where two files contradict each other.
func TestMerge(t *testing.T) {
	const head = "#heapvet-heat\t1\tm\n"
	for _, tt := range []struct{ a, b, want string }{
		{"m\tcold\tf\tset-up", "m\twarm\tf\troot\t-\tx", "m\twarm\tf\troot\t-\tx"},
		{"m\twarm\tf\troot\t-\tx", "m\thot\tf\tfrom\t.\tg", "m\thot\tf\tfrom\t.\tg"},
		{"m\thot\tf\tfrom\t.\th", "m\thot\tf\tfrom\t.\tg", "m\thot\tf\tfrom\t.\tg"},
		{"m\tnone\tf\t00\tc\t3:1", "m\tadvice\tf\t00\tc\t3:9\tx", "m\tadvice\tf\t00\tc\t3:9\tx"},
		{"m\tadvice\tf\t00\tc\t3:9\tx", "m\tdefault\tf\t00\tc\t3:9\tx", "m\tdefault\tf\t00\tc\t3:9\tx"},
		{"m\tdefault\tf\t00\tc\t3:9\tx", "m\tdefault\tf\t11\tc\t3:9\ty", "m\tdefault\tf\t00\tc\t3:9\tx\nm\tdefault\tf\t11\tc\t3:9\ty"},
	} {
		for _, text := range []string{head + tt.a + "\n" + head + tt.b + "\n", head + tt.b + "\n" + tt.a + "\n"} {
			got := strings.ReplaceAll(string(heatfile.Format(parse(t, text))), "m\tpackage\t\n", "")
			if got != head+tt.want+"\n" {
				t.Errorf("of\n%sstands\n%swant\n%s", text, got, tt.want)
			}
		}
	}
	m := parse(t, head+"#heapvet-heat\t1\tn\nm\thot\tf\tfrom\t.\tg\nm\thot\tg\tfrom\t.\tf\n")
	if !slices.Equal(m.Paths, []string{"m", "n"}) {
		t.Errorf("modules %q", m.Paths)
	}
	if way, _ := m.Way(answers.Ref{Package: "m", Func: "f"}); len(way) != 2 {
		t.Errorf("the way in a circle is %v", way)
	}
}

// TestBad shows that what is no heat file is told in one line.
func TestBad(t *testing.T) {
	const head = "#heapvet-heat\t1\tm\n"
	for text, want := range map[string]string{
		"":                                      `the line "#heapvet-heat" is missing`,
		"package main\n":                        "line 1: it lacks columns, or has too many",
		"<<<<<<< HEAD\n" + head:                 "line 1: it lacks columns, or has too many",
		"#heapvet-heat\t2\tm\n":                 `line 1: its format is "2", and this heapvet reads 1 only: write it again with heapvet heat`,
		head + "m\ttepid\tf\tx\n":               `line 2: unknown kind "tepid"`,
		head + "\nm\thot\tf\n":                  "line 3: it lacks columns, or has too many",
		head + "m\thot\tf\tfrom\t.\tg\th\n":     "line 2: it lacks columns, or has too many",
		head + "m\thot\tf\troot\t0,x\ty\n":      `line 2: "0,x" are no numbers of loops`,
		head + "m\tparam\tf\t-1\trequest\tx\n":  `line 2: "-1" is no number of a parameter`,
		head + "m\tparam\tf\t0\trequest\n":      "line 2: it lacks columns, or has too many",
		head + "m\tdefault\tf\t00\tc\t0:0\tx\n": `line 2: "0:0" is no place`,
		head + "m\tnone\tf\t00\tc\t3:1\tx\n":    "line 2: it lacks columns, or has too many",
	} {
		if _, err := heatfile.Parse("x.heat", []byte(text)); err == nil || err.Error() != "reading the heat file x.heat: "+want {
			t.Errorf("%q: error %q, want %q", text, err, want)
		}
	}
}

// TestOpen shows which of several files is taken, and what is said if it is
// not the one that is meant.
func TestOpen(t *testing.T) {
	dir := t.TempDir()
	sub := filepath.Join(dir, "a", "b")
	if err := os.MkdirAll(sub, 0o777); err != nil {
		t.Fatal(err)
	}
	upper, lower := []byte(example), []byte(example[:strings.Index(example, "\n")+1])
	for name, data := range map[string][]byte{filepath.Join(dir, "x.heat"): upper, filepath.Join(sub, "x.heat"): lower} {
		if err := os.WriteFile(name, data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	specUpper, specLower := heatfile.Spec("x.heat", upper), heatfile.Spec("x.heat", lower)
	for _, tt := range []struct {
		spec     string
		cached   bool
		packages int
		err      string
	}{
		{"x.heat", false, 0, ""},
		{specLower, true, 0, ""},
		{specUpper, true, 2, ""},
		{filepath.Join(dir, "x.heat"), false, 2, ""},
		{filepath.Join(dir, specUpper), true, 2, ""},
		{"x.heat", true, 0, "heat file x.heat lacks the hash of its content, by which findings are cached: write " + specLower},
		{"x.heat@000000000000", false, 0, "heat file x.heat@000000000000 has changed: it is " + specLower + " now"},
		{"x.heat@0", false, 0, "there is no heat file x.heat@0 here or in a directory above"},
		{filepath.Join(sub, "none.heat"), true, 0, "there is no heat file " + filepath.Join(sub, "none.heat")},
	} {
		m, err := heatfile.Open(sub, tt.spec, tt.cached)
		switch {
		case tt.err != "" && (err == nil || !strings.HasPrefix(err.Error(), tt.err)):
			t.Errorf("%s: error %q, want %q", tt.spec, err, tt.err)
		case tt.err == "" && (err != nil || len(m.Packages()) != tt.packages):
			t.Errorf("%s: %d packages, error %v, want %d", tt.spec, len(m.Packages()), err, tt.packages)
		}
	}
}
