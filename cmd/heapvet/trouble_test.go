package main

import (
	"strings"
	"testing"
)

// A trouble is a run with something wrong.
type trouble struct {
	name   string
	files  string
	env    []string
	args   []string
	status int
	finds  bool   // the finding of package a is printed
	told   string // is on standard error, once
}

// good is a module with one finding, in package a.
func good() string { return modFile + hotSource("a/a.go", "a") }

// TestBrokenPackages shows that a package which cannot be read is told in one
// line, and that the rest is analysed.
func TestBrokenPackages(t *testing.T) {
	runTroubles(t, []trouble{
		{
			name: "type error", files: good() + "-- b/b.go --\npackage b\n\nvar X int = nope\n",
			args: []string{"./..."}, status: 1, finds: true,
			told: "heapvet: example.com/m/b not read: b/b.go:3:13: undefined: nope",
		},
		{
			name: "syntax error", files: good() + "-- b/b.go --\npackage b\n\nfunc {\n",
			args: []string{"./..."}, status: 1, finds: true,
			told: "heapvet: example.com/m/b not read: b/b.go:3:6: ",
		},
		{
			name: "import of a broken package", files: good() + "-- b/b.go --\npackage b\n\nvar X int = nope\n-- c/c.go --\npackage c\n\nimport \"example.com/m/b\"\n\nvar Y = b.X\n",
			args: []string{"./..."}, status: 1, finds: true,
			told: "heapvet: example.com/m/c not read: ",
		},
		{
			name: "missing import", files: good() + "-- b/b.go --\npackage b\n\nimport _ \"example.com/missing\"\n",
			args: []string{"./..."}, status: 1, finds: true,
			told: "heapvet: example.com/m/b not read: b/b.go:3:8: cannot find module providing package example.com/missing",
		},
		{
			name: "two packages in one directory", files: good() + "-- b/b.go --\npackage b\n-- b/c.go --\npackage c\n",
			args: []string{"./..."}, status: 1, finds: true,
			told: "heapvet: example.com/m/b not read: found packages b (b.go) and c (c.go) in ",
		},
		{
			name: "type error, and nothing found", files: modFile + "-- a/a.go --\npackage a\n-- b/b.go --\npackage b\n\nvar X int = nope\n",
			args: []string{"./..."}, status: 2,
			told: "heapvet: example.com/m/b not read: b/b.go:3:13: undefined: nope",
		},
		{
			name: "nothing can be read", files: modFile + "-- b/b.go --\npackage b\n\nvar X int = nope\n",
			args: []string{"./..."}, status: 2,
			told: "heapvet: example.com/m/b: b/b.go:3:13: undefined: nope",
		},
		{
			name: "no Go files", files: good() + "-- b/README --\nhello\n",
			args: []string{"./b", "./a"}, status: 1, finds: true,
			told: "heapvet: ./b not read: no Go files in ",
		},
		{
			name: "only tests", files: modFile + "-- b/b_test.go --\npackage b\n",
			args: []string{"./b"}, status: 2,
			told: "heapvet: the packages named have no Go files to analyse",
		},
		{
			name: "all files excluded", files: good() + "-- b/b.go --\n//go:build never\n\npackage b\n",
			args: []string{"./a", "./b"}, status: 1, finds: true,
			told: "build constraints exclude all Go files",
		},
		{
			name: "cgo without a C compiler", files: good() + "-- b/b.go --\npackage b\n\n// int x;\nimport \"C\"\n\nvar X = C.x\n",
			env: []string{"CGO_ENABLED=1", "CC=/nonexistent/cc"}, args: []string{"./..."}, status: 1, finds: true,
			told: "heapvet: example.com/m/b not read: ",
		},
		{
			name: "cgo switched off", files: good() + "-- b/b.go --\npackage b\n\n// int x;\nimport \"C\"\n\nvar X = C.x\n",
			env: []string{"CGO_ENABLED=0"}, args: []string{"./a", "./b"}, status: 1, finds: true,
			told: "heapvet: example.com/m/b not read: build constraints exclude all Go files",
		},
		{
			name: "explain in a broken package", files: good() + "-- b/b.go --\npackage b\n\nvar X int = nope\n",
			args: []string{"explain", "b/b.go:3"}, status: 2, told: "heapvet: example.com/m/b could not be read: b/b.go:3:13: ",
		},
	})
}

