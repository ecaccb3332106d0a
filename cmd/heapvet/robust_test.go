package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// hotFile is a file of package NAME with one finding, which needs no
// import: nothing of the standard library is compiled for it.
const hotFile = `package NAME

type point struct{ x, y [8]int }

//go:noinline
func newPoint(n int) *point {
	p := &point{}
	p.x[n] = n
	return p
}

//heapvet:hot
func Handle(n int) int {
	return newPoint(n).x[n]
}
`

// found is how the finding's line begins, after the file name.
const found = ":6:22: result of newPoint is a pointer that no caller keeps"

const modFile = "-- go.mod --\nmodule example.com/m\n\ngo 1.26\n"

func hotSource(file, pkg string) string {
	return "-- " + file + " --\n" + strings.Replace(hotFile, "NAME", pkg, 1)
}

// TestTrouble shows that what is wrong is told in one line, and that the
// rest is analysed.
func TestTrouble(t *testing.T) {
	good := modFile + hotSource("a/a.go", "a")
	tests := []struct {
		name   string
		files  string
		env    []string
		args   []string
		status int
		finds  bool   // the finding of package a is printed
		told   string // is in one line on standard error
	}{
		{
			name: "type error", files: good + "-- b/b.go --\npackage b\n\nvar X int = nope\n",
			args: []string{"./..."}, status: 1, finds: true,
			told: "heapvet: example.com/m/b not read: b/b.go:3:13: undefined: nope",
		},
		{
			name: "syntax error", files: good + "-- b/b.go --\npackage b\n\nfunc {\n",
			args: []string{"./..."}, status: 1, finds: true,
			told: "heapvet: example.com/m/b not read: b/b.go:3:6: ",
		},
		{
			name: "import of a broken package", files: good + "-- b/b.go --\npackage b\n\nvar X int = nope\n-- c/c.go --\npackage c\n\nimport \"example.com/m/b\"\n\nvar Y = b.X\n",
			args: []string{"./..."}, status: 1, finds: true,
			told: "heapvet: example.com/m/c not read: ",
		},
		{
			name: "missing import", files: good + "-- b/b.go --\npackage b\n\nimport _ \"example.com/missing\"\n",
			args: []string{"./..."}, status: 1, finds: true,
			told: "heapvet: example.com/m/b not read: b/b.go:3:8: cannot find module providing package example.com/missing",
		},
		{
			name: "two packages in one directory", files: good + "-- b/b.go --\npackage b\n-- b/c.go --\npackage c\n",
			args: []string{"./..."}, status: 1, finds: true,
			told: "heapvet: example.com/m/b not read: found packages b (b.go) and c (c.go) in ",
		},
		{
			name: "nothing can be read", files: modFile + "-- b/b.go --\npackage b\n\nvar X int = nope\n",
			args: []string{"./..."}, status: 2,
			told: "heapvet: example.com/m/b: b/b.go:3:13: undefined: nope",
		},
		{
			name: "no Go files", files: good + "-- b/README --\nhello\n",
			args: []string{"./b", "./a"}, status: 1, finds: true,
			told: "heapvet: ./b not read: no Go files in ",
		},
		{
			name: "only tests", files: modFile + "-- b/b_test.go --\npackage b\n",
			args: []string{"./b"}, status: 2,
			told: "heapvet: the packages named have no Go files to analyse",
		},
		{
			name: "all files excluded", files: good + "-- b/b.go --\n//go:build never\n\npackage b\n",
			args: []string{"./a", "./b"}, status: 1, finds: true,
			told: "build constraints exclude all Go files",
		},
		{
			name: "no such directory", files: good,
			args: []string{"./nope"}, status: 2, told: "heapvet: ./nope: ",
		},
		{
			name: "pattern matches nothing", files: good + "-- b/README --\nhello\n",
			args: []string{"./b/..."}, status: 2, told: `heapvet: no package matched: `,
		},
		{
			name: "unknown flag", files: good,
			args: []string{"-nope", "./..."}, status: 2, told: "heapvet: unknown flag -nope; heapvet help lists the flags",
		},
		{
			name: "bad flag value", files: good,
			args: []string{"-tier=best", "./..."}, status: 2, told: `heapvet: invalid value "best" for flag -tier: want default or advice`,
		},
		{
			name: "flag after packages", files: good,
			args: []string{"./...", "-json"}, status: 2, told: "heapvet: flag -json must come before the packages",
		},
		{
			name: "unknown check", files: good,
			args: []string{"help", "nope"}, status: 2, told: `heapvet: there is no check "nope"; heapvet help lists them`,
		},
		{
			name: "no such directory for -C", files: good,
			args: []string{"-C", "nope", "./..."}, status: 2, told: "heapvet: changing to nope: no such directory",
		},
		{
			name: "no go command", files: good, env: []string{"PATH=/nonexistent"},
			args: []string{"./..."}, status: 2, told: "heapvet: there is no go command on PATH",
		},
		{
			name: "toolchain too old", files: "-- go.mod --\nmodule example.com/m\n\ngo 1.99\n" + hotSource("a/a.go", "a"),
			args: []string{"./..."}, status: 2, told: "heapvet: go.mod requires go >= 1.99 (running go",
		},
		{
			name: "no build cache", files: good, env: []string{"HOME", "GOCACHE", "XDG_CACHE_HOME"},
			args: []string{"./..."}, status: 2, told: "heapvet: build cache is required, but could not be located",
		},
		{
			name: "build cache cannot be written", files: good + "-- file --\n", env: []string{"GOCACHE=/dev/null/cache"},
			args: []string{"./..."}, status: 2, told: "heapvet: failed to initialize build cache at /dev/null/cache",
		},
		{
			name: "unknown platform", files: good, env: []string{"GOARCH=nope"},
			args: []string{"./..."}, status: 2, told: "heapvet: unsupported GOOS/GOARCH pair",
		},
		{
			name: "bad GOFLAGS", files: good, env: []string{"GOFLAGS=-nope"},
			args: []string{"./..."}, status: 2, told: "heapvet: parsing $GOFLAGS: unknown flag -nope",
		},
		{
			name: "cgo without a C compiler", files: good + "-- b/b.go --\npackage b\n\n// int x;\nimport \"C\"\n\nvar X = C.x\n",
			env: []string{"CGO_ENABLED=1", "CC=/nonexistent/cc"}, args: []string{"./..."}, status: 1, finds: true,
			told: "heapvet: example.com/m/b not read: ",
		},
		{
			name: "cgo switched off", files: good + "-- b/b.go --\npackage b\n\n// int x;\nimport \"C\"\n\nvar X = C.x\n",
			env: []string{"CGO_ENABLED=0"}, args: []string{"./a", "./b"}, status: 1, finds: true,
			told: "heapvet: example.com/m/b not read: build constraints exclude all Go files",
		},
		{
			name: "explain without a line", files: good,
			args: []string{"explain", "a/a.go"}, status: 2, told: `heapvet: explain wants FILE:LINE or FILE:LINE:COLUMN, not "a/a.go"`,
		},
		{
			name: "explain in a broken package", files: good + "-- b/b.go --\npackage b\n\nvar X int = nope\n",
			args: []string{"explain", "b/b.go:3"}, status: 2, told: "heapvet: example.com/m/b could not be read: b/b.go:3:13: ",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := heapvet(t, tree(t, tt.files), tt.env, tt.args...)
			if got.status != tt.status {
				t.Errorf("exit status %d, want %d", got.status, tt.status)
			}
			if finds := strings.HasPrefix(got.stdout, "a/a.go"+found); finds != tt.finds {
				t.Errorf("finding of package a printed: %t, want %t", finds, tt.finds)
			}
			if n := strings.Count(got.stderr, tt.told); n != 1 {
				t.Errorf("standard error has %d lines with %q, want 1", n, tt.told)
			}
			if strings.Contains(got.stderr, "goroutine ") {
				t.Error("crashed")
			}
			if t.Failed() {
				t.Logf("stdout:\n%s\nstderr:\n%s", got.stdout, got.stderr)
			}
		})
	}
}

