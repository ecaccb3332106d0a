package main

import (
	"os"
	"runtime"
	"runtime/debug"
)

// firstCollection is the size that the heap, in MiB, may reach before the
// first garbage collection: little of what a load allocates is garbage, and
// collecting a small heap again and again as it grows takes a sixth of the
// CPU time of a run.
const firstCollection = 128

// delayCollection puts off the first collection. From then on the heap
// may double between collections, as is the default.
func delayCollection() {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return // the user knows better
	}
	const minHeap = 4 // MiB at GOGC=100, see the runtime's documentation of it
	before := debug.SetGCPercent(100 * firstCollection / minHeap)
	sentinel := new([16]byte) // not so small that the allocator shares its block
	runtime.SetFinalizer(sentinel, func(*[16]byte) { debug.SetGCPercent(before) })
}