// TestBadCommandLine shows what is said of arguments that make no sense.
func TestBadCommandLine(t *testing.T) {
	runTroubles(t, []trouble{
		{
			name: "no such directory", files: good(),
			args: []string{"./nope"}, status: 2, told: "heapvet: ./nope: ",
		},
		{
			name: "pattern matches nothing", files: good() + "-- b/README --\nhello\n",
			args: []string{"./b/..."}, status: 2, told: `heapvet: no package matched: `,
		},
		{
			name: "unknown flag", files: good(),
			args: []string{"-nope", "./..."}, status: 2, told: "heapvet: unknown flag -nope; heapvet help lists the flags",
		},
		{
			name: "bad flag value", files: good(),
			args: []string{"-tier=best", "./..."}, status: 2, told: `heapvet: invalid value "best" for flag -tier: want default or advice`,
		},
		{
			name: "flag after packages", files: good(),
			args: []string{"./...", "-json"}, status: 2, told: "heapvet: flag -json must come before the packages",
		},
		{
			name: "unknown check", files: good(),
			args: []string{"help", "nope"}, status: 2, told: `heapvet: there is no check "nope"; heapvet help lists them`,
		},
		{
			name: "no such directory for -C", files: good(),
			args: []string{"-C", "nope", "./..."}, status: 2, told: "heapvet: changing to nope: no such directory",
		},
		{
			name: "explain without a line", files: good(),
			args: []string{"explain", "a/a.go"}, status: 2, told: `heapvet: explain wants FILE:LINE or FILE:LINE:COLUMN, not "a/a.go"`,
		},
	})
}

// TestBadSetup shows what is said when the Go installation does not do.
func TestBadSetup(t *testing.T) {
	runTroubles(t, []trouble{
		{
			name: "vendor directory out of date", files: "-- go.mod --\nmodule example.com/m\n\ngo 1.26\n\nrequire example.com/dep v1.0.0\n-- vendor/modules.txt --\n",
			env: []string{"GOFLAGS=-mod=vendor"}, args: []string{"./..."}, status: 2,
			told: ": example.com/dep@v1.0.0: is explicitly required in go.mod, but not marked as explicit in vendor/modules.txt",
		},
		{
			name: "no go command", files: good(), env: []string{"PATH=/nonexistent"},
			args: []string{"./..."}, status: 2, told: "heapvet: there is no go command on PATH",
		},
		{
			name: "toolchain too old", files: "-- go.mod --\nmodule example.com/m\n\ngo 1.99\n" + hotSource("a/a.go", "a"),
			args: []string{"./..."}, status: 2, told: "heapvet: go.mod requires go >= 1.99 (running go",
		},
		{
			name: "no build cache", files: good(), env: []string{"HOME", "GOCACHE", "XDG_CACHE_HOME"},
			args: []string{"./..."}, status: 2, told: "heapvet: build cache is required, but could not be located",
		},
		{
			name: "build cache cannot be written", files: good() + "-- file --\n", env: []string{"GOCACHE=/dev/null/cache"},
			args: []string{"./..."}, status: 2, told: "heapvet: failed to initialize build cache at /dev/null/cache",
		},
		{
			name: "unknown platform", files: good(), env: []string{"GOARCH=nope"},
			args: []string{"./..."}, status: 2, told: "heapvet: unsupported GOOS/GOARCH pair",
		},
		{
			name: "bad GOFLAGS", files: good(), env: []string{"GOFLAGS=-nope"},
			args: []string{"./..."}, status: 2, told: "heapvet: parsing $GOFLAGS: unknown flag -nope",
		},
	})
}

// runTroubles runs heapvet on each of tests.
func runTroubles(t *testing.T, tests []trouble) {
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
