package growth

import (
	"strings"
	"testing"
)

func TestTableOfCaches(t *testing.T) {
	c, err := parseCaches(cachesTable)
	if err != nil {
		t.Fatal(err)
	}
	for name, f := range c.funcs {
		if f.role == adds && f.args == "" {
			t.Errorf("%s does not say which argument is the key", name)
		}
	}
	for name := range c.types {
		path, _, _ := strings.Cut(name[strings.LastIndexByte(name, '/')+1:], ".")
		made := false
		for other, f := range c.funcs {
			made = made || f.role == makes && strings.Contains(other, "/"+path+".")
		}
		if !made {
			t.Errorf("nothing makes a %s: none would be told", name)
		}
	}
}

func TestBrokenTableOfCaches(t *testing.T) {
	for text, want := range map[string]string{
		"a\tB.C\tadd\n":      "parsing line 1 of the table of caches: 3 fields, want 4",
		"# x\na\tB\tget\t\n": `parsing line 2 of the table of caches: unknown role "get"`,
	} {
		if _, err := parseCaches(text); err == nil || err.Error() != want {
			t.Errorf("parseCaches(%q): %v, want %s", text, err, want)
		}
	}
}
