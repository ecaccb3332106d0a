// Package server holds handlers of net/http and what they call. The test's
// analyzer reports every function that is not cold, with its chain, and the
// heat of every call of probe.
package server

import (
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net/http"
	"net/http/httputil"
	"sort"
	"strings"
	"sync"
	"testing"
)

func probe() {} // want `warm: net/http handler: branches -> probe`

// A handler is known by its signature, registered or not.
func branches(w http.ResponseWriter, r *http.Request) { // want `hot: net/http handler: branches`
	probe() // want `at hot`
	id, err := parse(r.URL.Path)
	if err != nil {
		probe() // want `at cold: on failure only`
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if id == "" {
		w.WriteHeader(http.StatusNotFound)
		probe() // want `at cold: on failure only`
		return
	}
	if id == "x" {
		w.WriteHeader(http.StatusNoContent)
		probe() // want `at hot`
		return
	}
	for range 3 {
		probe() // want `at hot loop=1`
		for i := range id {
			if _, err := parse(id[i:]); err != nil {
				probe()  // want `at hot loop=2`
				continue // handled: the loop goes on
			}
		}
	}
	if slog.Default().Enabled(r.Context(), slog.LevelDebug) {
		probe() // want `at hot guarded`
	}
	if !slog.Default().Enabled(r.Context(), slog.LevelDebug) {
		probe() // want `at hot`
	}
	fmt.Fprint(w, id)
}

// A near miss: one parameter more than a handler has.
func almost(w http.ResponseWriter, r *http.Request, id string) { probe() } // want `at cold: no request reaches it`

// Another: the request by value.
func byValue(w http.ResponseWriter, r http.Request) { probe() } // want `at cold: no request reaches it`

func parse(path string) (string, error) { // want `hot: net/http handler: branches -> parse`
	if len(path) > 10 {
		probe() // want `at cold: on failure only`
		return "", errors.New("too long")
	}
	if strings.Contains(path, "..") {
		return "", failure(path)
	}
	v, err := strings.CutPrefix(path, "/")
	if !err {
		probe() // want `at hot`
		return v, nil
	}
	return v, nil
}

// Only failing calls: cold, and says so.
func failure(path string) error {
	probe() // want `at cold: called on failure only`
	return fmt.Errorf("bad path %q", path)
}

func wrapped(w http.ResponseWriter, r *http.Request) { // want `hot: net/http handler: wrapped`
	if err := named(r.URL.Path); err != nil {
		log.Panicf("%s %v", "", err)
	}
	must(r.URL.Path)
}

func named(s string) (err error) { // want `hot: net/http handler: wrapped -> named`
	defer func() { probe() }() // want `hot: net/http handler: wrapped -> named -> named.func1` `at hot`
	if s == "" {
		probe() // want `at cold: on failure only`
		err = errBad
		return err
	}
	if _, err := parse(s); err != nil {
		probe() // want `at cold: on failure only`
		return fmt.Errorf("naming %q: %w", s, err)
	}
	if s == "tail" {
		probe() // want `at hot`
		return maybe(s)
	}
	probe() // want `at hot`
	return nil
}

var errBad = errors.New("bad")

func maybe(s string) error { // want `hot: net/http handler: portOf -> maybe`
	if s == "a" {
		return errBad
	}
	return nil
}

func must(s string) { // want `hot: net/http handler: wrapped -> must`
	if s == "" {
		probe() // want `at cold: on failure only`
		panic("empty")
	}
}

// Middleware: what it returns is hot, the rest is set-up.
func logged(next http.Handler) http.Handler {
	probe()                                                                // want `at cold: no request reaches it`
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { // want `hot: net/http handler: logged.func1`
		probe() // want `at hot`
		next.ServeHTTP(w, r)
	})
}

type app struct {
	mu    sync.Mutex
	once  sync.Once
	store store
	names []string
}

func (a *app) ServeHTTP(w http.ResponseWriter, r *http.Request) { // want `hot: net/http handler: \(\*app\).ServeHTTP`
	a.once.Do(func() { probe() }) // want `at cold: runs once`
	a.store.get("x")
	go a.work()
	visit(a.each)
	sort.Sort(byName(a.names))
	fmt.Fprint(w, level(3))
	if table == nil {
		probe() // want `at cold: initialises once`
		table = fill()
	}
	io.Copy(w, body("x"))
	generic(1)
	lookup := func() { probe() } // want `hot: net/http handler: \(\*app\).ServeHTTP -> \(\*app\).ServeHTTP.func2` `at hot`
	lookup()
	for v := range count(3) {
		_ = v
		probe() // want `at hot loop=1`
	}
}

var table map[string]int

func fill() map[string]int {
	probe() // want `at cold: initialises once`
	return map[string]int{}
}

// Reached through an interface.
type store interface{ get(key string) string }

type memory struct{}

func (memory) get(key string) string { // want `hot: net/http handler: \(\*app\).ServeHTTP -> memory.get`
	probe() // want `at hot`
	return key
}

// No value of this type ever gets into a store.
type unused struct{}