// TestBuilds shows that the ways in which programs are built make no
// difference.
func TestBuilds(t *testing.T) {
	tests := []struct {
		name   string
		files  string
		dir    string // below the tree
		env    []string
		args   []string
		stdout []string // how its lines begin
	}{
		{
			name: "current directory", files: modFile + hotSource("a.go", "a"),
			stdout: []string{"a.go" + found},
		},
		{
			name: "list of files", files: modFile + hotSource("a/a.go", "a"), args: []string{"a/a.go"},
			stdout: []string{"a/a.go" + found},
		},
		{
			name: "import path", files: modFile + hotSource("a/a.go", "a"), args: []string{"example.com/m/a"},
			stdout: []string{"a/a.go" + found},
		},
		{
			name: "other directory", files: modFile + hotSource("a/a.go", "a") + "-- b/x --\n", dir: "b", args: []string{"../a"},
			stdout: []string{"../a/a.go" + found},
		},
		{
			name: "-C", files: modFile + hotSource("a/a.go", "a"), args: []string{"-C", "a", "."},
			stdout: []string{"a.go" + found},
		},
		{
			name: "vendored module",
			files: "-- go.mod --\nmodule example.com/m\n\ngo 1.26\n\nrequire example.com/dep v1.0.0\n" +
				"-- vendor/modules.txt --\n# example.com/dep v1.0.0\n## explicit; go 1.26\nexample.com/dep\n" +
				"-- vendor/example.com/dep/dep.go --\npackage dep\n\nvar N = 1\n" +
				hotSource("a/a.go", "a") + "-- a/b.go --\npackage a\n\nimport \"example.com/dep\"\n\nvar n = dep.N\n",
			env: []string{"GOFLAGS"}, args: []string{"./..."},
			stdout: []string{"a/a.go" + found},
		},
		{
			name: "workspace",
			files: "-- go.work --\ngo 1.26\n\nuse (\n\t./m\n\t./n\n)\n-- m/go.mod --\nmodule example.com/m\n\ngo 1.26\n-- n/go.mod --\nmodule example.com/n\n\ngo 1.26\n" +
				hotSource("m/a.go", "m") + hotSource("n/a.go", "n") + "-- n/b.go --\npackage n\n\nimport \"example.com/m\"\n\nvar N = m.Handle(1)\n",
			env: []string{"GOFLAGS"}, args: []string{"./m", "./n"},
			stdout: []string{"m/a.go" + found, "n/a.go" + found},
		},
		{
			name: "-tags", files: modFile + "-- a/b.go --\npackage a\n" + strings.Replace(hotSource("a/a.go", "a"), "package", "//go:build special\n\npackage", 1),
			args: []string{"-tags=special", "./..."}, stdout: []string{"a/a.go:8:22: result of newPoint"},
		},
		{
			name: "-tags not given", files: modFile + "-- a/b.go --\npackage a\n" + strings.Replace(hotSource("a/a.go", "a"), "package", "//go:build special\n\npackage", 1),
			args: []string{"./..."},
		},
		{
			name: "GOOS and GOARCH", files: modFile + "-- a/b.go --\npackage a\n" + hotSource("a/a_windows_arm64.go", "a"),
			env: []string{"GOOS=windows", "GOARCH=arm64"}, args: []string{"./..."},
			stdout: []string{"a/a_windows_arm64.go" + found},
		},
		{
			name: "GOFLAGS=-trimpath", files: modFile + hotSource("a/a.go", "a"), env: []string{"GOFLAGS=-trimpath -cover"}, args: []string{"./..."},
			stdout: []string{"a/a.go" + found},
		},
		{
			name: "generated file", files: modFile + strings.Replace(hotSource("a/a.go", "a"), "package", "// Code generated by hand. DO NOT EDIT.\n\npackage", 1),
			args: []string{"./..."},
		},
		{
			name: "//line", files: modFile + strings.Replace(hotSource("a/a.go", "a"), "//go:noinline", "//line a.tmpl:100\n//go:noinline", 1),
			args: []string{"./..."}, stdout: []string{"a/a.tmpl:101: result of newPoint"},
		},
		{
			name: "cgo", files: modFile + hotSource("a/a.go", "a") + "-- a/c.go --\npackage a\n\n// static int one(void) { return 1; }\nimport \"C\"\n\n//heapvet:hot\nfunc Other(n int) int {\n\treturn newOther(n).y[n] + int(C.one())\n}\n\n//go:noinline\nfunc newOther(n int) *point {\n\tp := &point{}\n\tp.y[n] = n\n\treturn p\n}\n",
			env: []string{"CGO_ENABLED=1"}, args: []string{"./..."},
			stdout: []string{"a/a.go" + found, "a/c.go:12:22: result of newOther"},
		},
		{
			name:  "embedded files and assembly",
			files: modFile + hotSource("a/a.go", "a") + "-- a/b.go --\npackage a\n\nimport _ \"embed\"\n\n//go:embed data\nvar data string\n\nfunc asm()\n-- a/data --\nx\n-- a/asm.s --\nTEXT ·asm(SB), 4, $0-0\n\tRET\n",
			args:  []string{"./..."}, stdout: []string{"a/a.go" + found},
		},
		{
			name: "without tests", files: modFile + "-- a/a.go --\npackage a\n" + hotSource("a/a_test.go", "a") + hotSource("a/b_test.go", "a_test"),
			args: []string{"./..."},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := heapvet(t, filepath.Join(tree(t, tt.files), tt.dir), tt.env, tt.args...)
			checkLines(t, got, tt.stdout)
		})
	}
}

