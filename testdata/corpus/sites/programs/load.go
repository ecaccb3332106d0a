//go:build ignore

// The half of a loaded program that is the same for all: it sends requests
// and writes the program's allocation profile in between.
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A request is one request of the load. With do, that is called instead.
type request struct {
	method, path, body string
	header             map[string]string
	do                 func(host string) error
}

// main takes the number of requests and the folder for the profiles.
func main() {
	if err := load(os.Args[1], os.Args[2]); err != nil {
		log.Fatal(err)
	}
}

func load(count, dir string) error {
	n, err := strconv.Atoi(count)
	if err != nil {
		return err
	}
	base, err := start(dir)
	if err != nil {
		return fmt.Errorf("starting the program: %w", err)
	}
	all := requests()
	statuses := make(map[int]int)
	send := func(n int) error {
		for i := range n {
			rq := all[i%len(all)]
			status, err := rq.send(base)
			if err != nil {
				return fmt.Errorf("%s %s: %w", rq.method, rq.path, err)
			}
			statuses[status]++
		}
		return nil
	}
	if err := send(len(all)); err != nil { // what is built once is built here
		return err
	}
	debug.SetGCPercent(-1) // pools stay filled while requests are sent
	debug.SetMemoryLimit(4 << 30)
	for _, step := range []struct {
		name     string
		requests int
	}{{"none", 0}, {"once", n}, {"thrice", 2 * n}} {
		clear(statuses)
		if err := send(step.requests); err != nil {
			return err
		}
		if err := writeProfile(filepath.Join(dir, step.name)); err != nil {
			return err
		}
	}
	for _, status := range slices.Sorted(maps.Keys(statuses)) {
		fmt.Fprintf(os.Stderr, "%d requests: status %d\n", statuses[status], status)
	}
	return nil
}

// send sends the request and reads the answer to its end.
func (rq request) send(base string) (status int, err error) {
	if rq.do != nil {
		return 0, rq.do(strings.TrimPrefix(base, "http://"))
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, rq.method, base+rq.path, strings.NewReader(rq.body))
	if err != nil {
		return 0, err
	}
	for key, value := range rq.header {
		req.Header.Set(key, value)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	_, err = io.Copy(io.Discard, resp.Body)
	return resp.StatusCode, err
}

// writeProfile writes the allocations so far to file, in readable form. It
// empties all pools.
func writeProfile(file string) error {
	for range 3 {
		runtime.GC() // the profile lags by up to two collections
	}
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	if err := pprof.Lookup("allocs").WriteTo(f, 1); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}
