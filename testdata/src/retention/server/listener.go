package server

import (
	"net/http"
	"sync"
)

// hub drops listeners that are closed, when it next sends.
type hub struct {
	mu        sync.Mutex
	listeners []chan int
}

func (h *hub) subscribe(ch chan int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.listeners = append(h.listeners, ch)
}

func (h *hub) changed() chan int {
	ch := make(chan int)
	defer h.mu.Unlock()
	h.mu.Lock()
	h.listeners = append(h.listeners, ch)
	return ch // not reported: the caller's to keep
}

func (h *hub) send(n int) {
	for i := 0; i < len(h.listeners); i++ {
		select {
		case h.listeners[i] <- n:
		default:
			h.listeners[i] = h.listeners[len(h.listeners)-1]
			h.listeners = h.listeners[:len(h.listeners)-1]
		}
	}
}

// exact is like hub, but who subscribes can unsubscribe.
type exact struct {
	mu        sync.Mutex
	listeners []chan int
}

func (h *exact) subscribe() chan int {
	h.mu.Lock()
	defer h.mu.Unlock()
	ch := make(chan int)
	h.listeners = append(h.listeners, ch)
	return ch
}

func (h *exact) unsubscribe(ch chan int) {
	for i, l := range h.listeners {
		if l == ch {
			h.listeners = append(h.listeners[:i], h.listeners[i+1:]...)
			return
		}
	}
}

type events struct {
	hub      *hub
	exact    *exact
	cleanups []func()
}

func (e *events) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ch := make(chan int)
	e.hub.subscribe(ch)          // want `list "hub.listeners" gets a listener on every call of \(\*events\).ServeHTTP, and nothing can take that one out again; remove it when the call ends`
	<-e.hub.changed()            // want `list "hub.listeners" gets a listener on every call of`
	other := e.exact.subscribe() // not reported: taken out below
	defer e.exact.unsubscribe(other)
	select {
	case <-ch:
	case <-other:
	case <-r.Context().Done():
	}
}

func (e *events) post(w http.ResponseWriter, r *http.Request) {
	e.hub.send(1)
	e.cleanups = append(e.cleanups, func() { e.hub.send(2) }) // not reported: a stack
	for len(e.cleanups) > 0 {
		last := len(e.cleanups) - 1
		e.cleanups[last]()
		e.cleanups = e.cleanups[:last]
	}
}

// Listen registers the handlers.
func Listen() {
	e := &events{hub: &hub{}, exact: &exact{}}
	http.Handle("/events", e)
	http.HandleFunc("/post", e.post)
}
