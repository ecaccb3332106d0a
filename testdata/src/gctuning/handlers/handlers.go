// want package:"limits memory"

// Package handlers calls the collector from code that runs per request.
package handlers

import (
	"errors"
	"runtime"
	"runtime/debug"
)

//heapvet:hot
func serve(fail bool) error {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)      // want `runtime.ReadMemStats on every request stops the world`
	defer debug.FreeOSMemory()    // want `debug.FreeOSMemory on every request`
	old := debug.SetGCPercent(-1) // want `debug.SetGCPercent on every request changes the collector's goal for the whole process`
	debug.SetGCPercent(old)       // want `debug.SetGCPercent on every request`
	debug.SetMemoryLimit(1 << 30) // want `debug.SetMemoryLimit on every request changes the memory limit of the whole process`
	_ = debug.SetMemoryLimit(-1)  // not reported: only asks
	_ = debug.Stack()             // want `debug.Stack on every request walks and formats the whole stack: keep it for panics .*advice`
	runtime.Stack(buf[:], true)   // want `runtime.Stack on every request with all goroutines stops the world`
	runtime.Stack(buf[:], false)  // want `runtime.Stack on every request walks and formats the whole stack: keep it for panics .*advice`
	helper()
	if fail {
		debug.PrintStack() // not reported: on the way to an error
		return errors.New("failed")
	}
	return nil
}

var buf [4096]byte

func helper() {
	runtime.GC() // want `runtime.GC on every request .*\(serve -> helper\)`
	far()
}

// Of a long way the message shows the ends.
func far()     { farther() }
func farther() { farthest() }
func farthest() {
	runtime.GC() // want `runtime.GC on every request .*\(serve -> helper -> \.\.\. -> farthest\)`
}

// Once in a while is fine.
func reload() {
	runtime.GC()
	debug.FreeOSMemory()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	defer debug.SetGCPercent(debug.SetGCPercent(-1)) // not reported: turned on again
}

//heapvet:hot
func serveDebugGC() {
	runtime.GC() // not reported: a debug endpoint
}

// collects is set by tests only, strict by a flag.
var collects, strict bool

//heapvet:hot
func switched() {
	if collects {
		runtime.GC() // not reported: nothing turns it on
	}
	if strict {
		runtime.GC() // want `runtime.GC on every request`
	}
}

// Strict is called by main.
func Strict() { strict = true }
