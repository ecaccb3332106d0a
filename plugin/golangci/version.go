package main

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime/debug"
)

const linterModule = "github.com/golangci/golangci-lint/v2"

// version returns golangci-lint's version and a hash of all that decides
// what heapvet finds in the same sources: the program exe, that is its
// checks, and the compiler with its settings. golangci-lint makes the
// version part of the key of what it caches, which knows nothing of these.
func version(ctx context.Context, exe string) (string, error) {
	hash := sha256.New()
	f, err := os.Open(exe)
	if err != nil {
		return "", fmt.Errorf("reading this program: %w", err)
	}
	defer func() { _ = f.Close() }() // it was only read
	if _, err := io.Copy(hash, f); err != nil {
		return "", fmt.Errorf("reading this program: %w", err)
	}
	hash.Write(toolchain(ctx))
	return fmt.Sprintf("%s-heapvet-%.12x", dependency(linterModule), hash.Sum(nil)), nil
}

// toolchain returns the go command's settings that change what is compiled,
// and how. There are none without a go command, and nothing to lint.
func toolchain(ctx context.Context) []byte {
	out, err := exec.CommandContext(ctx, "go", "env",
		"GOVERSION", "GOROOT", "GOOS", "GOARCH", "GOFLAGS", "GOEXPERIMENT", "CGO_ENABLED",
		"GO386", "GOAMD64", "GOARM", "GOARM64", "GOMIPS", "GOMIPS64", "GOPPC64", "GORISCV64", "GOWASM").Output()
	if err != nil {
		return nil // golangci-lint tells
	}
	return out
}

// dependency returns the version of a module that this program was built
// with.
func dependency(module string) string {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, dep := range info.Deps {
			if dep.Path == module {
				return dep.Version
			}
		}
	}
	return "unknown"
}