func (unused) get(key string) string { return key }

func (a *app) work()         { probe() } // want `hot: net/http handler: \(\*app\).ServeHTTP -> \(\*app\).work` `at hot`
func (a *app) each(s string) {}          // want `hot: net/http handler: \(\*app\).ServeHTTP -> \(\*app\).each`

func visit(f func(string)) { f("x") } // want `hot: net/http handler: \(\*app\).ServeHTTP -> visit`

// Values that a handler hands to another package are called back by it.
type byName []string

func (b byName) Len() int           { return len(b) }           // want `hot: net/http handler: \(\*app\).ServeHTTP -> byName.Len`
func (b byName) Less(i, j int) bool { return b[i] < b[j] }      // want `hot: net/http handler: \(\*app\).ServeHTTP -> byName.Less`
func (b byName) Swap(i, j int)      { b[i], b[j] = b[j], b[i] } // want `hot: net/http handler: \(\*app\).ServeHTTP -> byName.Swap`
func (b byName) Last() string       { return b[len(b)-1] }

type level int

func (l level) String() string { return "level" } // want `hot: net/http handler: \(\*app\).ServeHTTP -> level.String`

type reader struct{ s string }

func (r *reader) Read(p []byte) (int, error) { return 0, io.EOF } // want `hot: net/http handler: \(\*app\).ServeHTTP -> \(\*reader\).Read`

func body(s string) io.Reader { return &reader{s} } // want `hot: net/http handler: \(\*app\).ServeHTTP -> body`

// Instances belong to their declaration.
func generic[T any](v T) T { // want `hot: net/http handler: \(\*app\).ServeHTTP -> generic`
	probe() // want `at hot`
	return v
}

func count(n int) func(yield func(int) bool) { // want `hot: net/http handler: \(\*app\).ServeHTTP -> count`
	return func(yield func(int) bool) { // want `hot: net/http handler: \(\*app\).ServeHTTP -> count.func1`
		for i := range n {
			if !yield(i) {
				return
			}
		}
	}
}

// Administrative handlers.
func adminUsers(w http.ResponseWriter, r *http.Request) { probe() } // want `at cold: administrative, by its name or path`

func healthz(w http.ResponseWriter, r *http.Request) { probe() } // want `warm: net/http handler: healthz` `at warm`

// A word in a name never makes a root.
func adminHot(id string) { probe() } // want `at cold: no request reaches it`

//heapvet:hot
func marked(s string) { // want `hot: //heapvet:hot: marked`
	probe() // want `at hot`
	closed()
}

//heapvet:cold
func closed() { probe() } // want `at cold: //heapvet:cold`

//heapvet:cold
type report struct{}

func (report) ServeHTTP(w http.ResponseWriter, r *http.Request) { probe() } // want `at cold: //heapvet:cold`

type transport struct{}

func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) { return nil, nil } // want `hot: net/http round tripper: \(\*transport\).RoundTrip`

// Set-up registers; what it calls on its way is set-up, unless requests
// need it too.
func routes(mux *http.ServeMux) {
	probe() // want `at cold: set-up`
	mux.Handle("/", &app{store: memory{}})
	mux.HandleFunc("/w", wrapped)
	mux.HandleFunc("/debug/vars", func(w http.ResponseWriter, r *http.Request) { probe() }) // want `at cold: administrative, by its name or path`
	proxy := &httputil.ReverseProxy{
		ModifyResponse: func(r *http.Response) error { probe(); return nil }, // want `hot: reverse proxy hook: routes.func2` `at hot`
	}
	mux.Handle("/proxy", logged(proxy))
}

func init() {
	probe() // want `at cold: runs once, at start`
}

func guardedReturn(w http.ResponseWriter, r *http.Request) { // want `hot: net/http handler: guardedReturn`
	switch {
	case r.Method == "PUT":
		respond(w, http.StatusInternalServerError)
		probe() // want `at cold: on failure only`
	case r.Method == "GET":
		respond(w, http.StatusOK)
		probe() // want `at hot`
	default:
		// 404 is no status here.
		pad(w, 404)
		probe() // want `at hot`
	}
}

func respond(w http.ResponseWriter, status int) {} // want `hot: net/http handler: guardedReturn -> respond`
func pad(w http.ResponseWriter, width int)      {} // want `hot: net/http handler: guardedReturn -> pad`

func portOf(w http.ResponseWriter, r *http.Request) { // want `hot: net/http handler: portOf`
	fmt.Fprint(w, hostOf(r.Host), valid(r.Host))
	if err := maybe(r.Host); err == nil {
		probe() // want `at hot`
		return
	}
	probe() // want `at cold: on failure only`
}

// A fallback is no failure.
func hostOf(s string) string { // want `hot: net/http handler: portOf -> hostOf`
	host, err := parse(s)
	if err != nil {
		probe() // want `at hot`
		return s
	}
	return host
}

func valid(s string) bool { // want `hot: net/http handler: portOf -> valid`
	if _, err := parse(s); err != nil {
		probe() // want `at cold: on failure only`
		return false
	}
	return true
}

