package main

import (
	"slices"
	"strings"
	"testing"
)

// contracts is a module with a contract about functions of two packages:
// kept has none of its own, held has.
const contracts = modFile + `-- kept/kept.go --
package kept

type Point struct{ x, y int }

//go:noinline
func New(x int) *Point { return &Point{x: x} }

//go:noinline
func (p *Point) Sum() int {
	q := *p
	return add(&q)
}

func add(p *Point) int { return p.x + p.y }

//go:noinline
func Stays(x int) int { return *double(&x) }

func double(x *int) *int { return x }

//go:noinline
func Count(counts map[int]int, x int) { counts[x]++ }
-- kept/kept_test.go --
package kept
-- held/held.go --
package held

type Point struct{ x, y int }

//go:noinline
func New(x int) *Point { return &Point{x: x} }

//go:noinline
func Stays(x int) int { return *double(&x) }

func double(x *int) *int { return x }

//heapvet:noalloc
func (p *Point) Sum() int { return p.x + p.y }
-- held/held_test.go --
package held
-- use/use.go --
package use

import (
	"example.com/m/held"
	"example.com/m/kept"
)

//heapvet:noalloc
func Use(counts map[int]int) {
	p := kept.New(1)
	q := held.New(p.Sum())
	kept.Count(counts, q.Sum())
	kept.Stays(1)
	held.Stays(1)
}
`

// TestNoallocDrivers shows what go vet tells of functions of other packages,
// with tests or without, and that a heat file tells it the rest.
func TestNoallocDrivers(t *testing.T) {
	t.Parallel()
	const (
		held  = `use/use.go:11:7: noalloc function "Use" allocates: held.New: &Point{...} escapes (return) (held.go:6)`
		count = `use/use.go:12:2: noalloc function "Use" may allocate: kept.Count: an assignment to counts[x] grows the map when the key is new (kept.go:22)`
		kept  = `use/use.go:10:7: noalloc function "Use" allocates: kept.New: &Point{...} escapes (return) (kept.go:6)`
		open  = `use/use.go:10:7: noalloc function "Use" is not proved: kept.New: the compiler was not asked about package kept`
		stays = `use/use.go:13:2: noalloc function "Use" is not proved: kept.Stays: the compiler was not asked about package kept`
	)
	dir := tree(t, contracts)
	whole := []string{kept, held, count}
	if got := noallocs(command(t, dir, nil, self(t), "./...").stdout, dir); !slices.Equal(got, whole) {
		t.Errorf("standalone: %q, want %q", got, whole)
	}
	if got, want := noallocs(govet(t, dir, "./...").stderr, dir), []string{open, held, count, stays}; !slices.Equal(got, want) {
		t.Errorf("go vet: %q, want %q", got, want)
	}
	if got := command(t, dir, nil, self(t), "heat", "-o", "default.heat", "./..."); got.status != 0 {
		t.Fatal(got)
	}
	heat := strings.TrimSpace(command(t, dir, nil, self(t), "heat", "-sum", "default.heat").stdout)
	if got := noallocs(govet(t, dir, "-heat="+heat, "./...").stderr, dir); !slices.Equal(got, whole) {
		t.Errorf("go vet with a heat file: %q, want %q", got, whole)
	}
}

// noallocs returns the findings of noalloc that a driver printed.
func noallocs(out, dir string) []string {
	var all []string
	for line := range strings.Lines(out) {
		if strings.Contains(line, "noalloc function") {
			line = strings.TrimPrefix(strings.TrimPrefix(strings.TrimSpace(line), dir+"/"), "./")
			all = append(all, strings.TrimSuffix(line, " (noalloc)"))
		}
	}
	return all
}

// TestNoallocAsks shows that a package is compiled for its contracts only:
// the type checker takes what the compiler does not.
func TestNoallocAsks(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		directive string
		asked     bool
	}{{"//heapvet:cold", false}, {"//heapvet:noalloc", true}} {
		dir := tree(t, modFile+"-- a/a.go --\npackage a\n\nvar big [1 << 50]byte\n\n"+tt.directive+"\nfunc F(x int) *int { return &x }\n")
		if got := govet(t, dir, "./..."); strings.Contains(got.stderr, "does not compile") != tt.asked {
			t.Errorf("%s: %v, want the compiler asked: %v", tt.directive, got, tt.asked)
		}
	}
}
