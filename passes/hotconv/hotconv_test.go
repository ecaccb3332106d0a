package hotconv_test

import (
	"testing"

	"github.com/heapvet/heapvet/analysistest"
)

func Test(t *testing.T) { analysistest.RunWithSuggestedFixes(t, "hotconv") }
