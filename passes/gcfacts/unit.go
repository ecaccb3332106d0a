package gcfacts

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"sync"
)

// A Unit is a [Source] for go vet's -vettool protocol: it compiles the one
// package that a unit's configuration file describes with the export data
// named there. Where that is missing, it asks the go command.
type Unit struct {
	file   string
	env    []string
	once   sync.Once
	direct *Direct
	err    error
}

// NewUnit returns a Unit for the configuration in file, usually named
// vet.cfg, which is read when the package is asked for. A nil env is the
// environment of this process.
func NewUnit(file string, env []string) *Unit { return &Unit{file: file, env: env} }

// vetConfig is what we need of cmd/go's vet.cfg.
type vetConfig struct {
	Dir         string
	ImportPath  string
	GoVersion   string
	GoFiles     []string
	ImportMap   map[string]string
	PackageFile map[string]string
}

// Load implements [Source].
func (u *Unit) Load(ctx context.Context, req Request) (*Text, error) {
	u.once.Do(func() { u.direct, u.err = u.read() })
	if u.err != nil {
		return nil, u.err
	}
	text, err := u.compile(ctx, req)
	if err != nil {
		return nil, err
	}
	return text, NewCanary(u.direct.Dir, u.env).Check(ctx)
}

// compile runs the compiler itself, or else the go command.
func (u *Unit) compile(ctx context.Context, req Request) (*Text, error) {
	if u.direct.complete() == nil {
		text, err := u.direct.Load(ctx, req)
		if err == nil || ctx.Err() != nil {
			return text, err
		}
	}
	list := NewList(ListConfig{Dir: u.direct.Dir, Env: u.env})
	req.Dir = u.direct.Dir
	return list.Load(ctx, req)
}

func (u *Unit) read() (*Direct, error) {
	b, err := os.ReadFile(u.file)
	if err != nil {
		return nil, unavailableError(err)
	}
	var cfg vetConfig
	if err := json.Unmarshal(b, &cfg); err != nil {
		return nil, fmt.Errorf("compiler cross-check unavailable: reading %s: %w", u.file, err)
	}
	return &Direct{
		Path: cfg.ImportPath, Dir: cfg.Dir, GoVersion: cfg.GoVersion, Files: cfg.GoFiles,
		ImportMap: cfg.ImportMap, PackageFile: cfg.PackageFile, Env: u.env,
	}, nil
}
