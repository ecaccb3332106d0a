package main

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
)

//go:embed programs
var sources embed.FS

// A program is a real server that can be loaded.
type program struct {
	name    string
	module  string
	version string
}

func programs() []program {
	return []program{
		{"httpbin", "github.com/mccutchen/go-httpbin/v2", "v2.26.0"},
		{"caddy", "github.com/caddyserver/caddy/v2", "v2.11.9"},
		{"etcd", "go.etcd.io/etcd/server/v3", "v3.7.3"},
	}
}

// load builds the program in dir, sends it the requests, and returns what
// they allocate.
func (p program) load(ctx context.Context, dir string, requests int, stderr io.Writer) (profile, error) {
	main := filepath.Join(dir, "main")
	if err := p.write(main); err != nil {
		return nil, err
	}
	binary := filepath.Join(dir, "program")
	if _, err := command(ctx, main, nil, "go", "build", "-mod=mod", "-o", binary, "."); err != nil {
		return nil, err
	}
	profiles, err := os.MkdirTemp("", "sites")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(profiles)
	env := []string{"GODEBUG=memprofilerate=1"}
	out, err := command(ctx, profiles, env, binary, strconv.Itoa(requests), profiles)
	if err != nil {
		return nil, err
	}
	stderr.Write(out)
	var steps [3]profile
	for i, name := range []string{"none", "once", "thrice"} {
		if steps[i], err = readProfile(filepath.Join(profiles, name)); err != nil {
			return nil, err
		}
	}
	return perRequest(steps[0], steps[1], steps[2]), nil
}

// write writes the throw-away module that requires the program's.
func (p program) write(dir string) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	gomod := fmt.Sprintf("module sites\n\ngo 1.26.0\n\nrequire %s %s\n", p.module, p.version)
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte(gomod), 0o666); err != nil {
		return err
	}
	for _, name := range []string{"load.go", p.name + ".go"} {
		source, err := sources.ReadFile("programs/" + name)
		if err != nil {
			return err
		}
		source = bytes.TrimPrefix(source, []byte("//go:build ignore\n"))
		if err := os.WriteFile(filepath.Join(dir, name), source, 0o666); err != nil {
			return err
		}
	}
	return nil
}

// command runs a command in dir and returns what it prints, which is part
// of the error if it fails.
func command(ctx context.Context, dir string, env []string, name string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-buildvcs=false")
	cmd.Env = append(cmd.Env, env...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("%s: %w\n%s", filepath.Base(name), err, out)
	}
	return out, nil
}
