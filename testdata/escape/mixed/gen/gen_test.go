package gen

import "testing"

func TestPtr(t *testing.T) {
	n := t.Name()
	if *Ptr(n) != n {
		t.Error(n)
	}
}
