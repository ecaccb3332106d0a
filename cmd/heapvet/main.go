// Command heapvet finds what makes a Go server's memory grow, and the heap
// allocations that its per-request code does not need.
//
// Usage:
//
//	heapvet [flags] [packages]
//	go vet -vettool=$(which heapvet) [flags] [packages]
//	heapvet explain FILE:LINE
//	heapvet hot [-counts] [packages]
//	heapvet heat [-o FILE] [packages]
//	heapvet lsp [-gopls=FILE] [arguments of gopls]
//	heapvet help [check]
//	heapvet version
//
// See heapvet help for the flags.
package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	"github.com/heapvet/heapvet/cmd/heapvet/internal/check"
	"github.com/heapvet/heapvet/cmd/heapvet/internal/explain"
	"github.com/heapvet/heapvet/cmd/heapvet/internal/heat"
	"github.com/heapvet/heapvet/cmd/heapvet/internal/hot"
	"github.com/heapvet/heapvet/cmd/heapvet/internal/lsp"
	"github.com/heapvet/heapvet/cmd/heapvet/internal/vettool"
)

func main() {
	os.Exit(run(context.Background(), os.Args[1:]))
}

// run runs the command that the arguments name and returns the exit status.
func run(ctx context.Context, args []string) int {
	if vettool.Asked(args) {
		vettool.Main(args) // which runs once per processor: memory counts
	}
	if strings.TrimSuffix(filepath.Base(os.Args[0]), ".exe") == "heapvet-gopls" {
		return lsp.Main(ctx, args) // for editors that can only name a binary
	}
	if len(args) > 0 && args[0] == "lsp" {
		return lsp.Main(ctx, args[1:])
	}
	delayCollection()
	if len(args) > 0 {
		switch args[0] {
		case "help", "-h", "-help", "--help":
			return report(check.Help(os.Stdout, args[1:]))
		case "explain":
			return report(explain.Main(ctx, args[1:], os.Stdout, os.Stderr))
		case "heat":
			return report(heat.Main(ctx, args[1:], os.Stdout, os.Stderr))
		case "hot":
			return report(hot.Main(ctx, args[1:], os.Stdout, os.Stderr))
		case "version", "-version", "--version":
			fmt.Println(version())
			return check.Clean
		}
	}
	return check.Main(ctx, args, os.Stdout, os.Stderr)
}

// report prints err, if there is one, and returns the exit status.
func report(err error) int {
	if err != nil {
		fmt.Fprintf(os.Stderr, "heapvet: %v\n", err)
		return check.Failure
	}
	return check.Clean
}

// version returns the module version that heapvet was built from and the
// toolchain that built it.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "heapvet (unknown version)"
	}
	return fmt.Sprintf("heapvet %s %s", info.Main.Version, info.GoVersion)
}
