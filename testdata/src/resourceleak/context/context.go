// Package context checks cancel functions that are kept in fields. // want package:"analysed"
package context

import (
	"context"
	"errors"
	"time"
)

type job struct {
	ctx    context.Context
	cancel context.CancelFunc
}

func (j *job) stop() { j.cancel() }

type server struct{ ctx context.Context }

func (s *server) start(name string) (*job, error) {
	ctx, cancel := context.WithCancel(s.ctx) // want `cancel is not called when name == "" \(line 23 returns first\): it stays registered with its parent; call cancel\(\) before that return \[advice\]`
	j := &job{ctx: ctx, cancel: cancel}
	if name == "" {
		return nil, errors.New("no name")
	}
	return j, nil
}

func (s *server) startChecked(name string) (*job, error) {
	ctx, cancel := context.WithCancel(s.ctx)
	j := &job{ctx: ctx, cancel: cancel}
	if name == "" {
		cancel()
		return nil, errors.New("no name")
	}
	return j, nil
}

func (s *server) startStopped(name string) (*job, error) {
	ctx, cancel := context.WithCancel(s.ctx)
	j := &job{ctx: ctx, cancel: cancel}
	if name == "" {
		j.stop()
		return nil, errors.New("no name")
	}
	return j, nil
}

// free has no parent that could keep it.
func free(name string) (*job, error) {
	ctx, cancel := context.WithCancel(context.Background())
	j := &job{ctx: ctx, cancel: cancel}
	if name == "" {
		return nil, errors.New("no name")
	}
	return j, nil
}

func timed(name string) (*job, error) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Hour) // want `cancel is not called when name == ""`
	j := &job{ctx: ctx, cancel: cancel}
	if name == "" {
		return nil, errors.New("no name")
	}
	return j, nil
}

type request struct{ ctx context.Context }

func (r *request) Context() context.Context { return r.ctx }

// ofRequest ends with the request.
func ofRequest(r *request, name string) (*job, error) {
	ctx, cancel := context.WithCancel(r.Context())
	j := &job{ctx: ctx, cancel: cancel}
	if name == "" {
		return nil, errors.New("no name")
	}
	return j, nil
}

// ticks is no leak since Go 1.23.
func ticks(n int) {
	t := time.NewTicker(time.Second)
	for range n {
		<-t.C
	}
}
