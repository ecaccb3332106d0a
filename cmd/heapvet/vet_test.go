package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A vetting is a run of go vet with heapvet as its tool.
type vetting struct {
	name  string
	files string
	args  []string // before the packages
	long  bool     // compiles a part of the standard library anew
	want  []string // how the findings begin
}

// confirmed is in the finding of [hotSource] if the compiler was asked.
const confirmed = "(compiler: heap, 128 B; hot: //heapvet:hot "

// TestVetBuilds shows that the tool compiles what the go command would: each
// finding has the compiler's word.
func TestVetBuilds(t *testing.T) {
	const other = "-- a/b.go --\npackage a\n"
	unique := "// " + t.TempDir() + "\n" // or the go command shows the names of files in an earlier run
	tests := []vetting{
		{
			name: "tests of a package with findings", files: modFile + hotSource("a/a.go", "a") + "-- a/a_test.go --\npackage a\n\nvar _ = Handle(1)\n" +
				"-- a/b_test.go --\npackage a_test\n\nimport \"example.com/m/a\"\n\nvar _ = a.Handle(1)\n",
			want: []string{"a/a.go" + found},
		},
		{name: "command", files: modFile + hotSource("a/a.go", "main") + "-- a/b.go --\npackage main\n\nfunc main() { Handle(1) }\n", want: []string{"a/a.go" + found}},
		{
			name:  "assembly",
			files: modFile + hotSource("a/a.go", "a") + other + "\nfunc asm()\n-- a/asm.s --\nTEXT ·asm(SB), 4, $0-0\n\tRET\n", want: []string{"a/a.go" + found},
		},
		{
			name:  "embedded file",
			files: modFile + hotSource("a/a.go", "a") + other + "\nimport _ \"embed\"\n\n//go:embed data\nvar data string\n-- a/data --\nx\n", want: []string{"a/a.go" + found},
		},
		{
			name:  "generics",
			files: modFile + hotSource("a/a.go", "a") + other + "\ntype list[T any] []T\n\nfunc (l list[T]) first() *T { return &l[0] }\n\nvar _, _ = list[int]{1}.first(), list[point]{{}}.first()\n",
			want:  []string{"a/a.go" + found},
		},
		{
			name:  "//line",
			files: modFile + strings.Replace(hotSource("a/a.go", "a"), "//go:noinline", "//line a.tmpl:100\n//go:noinline", 1), want: []string{"a/a.tmpl:101"},
		},
		{name: "-trimpath", files: modFile + hotSource("a/a.go", "a") + other + unique, args: []string{"-trimpath"}, want: []string{"a/a.go" + found}},
		{
			name:  "-tags",
			files: modFile + other + strings.Replace(hotSource("a/a.go", "a"), "package", "//go:build special\n\npackage", 1),
			args:  []string{"-tags=special"}, want: []string{"a/a.go:8:22: result of newPoint"},
		},
		{name: "-race", files: modFile + hotSource("a/a.go", "a"), args: []string{"-race"}, long: true, want: []string{"a/a.go" + found}},
		{
			name:  "cgo",
			files: modFile + hotSource("a/a.go", "a") + other + "\n// static int one(void) { return 1; }\nimport \"C\"\n\nvar one = C.one()\n",
			long:  true, want: []string{"a/a.go" + found},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.long && testing.Short() {
				t.Skip("compiles a part of the standard library, the first time")
			}
			if _, err := exec.LookPath("cc"); err != nil && tt.long {
				t.Skip("no C compiler: ", err)
			}
			t.Parallel()
			dir := tree(t, tt.files)
			checkVet(t, dir, append(tt.args, "./...")...)(tt.want)
		})
	}
}

