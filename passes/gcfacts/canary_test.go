package gcfacts

import "testing"

func TestCanary(t *testing.T) {
	if err := NewCanary("", nil).Check(t.Context()); err != nil {
		t.Error(err)
	}
}
