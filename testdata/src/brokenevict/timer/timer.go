// Sweeps that wait for a timer.
package main

import (
	"context"
	"net/http"
	"time"
)

type once struct{ seen map[string]time.Time }

func (c *once) ServeHTTP(w http.ResponseWriter, r *http.Request) { c.seen[r.Host] = time.Now() }

type reset struct{ seen map[string]time.Time }

func (c *reset) ServeHTTP(w http.ResponseWriter, r *http.Request) { c.seen[r.Host] = time.Now() }

type ticked struct{ seen map[string]time.Time }

func (c *ticked) ServeHTTP(w http.ResponseWriter, r *http.Request) { c.seen[r.Host] = time.Now() }

func sweep(m map[string]time.Time) {
	for k, t := range m {
		if time.Since(t) > time.Minute {
			delete(m, k)
		}
	}
}

func (c *once) background(ctx context.Context) {
	timer := time.NewTimer(time.Minute) // want `map "once.seen" is swept once only: this timer is never reset; use time.NewTicker`
	defer timer.Stop()
	for {
		select {
		case <-timer.C:
			for k := range c.seen {
				delete(c.seen, k)
			}
		case <-ctx.Done():
			return
		}
	}
}

func (c *reset) background(ctx context.Context) {
	timer := time.NewTimer(time.Minute)
	defer timer.Stop()
	for {
		select {
		case <-timer.C:
			sweep(c.seen)
			timer.Reset(time.Minute)
		case <-ctx.Done():
			return
		}
	}
}

func (c *ticked) background(ctx context.Context) {
	ticker := time.NewTicker(time.Minute)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			sweep(c.seen)
		case <-ctx.Done():
			return
		}
	}
}

func main() {
	a, b, c := &once{}, &reset{}, &ticked{}
	go a.background(context.Background())
	go b.background(context.Background())
	go c.background(context.Background())
	http.Handle("/a", a)
	http.Handle("/b", b)
	http.Handle("/c", c)
	http.ListenAndServe(":8080", nil)
}
