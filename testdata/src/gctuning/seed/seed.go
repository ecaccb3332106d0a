// want package:"serves"

// Package main is the program of the seed story: a server that grew until
// it was killed, and what its author tried against that.
package main

import (
	"fmt"
	"log"
	"net/http"
	"runtime"
	"runtime/debug"
	"time"
)

func main() { // want `server main sets no memory limit: unless GOMEMLIMIT is set where it runs, the collector does not know how much memory there is; call debug.SetMemoryLimit with about 90 % of it`
	debug.SetGCPercent(50) // want `debug.SetGCPercent\(50\) collects when the heap has grown by 50 % since the last collection, it bounds nothing and costs CPU; set GOMEMLIMIT or debug.SetMemoryLimit instead`
	go tidy()
	go watch()
	http.HandleFunc("/", handle)
	http.HandleFunc(under(stacksPath), running)
	http.HandleFunc(under(tasksPath), tasks)
	http.Handle("/metrics/alloc_bytes", http.HandlerFunc(allocated))
	log.Fatal(http.ListenAndServe(":8080", nil))
}

// tidy was to give memory back.
func tidy() {
	ticker := time.NewTicker(time.Minute)
	for range ticker.C {
		debug.FreeOSMemory() // want `debug.FreeOSMemory in a timed loop collects the whole heap, then returns pages that the next requests fault in again: remove it, set GOMEMLIMIT or debug.SetMemoryLimit to about 90 % of the memory there is`
	}
}

// watch was to show where memory goes.
func watch() {
	for {
		printStats()
		time.Sleep(10 * time.Second)
	}
}

func printStats() {
	var m runtime.MemStats
	runtime.ReadMemStats(&m) // want `runtime.ReadMemStats in a timed loop stops the world: read the same numbers with runtime/metrics.Read, which does not`
	fmt.Println("heap", m.HeapAlloc)
}

func handle(w http.ResponseWriter, r *http.Request) {
	defer func() {
		if v := recover(); v != nil {
			log.Printf("%v\n%s", v, debug.Stack()) // not reported: in a panic
		}
	}()
	fmt.Fprintln(w, "hello")
	runtime.GC() // want `runtime.GC on every request forces a full collection while everybody waits for the CPU: .* \(handle\)`
}

// Asked for now and then.
func allocated(w http.ResponseWriter, r *http.Request) {
	var m runtime.MemStats
	runtime.ReadMemStats(&m) // want `runtime.ReadMemStats on every request stops the world.* \[advice\]`
	fmt.Fprintln(w, m.HeapInuse)
}

const (
	stacksPath = "/stacksz"
	tasksPath  = "/tasksz"
)

func under(path string) string { return "/v1" + path }

// What the route is there for.
func running(w http.ResponseWriter, r *http.Request) {
	buf := make([]byte, 1<<20)
	w.Write(buf[:runtime.Stack(buf, true)]) // not reported: the route asks for it
}

func tasks(w http.ResponseWriter, r *http.Request) {
	buf := make([]byte, 1<<20)
	w.Write(buf[:runtime.Stack(buf, true)]) // want `runtime.Stack on every request with all goroutines stops the world`
	w.Write(stackText(buf))
}

// The name says what it does, not that the request asks for it.
func stackText(buf []byte) []byte {
	return buf[:runtime.Stack(buf, true)] // want `runtime.Stack on every request with all goroutines .*\(tasks -> stackText\)`
}
