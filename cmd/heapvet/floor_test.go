package main

import (
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	"golang.org/x/tools/go/packages"
	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/ssa/ssautil"
)

// asFloor makes the test binary load and build SSA as little as can be.
const asFloor = "HEAPVET_TEST_AS_FLOOR"

// BenchmarkFloor compares a warm run of heapvet on the module in
// HEAPVET_FLOOR_DIR with what cannot be done without: the go command
// replaying gc's text, and the module's own packages loaded from syntax,
// all else from export data, and built as SSA.
//
//	HEAPVET_FLOOR_DIR=/path/to/module go test -run=^$ -bench=Floor -benchtime=5x ./cmd/heapvet
//
// The metrics are CPU seconds of whole process trees and the resident set of
// the largest process.
func BenchmarkFloor(b *testing.B) {
	dir := os.Getenv("HEAPVET_FLOOR_DIR")
	if dir == "" {
		b.Skip("HEAPVET_FLOOR_DIR names no module")
	}
	exe, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	list := []string{"go", "list", "-e", "-export", "-gcflags=-m=2", "./..."}
	measure(b, dir, "", list...) // warms the build cache
	measure(b, dir, asHeapvet, exe, "./...")
	var floor, own time.Duration
	var rss int64
	for b.Loop() {
		replay, _ := measure(b, dir, "", list...)
		load, _ := measure(b, dir, asFloor, exe)
		cpu, size := measure(b, dir, asHeapvet, exe, "./...")
		floor += replay + load
		own += cpu
		rss = max(rss, size)
	}
	n := float64(b.N)
	b.ReportMetric(floor.Seconds()/n, "floor-cpu-s")
	b.ReportMetric(own.Seconds()/n, "heapvet-cpu-s")
	b.ReportMetric(own.Seconds()/floor.Seconds(), "ratio")
	b.ReportMetric(float64(rss)/(1<<20), "rss-MiB")
	b.ReportMetric(0, "ns/op")
}

// measure runs a command in dir and returns the CPU time and the largest
// resident set, in bytes, of it and all its children.
func measure(b *testing.B, dir, as string, args ...string) (cpu time.Duration, rss int64) {
	b.Helper()
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir = dir
	cmd.Env = os.Environ()
	if as != "" {
		cmd.Env = append(cmd.Env, as+"=1")
	}
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil || cmd.ProcessState.ExitCode() > 1 {
		b.Fatalf("running %v: %v\n%s", args, err, out[:min(len(out), 2000)])
	}
	return cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), maxRSS(cmd.ProcessState)
}

// loadFloor does what every analysis of the current directory's module
// has to.
func loadFloor() error {
	pkgs, err := packages.Load(&packages.Config{Mode: packages.LoadSyntax}, "./...")
	if err != nil {
		return fmt.Errorf("loading: %w", err)
	}
	prog, _ := ssautil.Packages(pkgs, ssa.InstantiateGenerics)
	prog.Build()
	return nil
}
