package modpath_test

import (
	"testing"

	"github.com/heapvet/heapvet/passes/internal/modpath"
)

func TestVersionless(t *testing.T) {
	for path, want := range map[string]string{
		"github.com/uber-go/tally/v4":             "github.com/uber-go/tally",
		"github.com/DataDog/datadog-go/v5/statsd": "github.com/DataDog/datadog-go/statsd",
		"go.opentelemetry.io/otel/metric":         "go.opentelemetry.io/otel/metric",
		"example.com/v/vet/v1beta1":               "example.com/v/vet/v1beta1",
		"net/http":                                "net/http",
	} {
		if got := modpath.Versionless(path); got != want {
			t.Errorf("Versionless(%q) = %q, want %q", path, got, want)
		}
	}
}
