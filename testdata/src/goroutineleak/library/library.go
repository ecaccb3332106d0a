// Package library has no request: what its API leaves behind is advice.
package library

import (
	"errors"
	"sync"
	"time"
)

// Cache drops old entries.
type Cache struct {
	done    chan struct{}
	entries map[string]int
}

// NewCache returns a cache with a goroutine that nothing ends.
func NewCache() *Cache {
	c := &Cache{done: make(chan struct{}), entries: make(map[string]int)}
	go c.expire()
	return c
}

func (c *Cache) expire() {
	ticker := time.NewTicker(time.Minute)
	for {
		select {
		case <-ticker.C:
		case <-c.done: // want `goroutine \(\*Cache\).expire never ends: its way out is channel "c.done", which nothing closes or sends on \(each such call leaves a goroutine, at least 2 kB, behind\) \[advice\]`
			return
		}
	}
}

// Closing is like Cache, with a Close.
type Closing struct{ done chan struct{} }

// NewClosing returns one.
func NewClosing() *Closing {
	c := &Closing{done: make(chan struct{})}
	go c.expire()
	return c
}

func (c *Closing) expire() {
	ticker := time.NewTicker(time.Minute)
	for {
		select {
		case <-ticker.C:
		case <-c.done: // not reported: Close closes it
			return
		}
	}
}

// Close ends the goroutine.
func (c *Closing) Close() { close(c.done) }

// Open has a channel that importers may close.
type Open struct{ Done chan struct{} }

// NewOpen returns one.
func NewOpen() *Open {
	o := &Open{Done: make(chan struct{})}
	go func() {
		<-o.Done // not reported: importers see it
	}()
	return o
}

// Server serves.
type Server struct{ errs chan error }

// NewServer returns one.
func NewServer() *Server {
	errs := make(chan error) // want `channel "errs" has no capacity: of the goroutines that send on it \(such as in line 83\) all but the first block for ever, because \(\*Server\).Start receives once and returns \(line 93\); make room for all of them or select on a done channel beside the send \(each such call leaves a goroutine, at least 2 kB, behind\) \[advice\]`
	return &Server{errs: errs}
}

// Start starts parts and waits for the first to fail.
func (s *Server) Start(quit <-chan struct{}) error {
	go func() {
		if err := listen(); err != nil {
			s.errs <- err
		}
	}()
	go func() {
		if err := listen(); err != nil {
			s.errs <- err
		}
	}()
	select {
	case <-quit:
		return nil
	case err := <-s.errs:
		return err
	}
}

func listen() error { return errors.New("no") }

// Pool has workers.
type Pool struct{ jobs chan func() }

// NewPool forgets the workers when it fails.
func NewPool(n int) (*Pool, error) {
	p := &Pool{jobs: make(chan func())}
	p.start() // want `goroutine \(\*Pool\).start.func1, started here, is left behind when NewPool fails in line 109: nothing on that way stops it`
	if err := listen(); err != nil {
		return nil, err
	}
	return p, nil
}

// OpenPool stops them.
func OpenPool(n int) (*Pool, error) {
	p := &Pool{jobs: make(chan func())}
	p.start() // not reported: closed below
	if err := listen(); err != nil {
		p.Close()
		return nil, err
	}
	return p, nil
}

func (p *Pool) start() {
	go func() {
		for job := range p.jobs {
			job()
		}
	}()
}

// Do does a job.
func (p *Pool) Do(job func()) { p.jobs <- job }

// Close ends the workers.
func (p *Pool) Close() { close(p.jobs) }

// Try gives up after a second.
func Try(f func() error) error {
	done := make(chan error)
	go func() {
		done <- f() // want `send on channel "done" blocks for ever when Try returns in line 149.*\[advice\]`
	}()
	select {
	case err := <-done:
		return err
	case <-time.After(time.Second):
		return errors.New("late")
	}
}

// Part is stopped once.
type Part struct{ stop sync.Once }

// Stop stops it, each Part once.
func (p *Part) Stop() (err error) {
	p.stop.Do(func() {
		done := make(chan error)
		go func() {
			done <- listen() // want `send on channel "done" blocks for ever when \(\*Part\).Stop.func1 returns in line 167`
		}()
		select {
		case err = <-done:
		case <-time.After(time.Second):
		}
	})
	return err
}
