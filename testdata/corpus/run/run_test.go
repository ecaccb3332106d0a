package main

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// TestMain lets the test binary play heapvet: see fakeHeapvet.
func TestMain(m *testing.M) {
	if os.Getenv("CORPUS_FAKE_HEAPVET") != "" && len(os.Args) > 1 && os.Args[1] == "-json" {
		if err := fakeHeapvet(os.Args[len(os.Args)-1]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// fakeHeapvet reports, for each line of the package that holds the comment
// "// told CHECK MESSAGE", that message.
func fakeHeapvet(pattern string) error {
	out, err := exec.Command("go", "list", "-f", "{{.Dir}}", pattern).Output()
	if err != nil {
		return err
	}
	type diag struct {
		Posn    string `json:"posn"`
		Message string `json:"message"`
	}
	checks := make(map[string][]diag)
	names, err := filepath.Glob(filepath.Join(strings.TrimSpace(string(out)), "*.go"))
	if err != nil {
		return err
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		for i, line := range strings.Split(string(text), "\n") {
			if _, told, ok := strings.Cut(line, "// told "); ok {
				check, msg, _ := strings.Cut(told, " ")
				checks[check] = append(checks[check], diag{fmt.Sprintf("%s:%d:2", name, i+1), msg})
			}
		}
	}
	return json.NewEncoder(os.Stdout).Encode(map[string]any{pattern: checks})
}

const leaky = `package leaky

var cache = map[string]int{}

func Get(key string) int {
	cache[key]++ // told unboundedcache package-level map "cache" only grows
	return cache[key]
}

type T struct{ all []string }

func (t *T) Add(s string) {
	t.all = append(t.all, s) // told retention slice "all" only grows [advice]
}

func Escapes() *int {
	return new(int) // told hotescape not a finding about growth
}
`

const mended = `package leaky

func Get(key string) int { return len(key) }

type T struct{}

func (t *T) Add(s string) {
	_ = s // told retention still here [advice]
}
`

const corpus = `id	category	module	buggy_version	fixed_version	file	lines	function	signal
get	map-pkgvar	example.test/leaky	v1.0.0	v1.1.0	leaky.go	6	Get	[pkg] a map
add	slice-append	example.test/leaky	v1.0.0	v1.1.0	leaky.go	1	(*T).Add	[intra] a slice
far	map-field	example.test/leaky	v1.0.0	-	leaky.go	12	Nowhere	[intra] no growth check says this
gone	map-field	example.test/leaky	v9.0.0	-	leaky.go	6	Get	[pkg] the proxy has no such version
broken	map-field	example.test/broken	v1.0.0	example.test/leaky v1.1.0	broken.go	3	F	[xpkg] does not compile
`

func TestRun(t *testing.T) {
	dir := t.TempDir()
	proxy := filepath.Join(dir, "proxy")
	addModule(t, proxy, "example.test/leaky", "v1.0.0", "leaky.go", leaky)
	addModule(t, proxy, "example.test/leaky", "v1.1.0", "leaky.go", mended)
	addModule(t, proxy, "example.test/broken", "v1.0.0", "broken.go", "package broken\n\nvar x int = missing\n")
	tsv := filepath.Join(dir, "corpus.tsv")
	write(t, tsv, corpus)
	useProxy(t, proxy)

	var out, errOut bytes.Buffer
	args := []string{"-tsv", tsv, "-json", "-cache", filepath.Join(dir, "cache"), "-heapvet", os.Args[0]}
	if err := run(t.Context(), args, &out, &errOut); err != nil {
		t.Fatalf("run: %v\n%s", err, errOut.String())
	}
	var got struct {
		Rows []struct {
			ID           string
			Buggy, Fixed verdict
		}
		Totals map[string]map[string]total
	}
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	want := map[string][2]string{
		"get":    {toldDefault, silent},
		"add":    {toldAdvice, toldAdvice},
		"far":    {toldAdvice, absent}, // line 13 is within three lines of the listed 12
		"gone":   {skipped, absent},
		"broken": {skipped, silent},
	}
	for _, r := range got.Rows {
		if outcome := [2]string{r.Buggy.Outcome, r.Fixed.Outcome}; outcome != want[r.ID] {
			t.Errorf("row %s: got %v, want %v (%s)", r.ID, outcome, want[r.ID], r.Buggy.Reason)
		}
	}
	if got, want := got.Totals["class"]["map"], (total{Rows: 4, Told: 2, ToldDefault: 1, FixedSilent: 1, Skipped: 2}); got != want {
		t.Errorf("totals of class map: got %+v, want %+v", got, want)
	}

	// The second run answers from the cache: no proxy is needed.
	t.Setenv("GOPROXY", "off")
	out.Reset()
	if err := run(t.Context(), append(args, "-id", "get,add", "-check", "retention"), &out, &errOut); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Rows) != 2 || got.Rows[0].Buggy.Outcome != silent || got.Rows[1].Buggy.Outcome != toldAdvice {
		t.Errorf("second run: got %+v", got.Rows)
	}
}

func TestReadRows(t *testing.T) {
	name := filepath.Join(t.TempDir(), "alloc.tsv")
	write(t, name, "id\tpattern\tmodule\tbefore_version\tafter_version\tfile\tlines\tfunction\n"+
		"A1\tappend-prealloc\texample.test/m/v2\tv2.1.0\tv2.2.0\tsub/x.go\tb:3-5;a:7\tF; (*T).G\n")
	rows, err := readRows(name)
	if err != nil {
		t.Fatal(err)
	}
	r := rows[0]
	if got := fmt.Sprintf("%s %v %v %d %s", r.pkg(r.buggy), r.buggy.lines, r.fixed.lines, len(r.functions), r.class); got != "example.test/m/v2/sub [3 4 5] [7] 2 append-prealloc" {
		t.Errorf("allocation row: got %s", got)
	}
	write(t, name, "id\tmodule@version\tfile\tinsert_lines\nN1\tstd go1.26.8\tnet/http/x.go\t4,9\n")
	if rows, err = readRows(name); err != nil {
		t.Fatal(err)
	}
	r = rows[0]
	if got := fmt.Sprintf("%s %v %s", r.pkg(r.buggy), r.buggy, r.class); got != "net/http {std go1.26.8 [4 9]} negative" {
		t.Errorf("look-alike row: got %s", got)
	}
	write(t, name, "id\tmodule\tbuggy_version\tpackage_dir\tfile\nG1\texample.test/m\tv1.0.0\tsub\tx.go\n")
	if rows, err = readRows(name); err != nil {
		t.Fatal(err)
	}
	if got := rows[0].file + " " + rows[0].pkg(rows[0].buggy); got != "sub/x.go example.test/m/sub" {
		t.Errorf("row with a package directory: got %s", got)
	}
	write(t, name, "id\tfile\nN1\tx.go\n")
	if _, err := readRows(name); err == nil {
		t.Error("a row without a version was accepted")
	}
}

func TestStdOfAnotherGo(t *testing.T) {
	a := &analyser{cache: t.TempDir()}
	_, err := a.analyse(t.Context(), version{module: "std", version: "go1.1"}, "fmt")
	if _, ok := err.(errNotLoaded); !ok {
		t.Errorf("got %v, want a skip: this is %s", err, runtime.Version())
	}
}

// addModule puts a module of one file into a file-system module proxy.
func addModule(t *testing.T, proxy, path, version, file, text string) {
	t.Helper()
	dir := filepath.Join(proxy, filepath.FromSlash(path), "@v")
	gomod := "module " + path + "\n\ngo 1.26.0\n"
	var buf bytes.Buffer
	zw := zip.NewWriter(&buf)
	for name, content := range map[string]string{"go.mod": gomod, file: text} {
		w, err := zw.Create(path + "@" + version + "/" + name)
		if err == nil {
			_, err = w.Write([]byte(content))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := zw.Close(); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, version+".zip"), buf.String())
	write(t, filepath.Join(dir, version+".mod"), gomod)
	write(t, filepath.Join(dir, version+".info"), fmt.Sprintf(`{"Version":%q,"Time":"2026-01-01T00:00:00Z"}`, version))
}

// useProxy has the go command use nothing but the proxy at dir, and a
// module cache of the test's own.
func useProxy(t *testing.T, dir string) {
	t.Helper()
	cache := t.TempDir()
	t.Setenv("GOPROXY", "file://"+filepath.ToSlash(dir))
	t.Setenv("GOSUMDB", "off")
	t.Setenv("GONOPROXY", "none")
	t.Setenv("GOMODCACHE", cache)
	t.Setenv("CORPUS_FAKE_HEAPVET", "1")
	t.Cleanup(func() {
		// The go command makes its module cache read-only.
		cmd := exec.Command("go", "clean", "-modcache")
		cmd.Env = append(os.Environ(), "GOMODCACHE="+cache)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("removing the module cache: %v\n%s", err, out)
		}
	})
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
