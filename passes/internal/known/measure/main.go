// Command measure runs the calls of other modules that are in calls.tsv and
// rewrites what they allocate, and the versions measured:
//
//	cd passes/internal/known/measure && go run . ../calls.tsv
//
// It is a module of its own, so that heapvet does not depend on what it
// measures. TestMeasured does the same for the standard library.
package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: measure calls.tsv")
		os.Exit(2)
	}
	if err := rewrite(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "measure:", err)
		os.Exit(1)
	}
}

// rewrite measures the rows of the table in file that belong to modules.
func rewrite(file string) error {
	source, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	version, err := versions()
	if err != nil {
		return err
	}
	uses := uses()
	lines := strings.Split(string(source), "\n")
	for i, line := range lines {
		const columns = 8
		cols := strings.Split(line, "\t")
		if len(cols) != columns || strings.HasPrefix(line, "#") || !strings.Contains(cols[0], ".") {
			continue // the standard library, or no row
		}
		name := cols[0] + "." + cols[1]
		use, ok := uses[name]
		if !ok {
			return fmt.Errorf("%s: nothing here calls it", name)
		}
		delete(uses, name)
		allocs, bytes := measure(use)
		cols[4], cols[5] = strconv.FormatInt(allocs, 10), strconv.FormatInt(bytes, 10)
		if cols[6] = version(cols[0]); cols[6] == "" {
			return fmt.Errorf("%s: no module has this package", name)
		}
		lines[i] = strings.Join(cols, "\t")
	}
	for name := range uses {
		fmt.Fprintf(os.Stderr, "measure: %s is in no row\n", name)
	}
	return os.WriteFile(file, []byte(strings.Join(lines, "\n")), 0o666)
}

// versions returns a function that finds the version of the module that a
// package, by its path without major version, belongs to.
func versions() (func(pkg string) string, error) {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return nil, fmt.Errorf("this binary does not know its modules")
	}
	return func(pkg string) string {
		best, version := "", ""
		for _, dep := range info.Deps {
			path := versionless(dep.Path)
			if (pkg == path || strings.HasPrefix(pkg, path+"/")) && len(path) > len(best) {
				best, version = path, dep.Version
			}
		}
		return version
	}, nil
}

// versionless removes the elements of path that name a major version.
func versionless(path string) string {
	var kept []string
	for _, part := range strings.Split(path, "/") {
		if _, err := strconv.Atoi(strings.TrimPrefix(part, "v")); !strings.HasPrefix(part, "v") || err != nil {
			kept = append(kept, part)
		}
	}
	return strings.Join(kept, "/")
}

// measure returns the allocations and bytes of one call.
func measure(call func()) (allocs, size int64) {
	const runs = 20
	call() // fill caches
	var before, after runtime.MemStats
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	runtime.ReadMemStats(&before)
	for range runs {
		call()
	}
	runtime.ReadMemStats(&after)
	return int64(after.Mallocs-before.Mallocs) / runs, int64(after.TotalAlloc-before.TotalAlloc) / runs
}
