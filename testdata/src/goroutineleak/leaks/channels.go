package main

import (
	"errors"
	"time"
)

var errFailed = errors.New("failed")

// work is what goroutines do. It takes its time, and fails.
func work() error {
	time.Sleep(10 * time.Millisecond)
	return errFailed
}

//heapvet:hot
func leakTimeout() {
	done := make(chan error)
	go func() {
		done <- work() // want `send on channel "done" blocks for ever when leakTimeout returns in line 27: 1 send, no capacity, and no receive on that way; give it capacity 1 \(each such request leaves a goroutine, at least 2 kB, behind\)`
	}()
	select {
	case <-done:
	case <-time.After(0):
		time.Sleep(0)
	}
}

//heapvet:hot
func okTimeoutCapacity() {
	done := make(chan error, 1)
	go func() {
		done <- work() // not reported: there is room for it
	}()
	select {
	case <-done:
	case <-time.After(0):
	}
}

//heapvet:hot
func okTimeoutDefault() {
	done := make(chan error)
	go func() {
		select {
		case done <- work(): // not reported: it may be dropped
		default:
		}
	}()
	select {
	case <-done:
	case <-time.After(0):
	}
}

//heapvet:hot
func okTimeoutQuit() {
	done, quit := make(chan error), make(chan struct{})
	defer close(quit)
	go func() {
		select {
		case done <- work(): // not reported: it ends with the function
		case <-quit:
		}
	}()
	select {
	case <-done:
	case <-time.After(0):
	}
}

//heapvet:hot
func okTimeoutDrain() {
	done := make(chan error)
	go func() {
		done <- work() // not reported: received in both cases
	}()
	select {
	case <-done:
	case <-time.After(0):
		<-done
	}
}

//heapvet:hot
func leakFirstError() {
	errs := make(chan error)
	for _, f := range tasks {
		go func() {
			errs <- f() // want `send on channel "errs" blocks for ever when leakFirstError returns in line 95: any number of sends, no capacity, and 1 receive on that way; give it a capacity of one per send, drain it, or select on a done channel beside the send`
		}()
	}
	for range tasks {
		if err := <-errs; err != nil {
			return
		}
	}
}

var tasks = []func() error{work, work, work}

//heapvet:hot
func okFirstErrorCapacity() {
	errs := make(chan error, len(tasks))
	for _, f := range tasks {
		go func() {
			errs <- f() // not reported: one place for each
		}()
	}
	for range tasks {
		if err := <-errs; err != nil {
			return
		}
	}
}

//heapvet:hot
func okAllErrors() {
	errs := make(chan error)
	for _, f := range tasks {
		go func() {
			errs <- f() // not reported: all are received
		}()
	}
	for range tasks {
		<-errs
	}
}

// okBothWays is how httputil's reverse proxy copies in two directions.
//
//heapvet:hot
func okBothWays() {
	errs := make(chan error, 1)
	go func() { errs <- work() }()
	go func() { errs <- work() }()
	<-errs // not reported: one is received, there is room for the other
}

//heapvet:hot
func leakThreeWays() {
	errs := make(chan error, 1)
	go func() { errs <- work() }() // want `send on channel "errs" blocks for ever when leakThreeWays returns in line 147: 3 sends, capacity 1, and 1 receive on that way; give it capacity 2`
	go func() { errs <- work() }()
	go func() { errs <- work() }()
	<-errs
}

//heapvet:hot
func leakEarlyReturn() {
	done := make(chan error)
	go func() {
		done <- work() // want `send on channel "done" blocks for ever when leakEarlyReturn returns in line 156`
	}()
	if work() != nil {
		return
	}
	<-done
}

//heapvet:hot
func okDeferredReceive() {
	done := make(chan error)
	defer func() { <-done }()
	go func() {
		done <- work() // not reported: received at last
	}()
	if work() != nil {
		return
	}
}

// deliver sends on the channel it is given.
func deliver(to chan<- error) { to <- work() }

//heapvet:hot
func leakDelivered() {
	one, other := make(chan error), make(chan error, 1)
	go deliver(one) // want `send on channel "one" blocks for ever when leakDelivered returns in line 186`
	other <- nil
	select {
	case <-one:
		time.Sleep(0)
	case <-other:
	}
}

// produce returns a channel and starts who sends on it.
func produce() <-chan int {
	ch := make(chan int)
	go func() {
		defer close(ch)
		for i := range 3 {
			ch <- i // want `send on channel "ch" blocks for ever when leakAbandoned returns in line 204: 3 sends, no capacity, and 1 receive on that way; give it capacity 2`
		}
	}()
	return ch
}

//heapvet:hot
func leakAbandoned() {
	for i := range produce() {
		if i == 0 {
			return
		}
	}
}

//heapvet:hot
func okUsedUp() {
	for range produce() { // not reported: received to the end
	}
}

// produceUntil is like produce, but can be told to stop.
func produceUntil(quit <-chan struct{}) <-chan int {
	ch := make(chan int)
	go func() {
		defer close(ch)
		for i := range 3 {
			select {
			case ch <- i:
			case <-quit:
				return
			}
		}
	}()
	return ch
}

//heapvet:hot
func okStopped() {
	quit := make(chan struct{})
	defer close(quit)
	for i := range produceUntil(quit) {
		if i == 0 {
			return
		}
	}
}

//heapvet:hot
func leakEachRound() {
	for range 3 {
		done := make(chan error)
		go func() {
			done <- work() // want `send on channel "done" blocks for ever when leakEachRound goes on to the next round: 1 send`
		}()
		select {
		case <-done:
		case <-time.After(0):
		}
	}
}

// start runs f in a goroutine of its own.
func start(f func()) { go f() }

//heapvet:hot
func leakStarted() {
	done := make(chan error)
	start(func() {
		done <- work() // want `send on channel "done" blocks for ever when leakStarted returns`
	})
	select {
	case <-done:
	case <-time.After(0):
	}
}

// asked returns a channel and a function that sends on it.
func asked() (<-chan error, func()) {
	done := make(chan error)
	return done, func() { done <- work() }
}

//heapvet:hot
func leakAsked() {
	done, ask := asked()
	go ask() // want `send on channel "done" blocks for ever when leakAsked returns`
	select {
	case <-done:
	case <-time.After(0):
	}
}

//heapvet:hot
func okIfStarted() {
	done := make(chan error)
	wait := work() != nil
	if wait {
		go func() {
			done <- work() // not reported: received if it was started
		}()
	}
	if wait {
		<-done
	}
}

//heapvet:hot
func okOnPanic() {
	done := make(chan error, 1)
	go func() {
		returned := false
		defer func() {
			if !returned {
				done <- errFailed // not reported: instead of the other
			}
		}()
		done <- work()
		returned = true
	}()
	select {
	case <-done:
	case <-time.After(0):
	}
}
