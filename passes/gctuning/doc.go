// Package gctuning finds calls that tune or question the garbage collector
// from code that runs again and again, and says what to set instead.
//
// # Analyzer gctuning
//
// gctuning: find calls to the garbage collector in per-request or timed code
//
// A service that grows until it is killed invites a wrong cure: a timer
// that calls debug.FreeOSMemory, a loop that prints runtime.ReadMemStats,
// a smaller GC percentage. None of them bounds anything. For each such
// call the check says what it costs and what to do instead:
//
//	func tidy() {
//		for range time.Tick(time.Minute) {
//			debug.FreeOSMemory() // debug.FreeOSMemory in a timed loop collects the whole heap, ...
//		}
//	}
//
// What the calls do, after the documentation of Go 1.26:
//
//   - debug.SetGCPercent(p) sets how much may be allocated, relative to the
//     live heap that the last collection left, before the next collection
//     starts ([debug.SetGCPercent]; the guide adds stacks and globals to
//     that base, see [Guide]). With 50 and 100 MB alive a collection starts at
//     about 150 MB; with 4 GB alive at about 6 GB. It is no share of the
//     memory that is free or installed, and it bounds nothing. -1 turns
//     collections off unless a memory limit is reached.
//   - debug.FreeOSMemory forces a collection and then tries to return
//     as much memory to the operating system as possible. The runtime
//     returns memory in the background by itself ([debug.FreeOSMemory]).
//     What it returned must be faulted in again, page by page, by the
//     next requests. What is still referenced it cannot free: against a
//     leak it does nothing.
//   - runtime.GC runs a collection and blocks its caller until that is
//     complete; it may block the whole program ([runtime.GC]).
//   - runtime.ReadMemStats stops all goroutines while it gathers its
//     numbers (stopTheWorld in the runtime's mstats.go). [metrics.Read] gives
//     the same numbers without that. runtime.Stack with all set stops
//     the world too.
//   - GOMEMLIMIT, or [debug.SetMemoryLimit] once in main, is what tells the
//     runtime how much memory there is: the collector works harder, and
//     returns memory sooner, only as that limit comes near. It is a soft
//     limit on what the runtime itself maps: leave headroom of 5 to 10 %
//     for the binary, cgo, the kernel's buffers ([Guide], "Suggested uses").
//     A limit does not mend a leak: near it the collector runs all the time.
//
// Reported: FreeOSMemory, GC and ReadMemStats, runtime.Stack of all
// goroutines, SetGCPercent and SetMemoryLimit in code that runs per request;
// FreeOSMemory, GC and SetGCPercent in loops that wait for a timer and in
// what these call; SetGCPercent(-1) in a server without a memory limit.
//
// Tier advice: ReadMemStats in timed loops and in handlers whose name or
// route speaks of metrics, statistics or health (the cost is small at an
// interval of seconds), debug.Stack outside of recovering code, a constant
// percentage below 100 without a memory limit, a server's main that sets
// no memory limit, and all of the above where the only reason to think the
// code hot is that a library exports it.
//
// Exempt is code whose purpose this is: names of packages, files,
// functions and routes with words such as debug, pprof, admin, test,
// bench and profile, functions that write a profile, and what runs only if
// an unexported variable is true that only tests set; for runtime.Stack
// of all goroutines also handlers whose name or route says stack,
// goroutine, trace or dump.
//
// Limits: whether GOMEMLIMIT is set where the program runs cannot be seen.
// A limit set in another package of the module is known only to the
// packages that import that one.
//
// [Guide]: https://go.dev/doc/gc-guide
// [debug.SetGCPercent]: https://pkg.go.dev/runtime/debug#SetGCPercent
// [debug.FreeOSMemory]: https://pkg.go.dev/runtime/debug#FreeOSMemory
// [debug.SetMemoryLimit]: https://pkg.go.dev/runtime/debug#SetMemoryLimit
// [runtime.GC]: https://pkg.go.dev/runtime#GC
// [metrics.Read]: https://pkg.go.dev/runtime/metrics#Read
package gctuning
