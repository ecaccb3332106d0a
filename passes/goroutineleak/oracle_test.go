package goroutineleak_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// runner runs the function that is named in a goroutine of its own, until
// nothing is left of it or that can be expected no more, and prints how many
// goroutines are left and how many of those the runtime knows to be blocked
// for ever. Those in loops with a ticker are not blocked.
const runner = `
package main

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/pprof"
	"time"
)

func main() {
	go functions[os.Args[1]]()
	left := 0
	for range 300 {
		time.Sleep(time.Millisecond)
		if left = runtime.NumGoroutine() - 1; left == 0 {
			break
		}
	}
	profile := pprof.Lookup("goroutineleak")
	profile.WriteTo(io.Discard, 0)
	fmt.Println(left, profile.Count())
}
`

// TestOracle runs the test data. Each function that is said to leak leaves a
// goroutine behind, and none of the others does.
func TestOracle(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the standard library with an experiment of the runtime")
	}
	src := filepath.Join("..", "..", "testdata", "src", "goroutineleak", "leaks")
	functions := declared(t, src)
	program := build(t, src, functions)
	for _, name := range functions {
		t.Run(name, func(t *testing.T) {
			out, err := exec.CommandContext(t.Context(), program, name).Output()
			if err != nil {
				t.Fatal(err)
			}
			var left, blocked int
			if _, err := fmt.Sscan(string(out), &left, &blocked); err != nil {
				t.Fatalf("%q: %v", out, err)
			}
			leaks := strings.HasPrefix(name, "leak")
			if leaks != (left > 0) {
				t.Errorf("%d goroutines are left, %d of them blocked for ever", left, blocked)
			}
			if leaks && blocked == 0 && name != "leakTicks" {
				t.Errorf("the runtime knows of no goroutine that is blocked for ever")
			}
		})
	}
}

// declared returns the functions of dir whose names begin with leak or ok.
func declared(t *testing.T, dir string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, file := range files {
		syntax, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range syntax.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if ok && (strings.HasPrefix(fn.Name.Name, "leak") || strings.HasPrefix(fn.Name.Name, "ok")) {
				names = append(names, fn.Name.Name)
			}
		}
	}
	return names
}

// build builds the program in src with runner as its main file, which knows
// functions, and with the runtime's profile of leaked goroutines.
func build(t *testing.T, src string, functions []string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(src)); err != nil {
		t.Fatal(err)
	}
	main := runner + "\nvar functions = map[string]func(){\n"
	for _, name := range functions {
		main += fmt.Sprintf("\t%q: %s,\n", name, name)
	}
	main += "}\n"
	for name, text := range map[string]string{"main.go": main, "go.mod": "module leaks\n\ngo 1.26\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	program := filepath.Join(dir, "leaks.exe")
	cmd := exec.CommandContext(t.Context(), "go", "build", "-o", program, ".")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOEXPERIMENT=goroutineleakprofile", "GOWORK=off", "GOFLAGS=-buildvcs=false")
	if out, err := cmd.CombinedOutput(); err != nil {
		if strings.Contains(string(out), "unknown GOEXPERIMENT") {
			t.Skipf("this Go has no profile of leaked goroutines: %s", out)
		}
		t.Fatalf("%v\n%s", err, out)
	}
	return program
}
