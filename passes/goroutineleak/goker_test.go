package goroutineleak_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/heapvet/heapvet/passes"
)

// A kernel is a real blocking bug, cut down to one file, of those that come
// with Go.
type kernel struct {
	name string
	core bool   // it has the shape of a leak
	op   string // the text of a line where a goroutine is left behind, as Go's own test has it
}

// kernels are those of lifetimes about channels, contexts, conditions and
// WaitGroups that Go's tree has. Three of the core ones are not there.
var kernels = []kernel{
	{"cockroach2448", false, "case <-s.multiraft.stopper.ShouldStop():"},
	{"cockroach25456", true, "<-repl.store.Stopper().ShouldQuiesce()"},
	{"cockroach35931", false, "rc.dataChan <- struct{}{}"},
	{"etcd6857", true, "n.status <- c"},
	{"grpc1424", true, "<-doneChan"},
	{"grpc660", true, "done <- false"},
	{"kubernetes5316", true, "errCh <- err"},
	{"moby21233", true, "<-progressDone"},
	{"cockroach13755", true, "<-ctx.Done()"},
	{"istio18454", false, "s.resetChan <- struct{}{}"},
	{"moby27782", false, "w.cv.Wait()"},
	{"moby30408", true, "p.activateWait.Wait()"},
	{"etcd7492", false, "tm.addSimpleTokenCh <- struct{}{}"},
	{"grpc1460", false, "<-t.awakenKeepalive"},
	{"kubernetes1321", false, "w.result <- struct{}{}"},
	{"kubernetes26980", false, "<-resultCh"},
	{"serving2137", false, "b.activeRequests <- t"},
	{"cockroach1055", false, "s.drain.Wait()"},
	{"cockroach1462", false, "lt.Events <- interceptMessage_cockroach1462(0)"},
	{"moby25384", true, "group.Wait() // Block here"},
}

// TestGoKer analyses the kernels as if requests ran them, and wants the
// operation told at which they leave goroutines behind.
func TestGoKer(t *testing.T) {
	if testing.Short() {
		t.Skip("loads twenty programs")
	}
	dir := gokerDir(t)
	core, all := 0, 0
	for _, k := range kernels {
		text, err := os.ReadFile(filepath.Join(dir, k.name+".go"))
		if errors.Is(err, fs.ErrNotExist) {
			t.Logf("%s: not in this Go", k.name)
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		told := analyse(t, map[string]string{"kernel.go": hot(string(text)), "main.go": registry})
		if !slices.ContainsFunc(told, func(line string) bool { return strings.Contains(line, k.op) }) {
			t.Logf("%s: not told at %s", k.name, k.op)
			continue
		}
		all++
		if k.core {
			core++
		}
	}
	t.Logf("told: %d kernels, %d of them core", all, core)
	if core < 9 || all < 17 {
		t.Errorf("told %d kernels, %d of them core; want 17 and 9", all, core)
	}
}

// gokerDir returns the folder of the kernels.
func gokerDir(t *testing.T) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(strings.TrimSpace(string(out)), "src", "runtime", "testdata", "testgoroutineleakprofile", "goker")
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		t.Skipf("this Go comes without the kernels: no %s", dir)
	}
	return dir
}

// registry is what the kernels need of the program that runs them.
const registry = `package main

const yieldCount = 10

func register(string, func()) {}

func main() {}
`

// hot marks the functions that a kernel registers.
func hot(text string) string {
	for _, m := range regexp.MustCompile(`register\("\w+", (\w+)\)`).FindAllStringSubmatch(text, -1) {
		text = strings.Replace(text, "\nfunc "+m[1]+"()", "\n//heapvet:hot\nfunc "+m[1]+"()", 1)
	}
	return text
}

// analyse returns the source lines of a program at which goroutineleak
// reports something.
func analyse(t *testing.T, files map[string]string) []string {
	t.Helper()
	dir := t.TempDir()
	files["go.mod"] = "module kernel\n\ngo 1.21\n"
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	pkgs, err := packages.Load(&packages.Config{
		Mode: packages.LoadSyntax | packages.NeedModule,
		Dir:  dir,
		Env:  append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod", "GOPROXY=off"),
	}, ".")
	if err != nil {
		t.Fatal(err)
	}
	if len(pkgs) != 1 || len(pkgs[0].Errors) > 0 {
		t.Fatalf("loaded %v: %v", pkgs, pkgs[0].Errors)
	}
	graph, err := checker.Analyze([]*analysis.Analyzer{goroutineleakOf(t)}, pkgs, nil)
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	for _, root := range graph.Roots {
		if root.Err != nil {
			t.Fatal(root.Err)
		}
		for _, d := range root.Diagnostics {
			posn := root.Package.Fset.Position(d.Pos)
			told = append(told, strings.Split(files[filepath.Base(posn.Filename)], "\n")[posn.Line-1])
		}
	}
	return told
}

// goroutineleakOf returns the analyzer of a new suite.
func goroutineleakOf(t *testing.T) *analysis.Analyzer {
	t.Helper()
	for _, a := range passes.New(passes.Config{Advice: true}) {
		if a.Name == "goroutineleak" {
			return a
		}
	}
	t.Fatal(fmt.Errorf("the suite has no goroutineleak"))
	return nil
}
