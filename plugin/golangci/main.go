// Command golangci is golangci-lint with heapvet in it.
//
// It is used like golangci-lint, with the same commands, flags and
// configuration, in which the linter heapvet can be enabled.
package main

import (
	"context"
	"fmt"
	"os"
	"runtime"

	"github.com/golangci/golangci-lint/v2/pkg/commands"
	"github.com/golangci/golangci-lint/v2/pkg/exitcodes"

	_ "github.com/heapvet/heapvet/plugin"
)

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintf(os.Stderr, "the command is terminated due to an error: %v\n", err)
		os.Exit(exitcodes.Failure)
	}
}

func run(ctx context.Context) error {
	exe, err := os.Executable()
	if err != nil {
		return fmt.Errorf("finding this program: %w", err)
	}
	v, err := version(ctx, exe)
	if err != nil {
		return err
	}
	return commands.Execute(commands.BuildInfo{
		Version: v, GoVersion: runtime.Version(), Commit: "unknown", Date: "unknown",
	})
}
