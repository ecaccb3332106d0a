// Command gopls builds a gopls with heapvet's checks in it.
//
// Usage:
//
//	go run github.com/heapvet/heapvet/plugin/gopls@latest [-o FILE]
//
// gopls takes no analyzers of others, so they are compiled in: the source
// of one release, which the go command fetches, gets one more file. The
// release is the last for Go 1.26; its analyzers live in an internal
// package, so another may not build.
//
// The checks see one package at a time and have no word of the compiler:
// findings about allocations are marked as unconfirmed. heapvet lsp, which
// stands before an unchanged gopls, has neither limit.
package main

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime/debug"
)

const (
	gopls = "golang.org/x/tools/gopls@v0.23.0"
	// tools is the version of golang.org/x/tools that this release was
	// made with. It uses internals of it, and builds with no other.
	tools = "golang.org/x/tools@v0.47.1-0.20260707181000-a299dadba899"

	heapvet = "github.com/heapvet/heapvet"
)

// source goes into the package that lists gopls's analyzers.
//
//go:embed analyzers.go.txt
var source []byte

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	out := flag.String("o", "gopls", "write the program to this `file`")
	flag.Parse()
	if flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	if err := run(ctx, *out, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "gopls:", err)
		os.Exit(1)
	}
}

// run builds the program out.
func run(ctx context.Context, out string, stderr io.Writer) error {
	out, err := filepath.Abs(out)
	if err != nil {
		return fmt.Errorf("finding %s: %w", out, err)
	}
	own, err := version()
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "heapvet-gopls")
	if err != nil {
		return fmt.Errorf("making a place to build in: %w", err)
	}
	defer os.RemoveAll(dir)
	b := builder{ctx: ctx, dir: dir, stderr: stderr}
	if err := b.copy(); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "internal", "settings", "heapvet.go"), source, 0o666); err != nil {
		return fmt.Errorf("adding the checks: %w", err)
	}
	for _, args := range [][]string{
		append([]string{"mod", "edit", "-replace=golang.org/x/tools=" + tools}, own...),
		{"mod", "tidy"},
		{"build", "-o", out, "."},
	} {
		if _, err := b.command(args...); err != nil {
			return err
		}
	}
	return nil
}

// version returns the arguments of go mod edit for the version of heapvet
// that this program is part of: that of the module, or the checkout that it
// was built in.
func version() ([]string, error) {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return nil, errors.New("this program does not know its version: build it with modules")
	}
	if info.Main.Path == heapvet && info.Main.Sum != "" {
		return []string{"-require=" + heapvet + "@" + info.Main.Version}, nil
	}
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", heapvet).Output()
	if err != nil {
		return nil, errors.New("run this program in a checkout of " + heapvet + ", or as " + heapvet + "/plugin/gopls@latest")
	}
	dir := string(bytes.TrimSpace(out))
	return []string{"-require=" + heapvet + "@v0.0.0", "-replace=" + heapvet + "=" + dir}, nil
}

// A builder runs the go command in a directory.
type builder struct {
	ctx    context.Context
	dir    string
	stderr io.Writer
}

// command runs the go command and returns what it prints.
func (b builder) command(args ...string) ([]byte, error) {
	cmd := exec.CommandContext(b.ctx, "go", args...)
	cmd.Dir = b.dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off")
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, b.stderr
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("running go %s: %w", args[0], err)
	}
	return out.Bytes(), nil
}

// copy fetches gopls's source and copies it, so that it can be changed.
func (b builder) copy() error {
	out, err := b.command("mod", "download", "-json", gopls)
	if err != nil {
		return err
	}
	var module struct{ Dir string }
	if err := json.Unmarshal(out, &module); err != nil {
		return fmt.Errorf("fetching %s: %w", gopls, err)
	}
	err = filepath.WalkDir(module.Dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(module.Dir, name)
		if err != nil {
			return err
		}
		to := filepath.Join(b.dir, rel)
		if d.IsDir() {
			return os.MkdirAll(to, 0o777)
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		return os.WriteFile(to, data, 0o666) // the module cache is read-only
	})
	if err != nil {
		return fmt.Errorf("copying gopls: %w", err)
	}
	return nil
}
