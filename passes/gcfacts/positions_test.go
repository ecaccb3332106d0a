package gcfacts

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestPositions compiles constructs whose messages stand where one would
// not look for them.
func TestPositions(t *testing.T) {
	src, err := os.ReadFile("../../testdata/escape/positions/positions.go.txt")
	if err != nil {
		t.Fatal(err)
	}
	dir := module(t, map[string]string{"go.mod": "module forms\n\ngo 1.26\n", "positions.go": string(src)})
	text, err := NewList(ListConfig{Dir: dir, Env: environ()}).Load(t.Context(), Request{Path: "forms", Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	c := checkFile(t, filepath.Join(dir, "positions.go"), src)
	res := c.resolve(text)
	checkStats(t, res.stats)
	lines := strings.Split(string(src), "\n")
	var got []string
	for _, s := range res.order {
		p := c.fset.Position(s.Node.Pos())
		got = append(got, fmt.Sprintf("%s: %v %v %s", strings.TrimSpace(lines[p.Line-1][p.Column-1:]), s.Kind, s.Verdict, s.Expr))
	}
	for _, want := range positionsWant {
		if !slices.Contains(got, want) {
			t.Errorf("no site %q", want)
		}
	}
	if t.Failed() {
		t.Logf("got:\n%s", strings.Join(got, "\n"))
	}
}

// positionsWant are sites as "source from the node on: kind verdict text".
var positionsWant = []string{
	`small(n) }: Box Heap ~r0`,
	`named(n) }: Box Heap r`,
	`string(f(b)) }: Conv Heap string(f(b))`,
	`string(f(b)) }: Box Heap string(f(b))`,
	`a + (b + a)) }: Concat Heap a + b + a`,
	`a + (b + a)) }: Box Heap a + b + a`,
	`[]any{1, sink} }: SliceLit Heap []any{...}`,
	`[]any{1, sink} }: Box Heap []any{...}`,
	`two2() }: Box Heap .autotmp_2`,
	`two2()) }: Box Heap .autotmp_0`,
	`case int:: Moved Heap y`,
	`case string, bool:: Moved Heap y`,
	`default:: Moved Heap y`,
	`case []int, map[string]*T:: Moved Heap y`,
	`errors.New("x") }: Inlined Heap &errors.errorString{...}`,
	`vv(n, "y") }: Variadic Heap ... argument`,
	`vv(n, "y") }: Inlined Stack ... argument`,
	`vv(n, "y") }: Inlined HeapNoAlloc "x"`,
	`go vv(n): GoCall Heap func literal`,
	`go func(w wide) { _ = w }(w) }: GoCall Heap .autotmp_2`,
	`defer vu(i): GoCall Heap func literal`,
	`for x := range s {: RangeFunc Heap #state1`,
	`string(b) == s {: Conv Stack string(b)`,
	`string(b) + ">": Conv Stack string(b)`,
	`string(b) {: Conv StackIfSmall string(b)`,
	`n: n + 1} }: Box Heap n`,
	`n + 1} }: Box Heap n + 1`,
	`n} }: Box Heap n`,
	`n) }: Box Heap n`,
	`m["a"]; sink = v; _ = o }: Box Heap .autotmp_3`,
	`x [40]int; return func() int { return x[1] } }: Moved Heap x`,
}
