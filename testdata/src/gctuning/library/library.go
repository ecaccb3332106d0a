// Package library has no root: what its exported API costs is advice.
package library

import (
	"runtime"
	"runtime/debug"
)

func Upload(data []byte) {
	buf := make([]byte, len(data))
	defer debug.FreeOSMemory() // want `debug.FreeOSMemory on every request .* \[advice\]`
	copy(buf, data)
}

// Off turns the collector off for good.
func Off() {
	debug.SetGCPercent(-1) // want `debug.SetGCPercent\(-1\) turns the collector off and nothing sets a memory limit.* \[advice\]`
}

// BenchmarkUpload measures.
func BenchmarkUpload() {
	runtime.GC() // not reported: benchmark code
}
