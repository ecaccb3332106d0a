package known

import (
	"go/token"
	"go/types"
	"testing"
)

func TestOf(t *testing.T) {
	table, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		path, name string
		found      bool
	}{
		{"compress/gzip", "NewWriter", true},
		{"compress/gzip", "Header", false},
		{"math/rand", "NewSource", true},
		{"math/rand/v2", "NewSource", false}, // another package, not a version of the module
		{"github.com/klauspost/compress/gzip", "NewWriter", true},
		{"github.com/klauspost/compress/v2/gzip", "NewWriter", true},
		{"example.com/gzip", "NewWriter", false},
	} {
		pkg := types.NewPackage(c.path, "p")
		fn := types.NewFunc(token.NoPos, pkg, c.name, types.NewSignatureType(nil, nil, nil, nil, nil, false))
		pkg.Scope().Insert(fn)
		if got := table.Of(fn) != nil; got != c.found {
			t.Errorf("%s.%s: found %v, want %v", c.path, c.name, got, c.found)
		}
	}
}

func TestParseErrors(t *testing.T) {
	const row = "p\tF\tonce\t1\t2\t3\tstd\tbuild it once\n"
	if _, err := parse("# a comment\n" + row); err != nil {
		t.Error(err)
	}
	for _, source := range []string{
		"p\tF\n",
		row + row,
		"p\tF\tnever\t1\t2\t3\tstd\tbuild it once\n",
		"p\tF\tonce\tx\t2\t3\tstd\tbuild it once\n",
		"p\tF\tonce\t1\tx\t3\tstd\tbuild it once\n",
		"p\tF\tonce\t1\t2\tx\tstd\tbuild it once\n",
	} {
		if _, err := parse(source); err == nil {
			t.Errorf("no error for %q", source)
		}
	}
}