// The end of input is no failure.
type source struct{ n int }

func (s *source) Read(p []byte) (int, error) { // want `hot: net/http handler: \(\*app\).ServeHTTP -> \(\*source\).Read`
	if s.n == 0 {
		probe() // want `at hot`
		return 0, io.EOF
	}
	return 0, nil
}

func readAll(w http.ResponseWriter, r *http.Request) { // want `hot: net/http handler: readAll`
	data, err := io.ReadAll(&source{})
	if errors.Is(err, io.ErrUnexpectedEOF) {
		probe() // want `at cold: on failure only`
		return
	}
	fmt.Fprint(w, data)
}

func logs(w http.ResponseWriter, r *http.Request) { // want `hot: net/http handler: logs`
	if r.Host == "" {
		slog.Error("no host")
		probe() // want `at cold: on failure only`
		return
	}
	if r.Host == "x" {
		slog.Error("bad host, going on")
		probe() // want `at hot`
	}
	probe() // want `at hot`
}

// A page outlives requests, a view does not.
type page struct{ cache map[string]string }

type view struct{ data map[string]string }

func (p *page) ServeHTTP(w http.ResponseWriter, r *http.Request) { // want `hot: net/http handler: \(\*page\).ServeHTTP`
	if p.cache == nil {
		probe() // want `at cold: initialises once`
		p.cache = make(map[string]string)
	}
	v := &view{}
	v.show(r.Host)
}

func (v *view) show(s string) { // want `hot: net/http handler: \(\*page\).ServeHTTP -> \(\*view\).show`
	if v.data == nil {
		probe() // want `at hot`
		v.data = map[string]string{}
	}
	if v.data[s] == "" {
		probe() // want `at hot`
	}
}

// A mockUsers stands in for a server in somebody's tests.
type mockUsers struct{}

func (mockUsers) ServeHTTP(w http.ResponseWriter, r *http.Request) { probe() } // want `at cold: a test double, by its name`

// Near misses: the word is in another place, or part of another word.
func testUsers(w http.ResponseWriter, r *http.Request) { probe() } // want `hot: net/http handler: testUsers` `at hot`

type contestUsers struct{}

func (contestUsers) ServeHTTP(w http.ResponseWriter, r *http.Request) { probe() } // want `hot: net/http handler: contestUsers.ServeHTTP` `at hot`

func recovering(w http.ResponseWriter, r *http.Request) { // want `hot: net/http handler: recovering`
	defer func() { // want `hot: net/http handler: recovering -> recovering.func1`
		if err := recover(); err != nil {
			probe() // want `at cold: on failure only`
			func() { fmt.Fprint(w, err) }()
			if r.Method == "GET" {
				probe() // want `at cold: on failure only`
			}
		}
		probe() // want `at hot`
	}()
	probe() // want `at hot`
}

type reply struct{ w http.ResponseWriter }

func (rp reply) writeError(text string) { probe() } // want `at cold: replies with an error, by its name`

func (rp reply) noteFailure(text string) { probe() } // want `at cold: called on failure only`

func (rp reply) writeResult(text string) { probe() } // want `hot: net/http handler: command -> reply.writeResult` `at hot`

func (rp reply) handleError(err error) { probe() } // want `hot: net/http handler: command -> reply.handleError` `at hot`

func (rp reply) returnErr(err error) bool { return err == nil }

func command(w http.ResponseWriter, r *http.Request) { // want `hot: net/http handler: command`
	rp := reply{w}
	switch r.Method {
	case "GET":
		probe() // want `at hot`
		rp.writeResult("OK")
		return
	case "PUT":
		probe() // want `at cold: on failure only`
		rp.writeError("unknown command")
		return
	case "POST":
		probe() // want `at hot`
		_, err := parse(r.URL.Path)
		rp.handleError(err)
		return
	case "HEAD":
		rp.noteFailure("no body")
		return
	case "LIST":
		rp.writeError("expected")
		expect(rp, r.URL.Path)
	}
	probe() // want `at hot`
}

func expect(rp reply, s string) bool { // want `hot: net/http handler: command -> expect`
	if s != "" {
		probe() // want `at cold: on failure only`
		return rp.returnErr(errBad)
	}
	return true
}

// newDouble makes a server for tests of other packages.
func newDouble(t *testing.T) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		probe() // want `at cold: for tests`
	})
}

// start runs what it is handed.
func start(f func()) { // want `hot: net/http handler: starting -> start`
	go func() { // want `hot: net/http handler: starting -> start -> start.func1`
		probe() // want `at hot`
		f()
	}()
}

func startLater(f func()) { start(f) } // want `hot: net/http handler: starting -> startLater`

func starting(w http.ResponseWriter, r *http.Request) { // want `hot: net/http handler: starting`
	start(func() { // want `hot: net/http handler: starting -> starting.func1`
		probe() // want `at hot`
	})
	startLater(func() { // want `hot: net/http handler: starting -> starting.func2`
		probe() // want `at hot`
	})
}

func startBatch() {
	start(func() {
		probe() // want `at cold: no request reaches it`
	})
}
