package main

import (
	"path/filepath"
	"regexp"
	"testing"
)

// TestVersion shows that the version names golangci-lint's, and changes
// with the program and with the toolchain's settings.
func TestVersion(t *testing.T) {
	t.Setenv("GOARCH", "amd64")
	exe := filepath.Join(t.TempDir(), "exe")
	setFile(t, exe, "one")
	one := versionOf(t, exe)
	if !regexp.MustCompile(`^v2\.\d+\.\d+-heapvet-[0-9a-f]{24}$`).MatchString(one) {
		t.Errorf("version is %q", one)
	}
	if again := versionOf(t, exe); again != one {
		t.Errorf("version is %q, then %q", one, again)
	}
	setFile(t, exe, "two")
	two := versionOf(t, exe)
	if two == one {
		t.Errorf("another program has the same version %q", two)
	}
	t.Setenv("GOARCH", "arm64")
	if arm := versionOf(t, exe); arm == two {
		t.Errorf("another target has the same version %q", arm)
	}
}

func versionOf(t *testing.T, exe string) string {
	t.Helper()
	v, err := version(t.Context(), exe)
	if err != nil {
		t.Fatal(err)
	}
	return v
}
