package reqflow

import "testing"

func TestOriginNames(t *testing.T) {
	for _, m := range []bits{0, request, request | few, assumed | upstream, origins} {
		if got := originsOf(m.names()); got != m {
			t.Errorf("%b is read as %b, named %q", m, got, m.names())
		}
	}
	if got := originsOf([]string{"later", "few"}); got != few {
		t.Errorf("an unknown origin makes %b", got)
	}
}
