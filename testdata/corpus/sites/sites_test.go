package main

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"testing"
)

// text is a profile in readable form; %d is what handle has allocated.
const text = `heap profile: 1: 8 [9: 99] @ heap/1
1: 8 [%d: %[1]d0] @ 0x1 0x2 0x3
#	0x1	strings.Clone+0x1f				/go/src/strings/clone.go:20
#	0x2	example.com/shop/v2/web.(*T).handle+0x5f	/mod/example.com/shop/v2@v2.0.1/web/web.go:12
#	0x3	example.com/shop/v2/web.serve+0x5f		/mod/example.com/shop/v2@v2.0.1/web/web.go:30

0: 0 [%[1]d: 16] @ 0x4 0x3
#	0x4	example.com/shop/v2/web.(*T).handle+0x6f	/mod/example.com/shop/v2@v2.0.1/web/web.go:12
#	0x3	example.com/shop/v2/web.serve+0x5f		/mod/example.com/shop/v2@v2.0.1/web/web.go:30

0: 0 [%[1]d: 32] @ 0x5
#	0x5	example.com/shop/v2x.other+0x6f	/mod/example.com/shop/v2x@v2.0.1/web.go:7

0: 0 [5: 640] @ 0x6
#	0x6	example.com/shop/v2.init+0x6f	/mod/example.com/shop/v2@v2.0.1/init.go:1


# runtime.MemStats
# Alloc = 1
`

func TestOwnSites(t *testing.T) {
	var profiles []profile
	for _, objects := range []int{2, 5, 11} {
		name := filepath.Join(t.TempDir(), "profile")
		if err := os.WriteFile(name, fmt.Appendf(nil, text, objects), 0o666); err != nil {
			t.Fatal(err)
		}
		p, err := readProfile(name)
		if err != nil {
			t.Fatal(err)
		}
		profiles = append(profiles, p)
	}
	sites := ownSites(perRequest(profiles[0], profiles[1], profiles[2]), "example.com/shop/v2")
	want := site{
		function: "example.com/shop/v2/web.(*T).handle", file: "web/web.go", line: 12,
		self: true, amount: amount{objects: 6, bytes: 30},
	}
	want.callers = map[spot]bool{{"web/web.go", 12}: true, {"web/web.go", 30}: true}
	if len(sites) != 1 || !reflect.DeepEqual(sites[0], want) {
		t.Errorf("got %+v, want %+v", sites, want)
	}
}

func TestGrade(t *testing.T) {
	dir := t.TempDir()
	const source = `package p

func outer() {
	inner := func() {
		_ = 5
	}
	one := func() { _ = 7 }
}
`
	if err := os.WriteFile(filepath.Join(dir, "p.go"), []byte(source), 0o666); err != nil {
		t.Fatal(err)
	}
	h := heat{dir: dir, grades: map[string]string{"p.go:3:1": "warm", "p.go:4:11": "hot"}}
	for line, want := range map[int]string{1: "cold", 3: "warm", 5: "hot", 7: "warm"} {
		got, err := h.grade(site{file: "p.go", line: line})
		if err != nil || got != want {
			t.Errorf("line %d is %q (%v), want %q", line, got, err, want)
		}
	}
}
