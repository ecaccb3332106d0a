package prove_test

import (
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/heapvet/heapvet/passes/prove"
)

// twice has two fixes that need a new import, which takes the place of the
// old one.
const twice = `package m

import (
	"fmt"
	"os"
)

var exit = os.Exit

func f(n int) string {
	return fmt.Sprintf("%d", n) //fix alloc fmt.Sprintf("%d", n) => strconv.Itoa(n) && ^import ( => import (\n\t"strconv"
}

func g(n int) string {
	return fmt.Sprintf("%d", n) //fix alloc fmt.Sprintf("%d", n) => strconv.Itoa(n) && ^import ( => import (\n\t"strconv"
}
`

// fixed returns what the proposals of src make of it.
func fixed(t *testing.T, src string) string {
	t.Helper()
	tr := try(t, map[string]string{"a.go": src})
	if got := tr.refusals(); len(got) > 0 {
		t.Errorf("refused %q", got)
	}
	return string(tr.res.Files[filepath.Join(tr.dir, "a.go")])
}

// head returns text up to its first function.
func head(text string) string {
	before, _, _ := strings.Cut(text, "\nfunc ")
	return before
}

func TestImports(t *testing.T) {
	for _, tt := range []struct{ name, src, want string }{
		{"block", twice, "package m\n\nimport (\n\t\"os\"\n\t\"strconv\"\n)\n\nvar exit = os.Exit\n"},
		{"still used", strings.Replace(twice, "os.Exit", "fmt.Errorf(os.DevNull)", 1), "package m\n\nimport (\n\t\"fmt\"\n\t\"os\"\n\t\"strconv\"\n)\n\nvar exit = fmt.Errorf(os.DevNull)\n"},
		{"after the idle one", strings.ReplaceAll(twice, "^import ( => import (\\n\\t\"strconv\"", "^\"fmt\" => \"fmt\"\\n\\t\"strconv\""), "package m\n\nimport (\n\t\"os\"\n\t\"strconv\"\n)\n\nvar exit = os.Exit\n"},
		{"in a block of one", strings.ReplaceAll(strings.NewReplacer("\t\"os\"\n", "", "var exit = os.Exit\n\n", "").Replace(twice), "^import ( => import (\\n\\t\"strconv\"", "^\"fmt\" => \"fmt\"\\n\\t\"strconv\""), "package m\n\nimport (\n\t\"strconv\"\n)\n"},
		{"only one", "package m\n\nimport \"fmt\"\n\nfunc f(n int) string {\n\treturn fmt.Sprintf(\"x\", n) //fix alloc fmt.Sprintf(\"x\", n) => \"\"\n}\n", "package m\n"},
		{"block of one", "package m\n\nimport (\n\t\"fmt\" // text\n)\n\nfunc f(n int) string {\n\treturn fmt.Sprintf(\"x\", n) //fix alloc fmt.Sprintf(\"x\", n) => \"\"\n}\n", "package m\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := head(fixed(t, tt.src)); got != tt.want {
				t.Errorf("the head is\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

// TestText shows that what is no matter of the fix stays as it was.
func TestText(t *testing.T) {
	const src = "package m\n\nimport \"fmt\"\n\nvar sink any\n\nfunc f(n int) {\n\tsink = n //fix alloc sink = n => if n>1 {sink = nil}\n\tfmt.Print()\n}\n"
	want := strings.Replace(src, "sink = n //", "if n > 1 {\n\t\tsink = nil\n\t} //", 1)
	dos := func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }
	for _, tt := range []struct{ name, src, want string }{
		{"formatted", src, want},
		{"CRLF", dos(src), dos(want)},
		{"byte order mark", "\ufeff" + src, "\ufeff" + want},
		{"both", "\ufeff" + dos(src), "\ufeff" + dos(want)},
		{"not formatted", "\n" + src, "\n" + strings.Replace(src, "sink = n //", "if n>1 {sink = nil} //", 1)},
		{"mixed line ends", strings.Replace(src, "\n", "\r\n", 1), strings.Replace(strings.Replace(src, "sink = n //", "if n>1 {sink = nil} //", 1), "\n", "\r\n", 1)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := fixed(t, tt.src); got != tt.want {
				t.Errorf("got\n%q\nwant\n%q", got, tt.want)
			}
		})
	}
}

// TestDisjoint shows that of fixes that change the same text the first is
// kept, and that one insertion may be common to several.
func TestDisjoint(t *testing.T) {
	fix := func(line int, edits ...prove.Edit) prove.Fix {
		return prove.Fix{Pos: token.Position{Filename: "a.go", Line: line}, Edits: edits}
	}
	add := prove.Edit{File: "a.go", Start: 5, End: 5, New: "import"}
	kept, refused := prove.Disjoint([]prove.Fix{
		fix(1, add, prove.Edit{File: "a.go", Start: 10, End: 20}),
		fix(2, add, prove.Edit{File: "a.go", Start: 20, End: 30}),
		fix(3, prove.Edit{File: "a.go", Start: 29, End: 40}),
		fix(4, prove.Edit{File: "b.go", Start: 29, End: 40}),
		fix(5, prove.Edit{File: "a.go", Start: 15, End: 15, New: "x"}),
	})
	var lines []int
	for _, f := range kept {
		lines = append(lines, f.Pos.Line)
	}
	if !slices.Equal(lines, []int{1, 2, 4}) || len(refused) != 2 || refused[0].Refused != "it overlaps the fix of line 2" {
		t.Errorf("kept lines %v, refused %v", lines, refused)
	}
}
