package main

import (
	"os"
	"syscall"
)

// maxRSS returns the resident set, in bytes, of the largest process that
// ps stands for.
func maxRSS(ps *os.ProcessState) int64 {
	usage, ok := ps.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	return usage.Maxrss << 10 // the kernel counts in KiB
}
