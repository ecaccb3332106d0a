// Package lib has no handler: it is a library.
package lib

import (
	"context"
	"sync"
)

// Ring keeps samples.
type Ring struct{ samples []sample }

type sample struct {
	mu  sync.Mutex
	ctx context.Context
}

// Offer stores a sample.
func (r *Ring) Offer(ctx context.Context, i int) {
	r.samples[i].mu.Lock()
	defer r.samples[i].mu.Unlock()
	r.samples[i].ctx = ctx // want `element of "sample.ctx" keeps a context after the request.*\[advice\]`
}

// Client has a context of its own.
type Client struct {
	ctx  context.Context
	chop func()
}

// SetContext sets it.
func (c *Client) SetContext(ctx context.Context) {
	c.ctx = ctx // not reported: a setter
}

// Wrap wraps f around what was there.
func (c *Client) Wrap(f func(func())) {
	old := c.chop
	c.chop = func() { f(old) } // not reported: an option
}

// Queue is shared.
type Queue struct {
	mu    sync.Mutex
	items []any
}

// Add adds an item.
func (q *Queue) Add(item any) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.items = append(q.items, item)
}

// Get takes the first item.
func (q *Queue) Get() any {
	q.mu.Lock()
	defer q.mu.Unlock()
	item := q.items[0]
	q.items = q.items[1:] // want `queue "Queue.items" keeps what it pops.*\[advice\]`
	return item
}
