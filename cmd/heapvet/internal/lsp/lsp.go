// Package lsp stands between an editor and gopls, and adds heapvet's
// findings to what gopls says (Language Server Protocol, version 3.17).
package lsp

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"

	"github.com/heapvet/heapvet/passes"
)

// failed is the exit status if gopls could not be started.
const failed = 2

// Main runs heapvet lsp. The arguments are those of gopls, before which
// -gopls=FILE may name its binary. Main returns the exit status of gopls.
func Main(ctx context.Context, args []string) int {
	self, err := os.Executable()
	if err != nil {
		return fail(fmt.Errorf("finding its own binary: %w", err))
	}
	gopls, args, err := find(self, args)
	if err != nil {
		return fail(err)
	}
	child := exec.CommandContext(ctx, gopls, args...)
	child.Stderr = os.Stderr
	if serves(args) {
		return serve(ctx, child, vet{self: self}, os.Stdin, os.Stdout)
	}
	child.Stdin, child.Stdout = os.Stdin, os.Stdout
	if err := child.Start(); err != nil {
		return fail(fmt.Errorf("starting gopls: %w", err))
	}
	defer relay(child, func() {})()
	return status(child.Wait())
}

// fail prints err and returns the exit status.
func fail(err error) int {
	fmt.Fprintf(os.Stderr, "heapvet: %v\n", err)
	return failed
}

// find returns gopls's binary and its arguments. What is called gopls but
// is the program self is passed over.
func find(self string, args []string) (gopls string, rest []string, err error) {
	if len(args) > 0 {
		if name, ok := strings.CutPrefix(strings.TrimLeft(args[0], "-"), "gopls="); ok && args[0][0] == '-' {
			return name, args[1:], nil
		}
	}
	own, err := os.Stat(self)
	if err != nil {
		return "", nil, fmt.Errorf("finding its own binary: %w", err)
	}
	for _, dir := range binDirs() {
		name := filepath.Join(dir, "gopls")
		if runtime.GOOS == "windows" {
			name += ".exe"
		}
		if info, err := os.Stat(name); err == nil && !info.IsDir() && !os.SameFile(own, info) {
			return name, args, nil
		}
	}
	return "", nil, errors.New("gopls is neither on the PATH nor where go install puts it; " +
		"get it with go install golang.org/x/tools/gopls@latest, or name it with -gopls=FILE")
}

// binDirs returns where programs are: on the PATH first, then where go
// install puts them, which often is not on an editor's PATH.
func binDirs() []string {
	dirs := filepath.SplitList(os.Getenv("PATH"))
	dirs = append(dirs, os.Getenv("GOBIN"))
	for _, dir := range filepath.SplitList(os.Getenv("GOPATH")) {
		dirs = append(dirs, filepath.Join(dir, "bin"))
	}
	if home, err := os.UserHomeDir(); err == nil {
		dirs = append(dirs, filepath.Join(home, "go", "bin"))
	}
	return dirs
}

// serves reports whether gopls, given args, speaks the protocol on its
// standard input and output. If not it is left to itself.
func serves(args []string) bool {
	for _, arg := range args {
		name, _, _ := strings.Cut(strings.TrimLeft(arg, "-"), "=")
		switch {
		case !strings.HasPrefix(arg, "-"):
			if arg != "serve" {
				return false // another subcommand, or what a flag of it wants
			}
		case name == "listen" || name == "port" || name == "h" || name == "help":
			return false
		}
	}
	return true
}

// relay hands the signals that heapvet gets to child, after it has called
// told, until the function that it returns is called.
func relay(child *exec.Cmd, told func()) (stop func()) {
	signals := make(chan os.Signal, 1)
	done := make(chan struct{})
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		for {
			select {
			case s := <-signals:
				told()
				child.Process.Signal(s) // an error means that it has ended
			case <-done:
				return
			}
		}
	}()
	return func() {
		signal.Stop(signals)
		close(done)
	}
}

// status returns the exit status that a shell gives a child which has
// ended with err.
func status(err error) int {
	var exit *exec.ExitError
	if err == nil {
		return 0
	}
	if !errors.As(err, &exit) {
		return fail(fmt.Errorf("waiting for gopls: %w", err))
	}
	if ws, ok := exit.Sys().(syscall.WaitStatus); ok && ws.Signaled() {
		return 128 + int(ws.Signal())
	}
	return exit.ExitCode()
}

// pages returns the page about each check, by the check's name.
func pages() map[string]string {
	checks := make(map[string]string)
	for _, a := range passes.New(passes.Config{}) {
		checks[a.Name] = a.URL
	}
	return checks
}
