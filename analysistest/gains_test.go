package analysistest

import (
	"strings"
	"testing"
)

// TestGains counts for each class of fixes what a call allocates before and
// after: what a fix saves at run time, where the compiler's word is not the
// whole story.
func TestGains(t *testing.T) {
	if testing.Short() {
		t.Skip("builds two test binaries for each package")
	}
	for _, tt := range []struct {
		check, pkg string
		imports    []string
		setup      string
		gains      []Gain
	}{
		{
			check: "hotgrow", pkg: "slices",
			setup: "var users = make([]user, 20)\n\nvar m = map[string]string{\"a\": \"b\", \"c\": \"d\", \"e\": \"f\"}\n\nvar sink any",
			gains: []Gain{
				{"slice that does not escape", "names(users)"},
				{"empty slice", "sink = empty(users)"},
				{"several for each element", "sink = pairs(m)"},
				{"counted loop", "sink = counted(20)"},
				{"prepended element", "sink = prepend(\"a\", make([]string, 20))"},
			},
		},
		{
			check: "hotgrow", pkg: "tables",
			setup: "var users = make([]user, 100)\n\nvar m = func() map[string]int { m := make(map[string]int); for i := range 100 { m[string(rune('a'+i))] = i }; return m }()\n\nvar sink any",
			gains: []Gain{
				{"map made for indices", "sink = byPlace(users)"},
				{"map made from another", "sink = renamed(m)"},
			},
		},
		{
			check: "hotgrow", pkg: "texts", imports: []string{"strings"},
			setup: "var text = strings.Repeat(\"text\", 100)",
			gains: []Gain{{"buffer grown before", "_ = escape(text)"}},
		},
		{
			check: "hotgrow", pkg: "once",
			setup: "var values = make([]any, 20)\n\nvar msg = &message{answer: make([]string, 20), extra: make([]string, 20)}\n\nvar sink any",
			gains: []Gain{
				{"slice made for one", "_ = args(1, values)"},
				{"field replaced unread", "sink = msg.copyOf()"},
			},
		},
		{
			check: "hotinit", pkg: "fixed",
			setup: "var h = make(map[string]string)",
			gains: []Gain{
				{"formatted constants", "header(h)"},
				{"joined constants", "_ = joined(\"a\")"},
				{"table of constants", "_ = weight(\"GET\")"},
			},
		},
		{
			check: "hotinit", pkg: "hoists",
			gains: []Gain{
				{"regexp, in an expression", "_ = word(\"a1\")"},
				{"regexp, in a variable", "_ = Number(\"1\")"},
			},
		},
		{
			check: "hotinit", pkg: "constants",
			setup: "var text = []byte(\"text\")",
			gains: []Gain{
				{"replacer", "_ = texts(\"<a>\", \"b\")"},
				{"table", "_ = tables(text, 5)"},
			},
		},
		{
			check: "hotconv", pkg: "formats", imports: []string{"io", "bufio", "errors", "text/tabwriter", "time"},
			setup: "var a, b = \"a long text\", \"another text\"\n\nvar raw = []byte(a)\n\nvar e = errors.New(\"failed\")\n\nvar buf, tabs = bufio.NewWriter(io.Discard), tabwriter.NewWriter(io.Discard, 0, 8, 0, ' ', 0)\n\nvar now = time.Now()",
			gains: []Gain{
				{"concatenation", "_ = texts(a, b, raw, \"l\", \"c\", e)"},
				{"numbers", "_ = numbers(12345, 12345, 3, 2.5)"},
				{"hex", "_ = hexes(raw, [20]byte{}, [4]uint32{}, a)"},
				{"written strings", "writes(buf, buf, tabs, a, b, raw, 12345)"},
				{"bool", "_ = others(true, now, e)"},
			},
		},
		{
			check: "hotconv", pkg: "parts", imports: []string{"strings"},
			setup: "var long = strings.Repeat(\"text\", 20)",
			gains: []Gain{
				{"length of a sum", "_ = wildcard{long, long}.matches(long)"},
				{"lengths in an expression", "_ = room(long, long, 2)"},
			},
		},
		{
			check: "hotconv", pkg: "writes",
			setup: "var raw = []byte(\"some text, longer than what is kept on the stack\")",
			gains: []Gain{{"matches", "_ = matches(string(raw), raw)"}},
		},
		{
			check: "hotconv", pkg: "texts", imports: []string{"bytes"},
			setup: "var raw = []byte(\"some text, longer than what is kept on the stack\")\n\nvar text = string(raw)\n\nvar out = bytes.NewBuffer(make([]byte, 0, 1<<16))\n\nvar sink []byte",
			gains: []Gain{
				{"formatted for a writer", "out.Reset(); formatted(out, 12345, text)"},
				{"formatted as bytes", "sink = formattedBytes(12345, text)"},
				{"twin package", "_ = searches(raw, raw[:2], text)"},
				{"reader", "readers(text, raw)"},
			},
		},
		{
			check: "hotcall", pkg: "texts",
			setup: "var raw = []byte(\"Some Text\")",
			gains: []Gain{
				{"split", "_ = split(\"a=b\", \"a,b,c\")"},
				{"match", "_ = match(\"text\", raw)"},
				{"comparison", "_ = compare(\"Get\", \"Post\", raw)"},
			},
		},
		{
			check: "hotcall", pkg: "values",
			gains: []Gain{{"errors.AsType", "_ = status(&notFound{})"}},
		},
	} {
		t.Run(tt.check+"/"+tt.pkg, func(t *testing.T) {
			Gains(t, tt.check, tt.pkg, tt.imports, tt.setup, tt.gains...)
		})
	}
}

// TestGainsTest shows the test that measures.
func TestGainsTest(t *testing.T) {
	got := string(gainsTest("p", []string{"io", "fmt"}, "var x io.Reader", []Gain{{"one", "f(x)"}}))
	for _, want := range []string{"package p\n", "\t\"io\"\n", "\nvar x io.Reader\n", "AllocsPerRun(200, func() { f(x) })"} {
		if !strings.Contains(got, want) {
			t.Errorf("the test is\n%s\nwant %q in it", got, want)
		}
	}
	if strings.Count(got, "\"fmt\"") != 1 {
		t.Errorf("fmt is imported more than once:\n%s", got)
	}
}