// checkVet runs go vet twice, the second time from its cache, and returns a
// function that compares the beginnings of the lines it prints.
func checkVet(t *testing.T, dir string, args ...string) func(want []string) {
	t.Helper()
	first, second := govet(t, dir, args...), govet(t, dir, args...)
	return func(want []string) {
		t.Helper()
		if first != second {
			t.Errorf("the second run printed\n%v\nthe first\n%v", second, first)
		}
		var lines []string
		for line := range strings.Lines(first.stderr) {
			if !strings.HasPrefix(line, "#") {
				lines = append(lines, strings.TrimPrefix(strings.TrimPrefix(line, dir+"/"), "./"))
			}
		}
		ok := len(lines) == len(want)
		for i := range min(len(lines), len(want)) {
			ok = ok && strings.HasPrefix(lines[i], want[i]) && strings.Contains(lines[i], confirmed)
		}
		if !ok || first.status != min(len(want), 1) {
			t.Errorf("exit status %d\n%s\nwant lines that begin with\n%s", first.status, first.stderr, strings.Join(want, "\n"))
		}
	}
}

// TestVetTests shows that every file is reported once, tests too: the go
// command shows the package with its tests, and the tests outside of it.
func TestVetTests(t *testing.T) {
	t.Parallel()
	const bad = "\n//heapvet:nope\n"
	dir := tree(t, modFile+"-- a/a.go --\npackage a\n\ntype T int\n"+bad+"-- a/a_test.go --\npackage a\n\nvar X T\n"+bad+
		"-- a/b_test.go --\npackage a_test\n\nimport \"example.com/m/a\"\n\nvar _ = a.X\n"+bad)
	got := govet(t, dir, "./...")
	for _, name := range []string{"a/a.go:5:1: ", "a/a_test.go:5:1: ", "a/b_test.go:7:1: "} {
		if strings.Count(got.stderr, name+"directive //heapvet:nope is unknown") != 1 {
			t.Errorf("%v, want one finding at %s", got, name)
		}
	}
}

// TestVetOverlay shows that the compiler is asked about the text that
// replaces a file, as an editor's unsaved buffer does.
func TestVetOverlay(t *testing.T) {
	t.Parallel()
	dir := tree(t, modFile+"-- a/a.go --\npackage a\n"+hotSource("buffer.go.txt", "a"))
	overlay, err := json.Marshal(map[string]map[string]string{
		"Replace": {filepath.Join(dir, "a", "a.go"): filepath.Join(dir, "buffer.go.txt")},
	})
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(name, overlay, 0o666); err != nil {
		t.Fatal(err)
	}
	got := govet(t, dir, "-overlay="+name, "./...")
	if got.status != 1 || strings.Count(got.stderr, found) != 1 || !strings.Contains(got.stderr, confirmed) {
		t.Errorf("%v, want one confirmed finding", got)
	}
}

// misspelt is a module with a finding that has a fix.
const misspelt = modFile + "-- a/a.go --\npackage a\n\n// heapvet:hot\nfunc F() {}\n"

// fixed is the file once it is applied.
const fixed = "package a\n\n//heapvet:hot\nfunc F() {}\n"

func TestVetFix(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		args   []string // of the go command
		status int
		stdout string // is in there
		file   string // what becomes of it
	}{
		{"vet -fix -diff", []string{"vet", "-fix", "-diff", "-vettool=" + self(t), "./..."}, 1, "-// heapvet:hot\n+//heapvet:hot\n", strings.Replace(fixed, "//h", "// h", 1)},
		{"vet -fix", []string{"vet", "-fix", "-vettool=" + self(t), "./..."}, 0, "", fixed},
		{"fix -fixtool -diff", []string{"fix", "-diff", "-fixtool=" + self(t), "./..."}, 1, "-// heapvet:hot\n+//heapvet:hot\n", strings.Replace(fixed, "//h", "// h", 1)},
		{"fix -fixtool", []string{"fix", "-fixtool=" + self(t), "./..."}, 0, "", fixed},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := tree(t, misspelt)
			got := command(t, dir, nil, "go", tt.args...)
			if got.status != tt.status || !strings.Contains(got.stdout, tt.stdout) {
				t.Errorf("%v, want exit status %d and %q", got, tt.status, tt.stdout)
			}
			file, err := os.ReadFile(filepath.Join(dir, "a", "a.go"))
			if err != nil || string(file) != tt.file {
				t.Errorf("the file is now\n%s(%v), want\n%s", file, err, tt.file)
			}
		})
	}
}

