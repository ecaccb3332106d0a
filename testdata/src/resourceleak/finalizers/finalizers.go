// Package finalizers checks finalizers and cleanups that cannot run. // want package:"analysed"
package finalizers

import (
	"runtime"
	"time"
)

type ticker struct {
	c    chan time.Time
	stop chan struct{}
}

func (t *ticker) run() {
	for {
		select {
		case t.c <- time.Now():
		case <-t.stop:
			return
		}
	}
}

func (t *ticker) Stop() { close(t.stop) }

func newTicker() *ticker {
	t := &ticker{c: make(chan time.Time), stop: make(chan struct{})}
	go t.run()
	runtime.SetFinalizer(t, (*ticker).Stop) // want `finalizer of t never runs: the goroutine that starts in line 28 keeps the object reachable; let that refer to an inner object, and set the finalizer on a wrapper around it`
	return t
}

// A Ticker is a wrapper that no goroutine refers to.
type Ticker struct{ *ticker }

func newWrapped() *Ticker {
	t := &ticker{c: make(chan time.Time), stop: make(chan struct{})}
	go t.run()
	w := &Ticker{t}
	runtime.SetFinalizer(w, func(w *Ticker) { w.Stop() })
	return w
}

func newLiteral() *ticker {
	t := &ticker{c: make(chan time.Time), stop: make(chan struct{})}
	runtime.AddCleanup(t, func(stop chan struct{}) { close(stop) }, t.stop) // want `cleanup of t never runs: the goroutine that starts in line 47 keeps the object reachable`
	go func() {
		for {
			t.c <- <-time.After(time.Second)
		}
	}()
	return t
}

// newShort starts a goroutine that ends.
func newShort() *ticker {
	t := &ticker{stop: make(chan struct{})}
	go t.Stop()
	runtime.SetFinalizer(t, (*ticker).Stop)
	return t
}

func (t *ticker) start() { go t.run() }

func newStarted() *ticker {
	t := &ticker{c: make(chan time.Time), stop: make(chan struct{})}
	t.start()
	runtime.SetFinalizer(t, (*ticker).Stop) // want `finalizer of t never runs: the goroutine that is started in line 67`
	return t
}

var last *ticker

func newKept() *ticker {
	t := &ticker{stop: make(chan struct{})}
	last = t
	runtime.SetFinalizer(t, (*ticker).Stop) // want `finalizer of t never runs: the package variable that is set in line 76`
	return t
}

func newCapturing() *ticker {
	t := &ticker{stop: make(chan struct{})}
	runtime.AddCleanup(t, func(int) { t.Stop() }, 0) // want `cleanup of t never runs: its function captures the object; hand it what it needs as the argument`
	return t
}
