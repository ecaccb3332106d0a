// Package values has values that are sorted, compared, hashed and timed,
// each beside a near miss.
package values

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io"
	"net"
	"net/http"
	"reflect"
	"sort"
	"sync"
	"sync/atomic"
	"time"
)

//heapvet:hot
func sorts(xs []int, names []string) {
	sort.Slice(xs, func(i, j int) bool { return xs[i] > xs[j] }) // want `sort.Slice makes a function that swaps by reflection: use slices.SortFunc \(measured: 2 allocations, 56 B; hot: //heapvet:hot sorts\)`
	sort.Strings(names)                                          // not reported: no reflection
}

type notFound struct{ name string }

func (e *notFound) Error() string { return e.name }

//heapvet:hot
func status(err error) int {
	code := 200
	var missing *notFound
	if errors.As(err, &missing) { // want `errors.As moves its target "missing" to the heap: use errors.AsType \(compiler: heap, 8 B; hot: `
		code = len(missing.name)
	}
	return code
}

//heapvet:hot
func target(err error, missing **notFound) bool {
	return errors.As(err, missing) // not reported: the caller's
}

//heapvet:hot
func sum(text []byte, more []byte) (string, []byte) {
	h := sha256.New()
	h.Write(text)
	key := hex.EncodeToString(h.Sum(nil)) // want `h.Sum\(nil\) of one text makes a slice: use sha256.Sum256 \(measured: 1 allocation, 32 B; hot: `
	two := sha256.New()
	two.Write(text)
	two.Write(more)
	key += hex.EncodeToString(two.Sum(nil)) // not reported: two texts
	kept := sha256.New()
	kept.Write(text)
	return key, kept.Sum(nil) // not reported: the sum is kept
}

type point struct{ X, Y int32 }

//heapvet:hot
func numbers(r io.Reader, w io.Writer, n uint64, p *point, b []byte) {
	binary.Write(w, binary.BigEndian, n) // want `binary.Write boxes a number: append to a slice with its byte order's methods \(measured: 1 allocation, 8 B; hot: `
	binary.Read(r, binary.BigEndian, &n) // want `binary.Read boxes a number: read bytes and decode them with its byte order's methods \(measured: 2 allocations, 56 B; hot: `
	binary.Write(w, binary.BigEndian, p) // want `binary.Write goes through a struct by reflection: append to a slice with its byte order's methods .*\[advice\]`
	binary.BigEndian.PutUint64(b, n)     // not reported: as proposed
}

var byAddr map[string]bool

//heapvet:hot
func trusted(ip net.IP) bool {
	if len(byAddr) > 0 {
		if byAddr[ip.String()] { // not reported: only where there are any
			return true
		}
	}
	return byAddr[ip.String()] // want `ip.String\(\) makes a text for a look-up in byAddr: use netip.Addr keys, or look first whether the map has any \(measured: 1 allocation, 16 B; hot: .*\) \[advice\]`
}

//heapvet:hot
func reflects(a, b []int, m, n []any) bool {
	v := reflect.New(reflect.TypeFor[int]())       // want `reflect.New makes a value of a type that is known here: make it without reflection .*\[advice\]`
	_ = reflect.New(reflect.TypeOf(a[0:]).Elem())  // not reported: as in code for any type
	return v.IsNil() || reflect.DeepEqual(a, b) || // want `reflect.DeepEqual boxes what it compares: use slices.Equal, to which nil and empty are equal \(measured: 2 allocations, 48 B; hot: `
		reflect.DeepEqual(m, n) // not reported: of anything
}

//heapvet:hot
func wait(in chan int, done chan bool) {
	for {
		select {
		case <-in:
		case <-done:
			return
		case <-time.After(time.Second): // want `time.After makes a timer and its channel on every call: make one before the loop and Reset it \(measured: 3 allocations, 248 B, in a loop; hot: `
		}
	}
}

//heapvet:hot
func poll(ready func() bool, done chan bool) {
	for !ready() {
		select {
		case <-time.After(time.Second): // want `time.After makes a timer and its channel on every call: keep timers in a pool and Reset them .*\[advice\]`
		case <-done:
			return
		}
	}
}

//heapvet:hot
func waitOnce(in chan int) {
	t := time.NewTimer(time.Second) // not reported: hotinit tells of it
	defer t.Stop()
	select {
	case <-in:
	case <-t.C:
	}
}

//heapvet:hot
func waitEach(in chan int, n int) {
	for range n {
		t := time.NewTimer(time.Second) // want `time.NewTimer makes a timer and its channel on every call: make one before the loop and Reset it \(measured: 3 allocations, 248 B, in a loop; hot: //heapvet:hot waitEach\)$`
		select {
		case <-in:
			t.Stop()
		case <-t.C:
		}
	}
}

//heapvet:hot
func tryFirst(in chan int, n int) {
	for range n {
		select {
		case <-in:
		default:
			t := time.NewTimer(time.Second) // not reported: only if nothing is there
			select {
			case <-in:
				t.Stop()
			case <-t.C:
			}
		}
	}
}

func wrap(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { h.ServeHTTP(w, r) })
}

var base, wrapped http.Handler

func serve(w http.ResponseWriter, r *http.Request) {
	once := sync.OnceValue(func() int { return len(r.Host) }) // want `sync.OnceValue is made on every call, so that it runs each time: keep it in a package variable or a field \(measured: 1 allocation, 48 B; hot: `
	if once() > 0 {
		wrap(base).ServeHTTP(w, r) // want `wrap wraps a handler on every request: wrap it once, at set-up \(measured: 1 allocation, 24 B; hot: .*\) \[advice\]`
	}
	wrapped.ServeHTTP(w, r) // not reported: wrapped at set-up
}

func routes(mux *http.ServeMux) { mux.HandleFunc("/", serve) }

var current atomic.Value

//heapvet:hot
func store(p *point) {
	current.Store(*p) // want `value "\*p" is boxed for atomic.Value.Store: use an atomic.Pointer \(compiler: heap, 8 B; hot: .*\) \[advice\]`
	current.Store(p)  // not reported: a pointer is no allocation
}

type state struct{ n int }

var states = sync.Pool{New: func() any { return new(state) }}

type stateKey struct{}

type textKey string

//heapvet:hot
func contexts(ctx context.Context, name string) (context.Context, any) {
	s := states.Get().(*state)
	ctx = context.WithValue(ctx, stateKey{}, s)   // want `context.WithValue makes a context on every call for "s", which comes from a pool: let its type be the context \(measured: 1 allocation, 48 B; hot: .*\) \[advice\]`
	ctx = context.WithValue(ctx, stateKey{}, ctx) // not reported: no pool
	return ctx, ctx.Value(textKey(name))          // want `context key textKey\(name\) is a text that is boxed on every call: use a constant, or a struct type without fields \(compiler: heap, 16 B; hot: .*\) \[advice\]`
}

func cold(xs []int) {
	sort.Slice(xs, func(i, j int) bool { return xs[i] > xs[j] })
}
