package main

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/heapvet/heapvet/analysistest"
)

// many has findings in several packages and files, one of them of tier
// advice (string copies that only some level of log needs would be cheaper
// to write, but not shorter).
func many() string {
	return modFile + hotSource("b/z.go", "b") + strings.NewReplacer("newPoint", "newOther", "Handle", "Other", "type point", "type other", "*point", "*other", "&point", "&other").Replace(hotSource("b/a.go", "b")) +
		hotSource("a/a.go", "a") + "-- c/c.go --\npackage c\n\nimport \"example.com/m/a\"\n\nfunc F() int { return a.Handle(1) }\n"
}

func TestText(t *testing.T) {
	t.Parallel()
	dir := tree(t, many())
	first := heapvet(t, dir, nil, "./...")
	checkLines(t, first, []string{"a/a.go" + found, "b/a.go:6:22: result of newOther", "b/z.go" + found})
	if !strings.HasSuffix(first.stdout, " (hotescape)\n") {
		t.Errorf("the check is missing at the end of %s", first.stdout)
	}
	if want := "heapvet: 3 findings in 3 packages\n"; first.stderr != want {
		t.Errorf("summary is %q, want %q", first.stderr, want)
	}
	if again := heapvet(t, dir, nil, "./..."); again != first {
		t.Errorf("the second run printed\n%v\nthe first\n%v", again, first)
	}
	if named := heapvet(t, dir, nil, "./c"); named.stdout != "" || named.stderr != "heapvet: no findings in 1 package\n" {
		t.Errorf("findings in packages that were not named: %v", named)
	}
	context := heapvet(t, dir, nil, "-c=1", "./a").stdout
	if want := "(hotescape)\n5\t//go:noinline\n6\tfunc newPoint(n int) *point {\n7\t\tp := &point{}\n"; !strings.HasSuffix(context, want) {
		t.Errorf("-c=1 printed\n%s\nwant the end\n%s", context, want)
	}
}

func TestSelection(t *testing.T) {
	t.Parallel()
	dir := tree(t, many())
	checkLines(t, heapvet(t, dir, nil, "-hotescape=false", "./a"), nil)
	checkLines(t, heapvet(t, dir, nil, "-hotconv", "./a"), nil)
	checkLines(t, heapvet(t, dir, nil, "-hotescape", "./a"), []string{"a/a.go" + found})
	checkLines(t, heapvet(t, dir, nil, "-hotconv=false", "-tier=advice", "./a"), []string{"a/a.go" + found})
}

func TestJSON(t *testing.T) {
	t.Parallel()
	dir := tree(t, many())
	got := heapvet(t, dir, nil, "-json", "./...")
	var packages map[string]map[string][]struct{ Category, Posn, End, Message string }
	if err := json.Unmarshal([]byte(got.stdout), &packages); err != nil {
		t.Fatalf("%v in\n%s", err, got.stdout)
	}
	in := packages["example.com/m/b"]["hotescape"]
	if len(packages) != 2 || len(in) != 2 {
		t.Fatalf("findings of %d packages, %d in b; want 2 and 2:\n%s", len(packages), len(in), got.stdout)
	}
	if want := filepath.Join(dir, "b", "z.go") + ":6:22"; in[1].Posn != want || in[1].Category != "hotescape" {
		t.Errorf("second finding is %+v, want it at %s", in[1], want)
	}
	if got.status != 1 {
		t.Errorf("exit status %d, want 1", got.status)
	}
}

// TestTests shows that every file is reported once, the tests only if
// they are asked for, also where a test makes its imports be compiled anew.
func TestTests(t *testing.T) {
	t.Parallel()
	const bad = "\n//heapvet:nope\n"
	dir := tree(t, modFile+"-- a/a.go --\npackage a\n\ntype T int\n"+bad+
		"-- a/a_test.go --\npackage a\n\nvar X T\n"+bad+
		"-- a/b_test.go --\npackage a_test\n\nimport (\n\t\"example.com/m/a\"\n\t\"example.com/m/c\"\n)\n\nvar _ = c.F(a.X)\n"+bad+
		"-- c/c.go --\npackage c\n\nimport \"example.com/m/a\"\n\nfunc F(t a.T) int { return int(t) }\n"+bad)
	const told = ": directive //heapvet:nope is unknown"
	checkLines(t, heapvet(t, dir, nil, "./..."), []string{"a/a.go:5:1" + told, "c/c.go:7:1" + told})
	checkLines(t, heapvet(t, dir, nil, "-test", "./..."),
		[]string{"a/a.go:5:1" + told, "a/a_test.go:5:1" + told, "a/b_test.go:10:1" + told, "c/c.go:7:1" + told})
}

func TestVet(t *testing.T) {
	dir := tree(t, many())
	t.Setenv(asHeapvet, "1")
	t.Setenv("GOFLAGS", "-mod=mod")
	t.Setenv("GOWORK", "off")
	if both := analysistest.Drivers(t, self(t), dir, "./..."); len(both) != 3 {
		t.Errorf("the drivers agree on %d findings, want 3: %v", len(both), both)
	}
	got := govet(t, dir, "-tier=advice", "-hotescape=false", "./...")
	if got.status != 0 || strings.Contains(got.stderr, found) {
		t.Errorf("go vet -hotescape=false: %v", got)
	}
	if got := govet(t, dir, "-tier=best", "./a"); got.status == 0 || !strings.Contains(got.stderr, "want default or advice") {
		t.Errorf("go vet -tier=best: %v", got)
	}
	if first := govet(t, dir, "./..."); first.status != 1 || strings.Count(first.stderr, "result of new") != 3 {
		t.Errorf("go vet: %v", first)
	}
}

func TestHelp(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	got := heapvet(t, dir, nil, "help")
	for _, want := range []string{"heapvet explain FILE:LINE", "\t-tier ", "\t-json", "\thotescape: ", "Exit status:"} {
		if !strings.Contains(got.stdout, want) {
			t.Errorf("help does not say %q:\n%s", want, got.stdout)
		}
	}
	if got := heapvet(t, dir, nil, "help", "hotescape"); got.status != 0 || !strings.HasPrefix(got.stdout, "hotescape: ") {
		t.Errorf("help hotescape: %v", got)
	}
	if got := heapvet(t, dir, nil, "version"); got.status != 0 || !strings.HasPrefix(got.stdout, "heapvet ") {
		t.Errorf("version: %v", got)
	}
}

func TestHot(t *testing.T) {
	t.Parallel()
	dir := tree(t, many())
	got := heapvet(t, dir, nil, "hot", "./a")
	if want := "a/a.go:6:1: hot newPoint: //heapvet:hot: Handle -> newPoint\na/a.go:13:1: hot Handle: //heapvet:hot\n"; got.stdout != want {
		t.Errorf("hot printed\n%s\nwant\n%s", got.stdout, want)
	}
	counts := heapvet(t, dir, nil, "hot", "-counts", "./...")
	for _, want := range []string{"3  roots\n", "7  functions: hot only\n", "3  escape positions: hot, success path\n"} {
		if !strings.Contains(counts.stdout, " "+want) {
			t.Errorf("hot -counts does not say %q:\n%s%s", want, counts.stdout, counts.stderr)
		}
	}
	if again := heapvet(t, dir, nil, "hot", "-counts", "./..."); again != counts {
		t.Errorf("two runs differ:\n%v\n%v", counts, again)
	}
}
