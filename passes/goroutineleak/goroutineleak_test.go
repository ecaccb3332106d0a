package goroutineleak_test

import (
	"testing"

	"github.com/heapvet/heapvet/analysistest"
)

func Test(t *testing.T) {
	analysistest.Run(t, "goroutineleak", "leaks", "library", "once", "silent")
}

func TestFix(t *testing.T) {
	analysistest.RunWithSuggestedFixes(t, "goroutineleak", "fix")
}
