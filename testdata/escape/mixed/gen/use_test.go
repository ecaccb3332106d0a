package gen_test

import (
	"testing"

	"example.com/mixed/gen"
)

var sink *int

func TestUse(t *testing.T) { sink = gen.Ptr(len(t.Name())) }
