package main

import "time"

//heapvet:hot
func leakTicks() {
	ticker := time.NewTicker(time.Hour)
	defer ticker.Stop()
	go func() { // want `goroutine leakTicks.func1 never ends: nothing makes its loop stop; give it a context or a done channel`
		for range ticker.C { // Stop does not close the channel
		}
	}()
}

//heapvet:hot
func okTicks() {
	quit := make(chan struct{})
	ticker := time.NewTicker(time.Hour)
	defer ticker.Stop()
	defer close(quit)
	go func() {
		for {
			select {
			case <-ticker.C:
			case <-quit: // not reported: closed on return
				return
			}
		}
	}()
}

// worker has a goroutine.
type worker struct {
	jobs chan int
	quit chan struct{}
}

func newWorker() *worker {
	w := &worker{jobs: make(chan int), quit: make(chan struct{})}
	go w.run()
	return w
}

func (w *worker) run() {
	for {
		select {
		case <-w.jobs:
		case <-w.quit: // want `goroutine \(\*worker\).run never ends: its way out is channel "w.quit", which nothing closes or sends on`
			return
		}
	}
}

//heapvet:hot
func leakWorker() {
	newWorker().jobs <- 1
}

// stopper is a worker that can be stopped.
type stopper struct {
	jobs chan int
	quit chan struct{}
}

func newStopper() *stopper {
	s := &stopper{jobs: make(chan int), quit: make(chan struct{})}
	go s.run()
	return s
}

func (s *stopper) run() {
	for {
		select {
		case <-s.jobs:
		case <-s.quit: // not reported: close closes it
			return
		}
	}
}

func (s *stopper) close() { close(s.quit) }

//heapvet:hot
func okStopper() {
	s := newStopper()
	defer s.close()
	s.jobs <- 1
}

// queue loses its receiver before its senders.
type queue struct {
	jobs chan int
	quit chan struct{}
}

func (q *queue) run() {
	for {
		select {
		case <-q.jobs:
		case <-q.quit:
			return
		}
	}
}

func (q *queue) add(job int) {
	q.jobs <- job // want `send on channel "q.jobs" blocks for ever once goroutine \(\*queue\).run, which receives, has returned in line 101; select on what ends it as well`
}

// begin starts the receiver.
func (q *queue) begin() { go q.run() }

// later starts a sender.
func (q *queue) later(job int) { go q.add(job) }

//heapvet:hot
func leakLateSend() {
	q := newQueue()
	q.begin()
	close(q.quit)
	for i := range 50 {
		q.later(i)
	}
}

func newQueue() *queue { return &queue{jobs: make(chan int), quit: make(chan struct{})} }

// polite is a queue whose senders notice.
type polite struct {
	jobs chan int
	quit chan struct{}
}

func (q *polite) run() {
	for {
		select {
		case <-q.jobs:
		case <-q.quit:
			return
		}
	}
}

func (q *polite) add(job int) {
	select {
	case q.jobs <- job:
	case <-q.quit:
	}
}

//heapvet:hot
func okLateSend() {
	q := &polite{jobs: make(chan int), quit: make(chan struct{})}
	go q.run()
	close(q.quit)
	go q.add(1)
	go q.add(2)
	go q.add(3)
}

// full has a channel that nobody empties.
type full struct{ events chan int }

func (f *full) tell(n int) {
	f.events <- n // want `send on channel "f.events" blocks for ever once its buffer is full: nothing receives from it`
}

//heapvet:hot
func leakFull() {
	f := &full{events: make(chan int, 1)}
	go func() {
		f.tell(1)
		f.tell(2)
	}()
}

//heapvet:hot
func okReply() {
	asks := make(chan chan int)
	go func() {
		for reply := range asks {
			reply <- 1 // not reported: who asks waits for it
		}
	}()
	reply := make(chan int)
	asks <- reply
	<-reply
	close(asks)
}
