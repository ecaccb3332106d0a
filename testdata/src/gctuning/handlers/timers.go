package handlers

import (
	"io"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"time"
)

type janitor struct {
	stop, reload chan struct{}
	timer        *time.Timer
}

func (j *janitor) run(ticker *time.Ticker) {
	for {
		select {
		case <-ticker.C:
			j.sweep()
		case <-j.reload:
			runtime.GC() // not reported: on demand
		case <-j.stop:
			return
		}
	}
}

func (j *janitor) sweep() {
	debug.FreeOSMemory() // want `debug.FreeOSMemory in a timed loop`
}

func (j *janitor) start() {
	j.timer = time.AfterFunc(time.Minute, func() {
		runtime.GC() // want `runtime.GC in a timed loop`
		j.timer.Reset(time.Minute)
	})
	time.AfterFunc(time.Minute, func() {
		runtime.GC() // not reported: runs once
	})
}

// A loop that does not wait for time, at set-up.
func settle(n int) {
	for range n {
		runtime.GC() // not reported
	}
	time.Sleep(time.Second)
}

func adjust(limit func() int64) {
	for range time.Tick(time.Minute) {
		debug.SetMemoryLimit(limit()) // not reported: follows the container's limit
		debug.SetGCPercent(75)        // want `debug.SetGCPercent in a timed loop`
	}
}

func dump(w io.Writer) {
	for range time.Tick(time.Minute) {
		runtime.GC() // not reported: the heap profile is about what a collection left
		pprof.WriteHeapProfile(w)
	}
}

func count(update func(int, uint64)) {
	threads := pprof.Lookup("threadcreate")
	for {
		var m runtime.MemStats
		runtime.ReadMemStats(&m) // want `runtime.ReadMemStats in a timed loop stops the world.* \[advice\]`
		update(threads.Count(), m.Alloc)
		time.Sleep(3 * time.Second)
	}
}