// checkLines compares the beginnings of got's lines.
func checkLines(t *testing.T, got result, want []string) {
	t.Helper()
	lines := strings.Split(strings.TrimSuffix(got.stdout, "\n"), "\n")
	if got.stdout == "" {
		lines = nil
	}
	ok := len(lines) == len(want)
	for i := range min(len(lines), len(want)) {
		ok = ok && strings.HasPrefix(lines[i], want[i])
	}
	if !ok {
		t.Errorf("stdout:\n%s\nwant lines that begin with:\n%s\nstderr:\n%s", got.stdout, strings.Join(want, "\n"), got.stderr)
	}
	if status := min(len(want), 1); got.status != status {
		t.Errorf("exit status %d, want %d\nstderr:\n%s", got.status, status, got.stderr)
	}
}

func TestSymbolicLinks(t *testing.T) {
	t.Parallel()
	dir := tree(t, "-- real/go.mod --\nmodule example.com/m\n\ngo 1.26\n"+hotSource("real/a/a.go", "a"))
	if err := os.Symlink("real", filepath.Join(dir, "link")); err != nil {
		t.Skip("no symbolic links here: ", err)
	}
	checkLines(t, heapvet(t, filepath.Join(dir, "link"), nil, "./..."), []string{"a/a.go" + found})
	checkLines(t, heapvet(t, filepath.Join(dir, "link", "a"), nil, "."), []string{"a.go" + found})
	checkLines(t, heapvet(t, dir, nil, "-C", "link", "./..."), []string{"a/a.go" + found})
}

// TestReadOnlyTree shows that nothing is written beside the sources.
func TestReadOnlyTree(t *testing.T) {
	t.Parallel()
	dir := tree(t, modFile+hotSource("a/a.go", "a"))
	for _, d := range []string{filepath.Join(dir, "a"), dir} {
		if err := os.Chmod(d, 0o555); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = os.Chmod(d, 0o777) }) // or TempDir cannot be removed
	}
	checkLines(t, heapvet(t, dir, nil, "./..."), []string{"a/a.go" + found})
	var names []string
	err := filepath.WalkDir(dir, func(name string, _ os.DirEntry, err error) error {
		names = append(names, strings.TrimPrefix(name, dir))
		return err
	})
	if got := strings.Join(names, " "); err != nil || got != " /a /a/a.go /go.mod" {
		t.Errorf("the tree has %s (%v), want no new files", got, err)
	}
}
