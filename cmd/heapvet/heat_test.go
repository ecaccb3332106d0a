package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// twoPackages is a module whose package b is hot because of a.
const twoPackages = modFile + `-- a/a.go --
package a

import "example.com/m/b"

//heapvet:hot
func Handle(n int) int { return b.Sum(n) }
-- b/b.go --
package b

type point struct{ x, y [8]int }

//go:noinline
func newPoint(n int) *point {
	p := &point{}
	p.x[n] = n
	return p
}

// Sum is called by requests.
func Sum(n int) int { return newPoint(n).x[n] }

// Spare is called by nobody.
func Spare(n int) int { return n }
`

const (
	twoHeats = "#heapvet-heat\t1\texample.com/m\n" +
		"example.com/m/a\thot\tHandle\troot\t-\t//heapvet:hot\n" +
		"example.com/m/a\tpackage\ta\n" +
		"example.com/m/b\thot\tSum\tfrom\texample.com/m/a\tHandle\n" +
		"example.com/m/b\thot\tnewPoint\tfrom\t.\tSum\n" +
		"example.com/m/b\tpackage\tb\n" +
		"example.com/m/b\tparam\tSum\t0\trequest,assumed\tn\n"
	inB   = "b/b.go:6:22: result of newPoint is a pointer that no caller keeps: return the struct by value"
	howB  = "hot: //heapvet:hot a.Handle -> Sum -> newPoint)"
	stale = `b/b.go:1:9: heat file "default.heat" is stale here: 1 of its 2 entries about this package still fit; run heapvet heat again`
)

// TestHeat shows what heapvet heat writes, and that -heat makes up for the
// packages that are not shown.
func TestHeat(t *testing.T) {
	t.Parallel()
	dir := tree(t, twoPackages)
	if got := heapvet(t, dir, nil, "heat", "./..."); got.status != 0 || got.stdout != twoHeats || got.stderr != "" {
		t.Errorf("heat: %v, want\n%s", got, twoHeats)
	}
	got := heapvet(t, dir, nil, "heat", "-C", "a", "-o", "../default.heat", "../...")
	if data, err := os.ReadFile(filepath.Join(dir, "default.heat")); err != nil || string(data) != twoHeats || got.stdout != "" {
		t.Errorf("heat -o: %v, wrote\n%s%v", got, data, err)
	}
	sum := heapvet(t, dir, nil, "heat", "-sum", "default.heat").stdout
	spec := strings.TrimSpace(sum)
	if want := "heapvet: use it with -heat=../" + spec + "\n"; !strings.HasSuffix(got.stderr, want) || len(spec) != len("default.heat@0123456789ab") {
		t.Errorf("heat -o says %q, heat -sum %q", got.stderr, sum)
	}
	whole := heapvet(t, dir, nil, "./...")
	checkLines(t, whole, []string{inB})
	if !strings.Contains(whole.stdout, howB) {
		t.Errorf("%v, want %q", whole, howB)
	}
	for _, args := range [][]string{{"-heat=default.heat", "./b"}, {"-heat=" + spec, "./..."}, {"-C=b", "-heat=default.heat", "../b"}} {
		if got := heapvet(t, dir, nil, args...); strings.TrimPrefix(got.stdout, "../") != strings.TrimPrefix(whole.stdout, "../") && !strings.HasSuffix(whole.stdout, got.stdout) {
			t.Errorf("%q: %v, want %s", args, got, whole.stdout)
		}
	}
}

// TestHeatVet shows that go vet takes heat from a heat file, and tells when
// that is stale, each time.
func TestHeatVet(t *testing.T) {
	t.Parallel()
	dir := tree(t, twoPackages+"-- default.heat --\n"+twoHeats)
	spec := strings.TrimSpace(heapvet(t, dir, nil, "heat", "-sum", "default.heat").stdout)
	checkVet(t, dir, "-heat="+spec, "./...")([]string{inB})

	name := filepath.Join(dir, "b", "b.go")
	edited := strings.NewReplacer("newPoint", "makePoint", "package b\n", "package b\n\n\n").Replace(readFile(t, name))
	if err := os.WriteFile(name, []byte(edited), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, run := range []string{"first", "second"} {
		got := govet(t, dir, "-heat="+spec, "./...")
		if got.status != 1 || strings.Count(got.stderr, stale) != 1 || !strings.Contains(got.stderr, "-> Sum -> makePoint)") {
			t.Errorf("%s run: %v, want %q and the new function, which is hot because of Sum", run, got, stale)
		}
	}
}

// TestHeatMistakes shows that a heat file that is not what the command line
// says is told in one line, which a second run tells again.
func TestHeatMistakes(t *testing.T) {
	t.Parallel()
	dir := tree(t, twoPackages+"-- default.heat --\n"+twoHeats+"-- bad.heat --\n<<<<<<< HEAD\n"+twoHeats+"-- other.heat --\n#heapvet-heat\t1\texample.com/other\n")
	sum := func(name string) string {
		return strings.TrimSpace(heapvet(t, dir, nil, "heat", "-sum", name).stdout)
	}
	spec := sum("default.heat")
	for heat, want := range map[string]string{
		"default.heat":              "heapvet: heat file default.heat lacks the hash of its content, by which findings are cached: write " + spec,
		"default.heat@0123456789ab": "heapvet: heat file default.heat@0123456789ab has changed: it is " + spec + " now",
		"none.heat":                 "heapvet: there is no heat file none.heat here or in a directory above",
		sum("other.heat"):           `b.go:1:9: heat file "other.heat" knows nothing about this package, only about module example.com/other; run heapvet heat again`,
	} {
		for _, run := range []string{"first", "second"} {
			if got := govet(t, dir, "-heat="+heat, "./b"); got.status == 0 || strings.Count(got.stderr, want) != 1 {
				t.Errorf("%s run with %s: %v, want %q", run, heat, got, want)
			}
		}
	}
	for _, args := range [][]string{{"-heat=bad.heat", "./..."}, {"heat", "-sum", "bad.heat"}} {
		const want = "heapvet: reading the heat file bad.heat: line 1: it lacks columns, or has too many\n"
		if got := heapvet(t, dir, nil, args...); got.status != 2 || got.stderr != want || got.stdout != "" {
			t.Errorf("%q: %v, want exit status 2 and %q", args, got, want)
		}
	}
	if got := heapvet(t, dir, nil, "heat", "-test", "./..."); got.status != 2 || !strings.Contains(got.stderr, "no use for -test") {
		t.Errorf("heat -test: %v", got)
	}
}

func readFile(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