// TestVetFlags shows the go command's ways to ask for more or less.
func TestVetFlags(t *testing.T) {
	t.Parallel()
	dir := tree(t, modFile+hotSource("a/a.go", "a"))
	context := govet(t, dir, "-c=1", "./...")
	if want := "\n5\t//go:noinline\n6\tfunc newPoint(n int) *point {\n7\t\tp := &point{}\n"; !strings.Contains(context.stderr, want) {
		t.Errorf("-c=1: %v, want %q", context, want)
	}
	var packages map[string]map[string][]struct{ Posn, Message string }
	printed := govet(t, dir, "-json", "./...").stdout
	if err := json.Unmarshal([]byte(printed), &packages); err != nil {
		t.Fatalf("-json: %v in %s", err, printed)
	}
	if in := packages["example.com/m/a"]["hotescape"]; len(in) != 1 || !strings.HasSuffix(in[0].Posn, "a.go:6:22") || !strings.Contains(in[0].Message, confirmed) {
		t.Errorf("-json: %s", printed)
	}
	for flag, status := range map[string]int{"-hotconv": 0, "-hotescape": 1, "-hotescape=false": 0, "-unboundedinput.max-body=4096": 1, "-tier=advice": 1} {
		if got := govet(t, dir, flag, "./..."); got.status != status {
			t.Errorf("%s: %v, want exit status %d", flag, got, status)
		}
	}
}

// TestVetFailures shows that what goes wrong is told, and told again by the
// next run, for which the go command has a cache.
func TestVetFailures(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		files string
		flags []string
		told  string
	}{
		{"type error", modFile + "-- a/a.go --\npackage a\n\nvar X int = nope\n", nil, "undefined: nope"},
		{"bad flag value", modFile + hotSource("a/a.go", "a"), []string{"-tier=best"}, "want default or advice"},
		{"unknown flag", modFile + hotSource("a/a.go", "a"), []string{"-hotconv.nope=1"}, "flag provided but not defined: -hotconv.nope"},
		{
			// The type checker takes what the compiler does not.
			"not compiled", modFile + hotSource("a/a.go", "a") + "-- a/b.go --\npackage a\n\nvar big [1 << 50]byte\n", nil,
			"a/a.go:1:1: escape check skipped for example.com/m/a: package does not compile: ./b.go:3:5: type [1125899906842624]byte larger than address space; escapes in this package are not confirmed",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := tree(t, tt.files)
			for _, run := range []string{"first", "second"} {
				got := govet(t, dir, append(tt.flags, "./...")...)
				if got.status == 0 || strings.Count(got.stderr, tt.told) != 1 {
					t.Errorf("%s run: %v, want %q", run, got, tt.told)
				}
			}
		})
	}
}

// TestVetImports shows that the findings of a package are told although the
// go command has asked for its facts before, as those of an import.
func TestVetImports(t *testing.T) {
	files := modFile + hotSource("b/b.go", "b") + "-- a/a.go --\npackage a\n\nimport \"example.com/m/b\"\n\nvar _ = b.Handle(1) // " + t.TempDir() + "\n"
	for _, args := range [][]string{nil, {"-json"}} {
		dir := tree(t, files)
		for _, pkg := range []string{"./a", "./b", "./b", "./..."} {
			got := govet(t, dir, append(args, pkg)...)
			if n := strings.Count(got.stdout+got.stderr, confirmed); n != 1 {
				t.Errorf("go vet %s %s tells %d times what is wrong with b: %v", args, pkg, n, got)
			}
		}
	}
}
