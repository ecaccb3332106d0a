package main

import (
	"context"
	"io"
	"sync"
	"time"
)

//heapvet:hot
func leakNeverSent() {
	done := make(chan bool)
	go func() {
		<-done // want `receive from channel "done" blocks for ever: nothing sends on it or closes it \(each such request`
	}()
}

//heapvet:hot
func okClosed() {
	done := make(chan bool)
	go func() {
		<-done // not reported: closed
	}()
	close(done)
}

//heapvet:hot
func leakNeverReceived() {
	done := make(chan bool)
	go func() {
		done <- true // want `send on channel "done" blocks for ever: nothing receives from it`
	}()
}

//heapvet:hot
func leakNoCase() {
	a, b := make(chan int), make(chan int)
	go func() {
		select {
		case <-a: // want `select on "a" blocks for ever: no case of it can be chosen`
		case b <- 1:
		}
	}()
}

//heapvet:hot
func leakNeverClosed() {
	jobs := make(chan int)
	go func() {
		for range jobs { // want `goroutine leakNeverClosed.func1 never ends: its way out is channel "jobs", which nothing closes`
		}
	}()
	jobs <- 1
}

//heapvet:hot
func okRangeClosed() {
	jobs := make(chan int)
	go func() {
		for range jobs { // not reported: closed below
		}
	}()
	jobs <- 1
	close(jobs)
}

//heapvet:hot
func leakSelfClosed() {
	jobs := make(chan int)
	go func() {
		defer close(jobs)
		for job := range jobs { // want `range over channel "jobs" does not end: only this goroutine closes it, in line 71, when it returns; let the sender close it, or select on a done channel`
			if job < 0 {
				return
			}
		}
	}()
	jobs <- 1
}

//heapvet:hot
func okSenderCloses() {
	jobs := make(chan int)
	go func() {
		for job := range jobs { // not reported: the sender closes it
			if job < 0 {
				return
			}
		}
	}()
	jobs <- 1
	close(jobs)
}

//heapvet:hot
func leakSkipped() {
	done := make(chan error)
	go func() {
		if work() != nil {
			return
		}
		close(done)
	}()
	<-done // want `receive from channel "done" blocks for ever when goroutine leakSkipped.func1 returns in line 100: it neither sends nor closes on that way; close the channel in a defer`
}

//heapvet:hot
func okDeferred() {
	done := make(chan error)
	go func() {
		defer close(done)
		if work() != nil {
			return
		}
	}()
	<-done // not reported: closed on all ways
}

//heapvet:hot
func leakCircle() {
	done := make(chan int)
	var group sync.WaitGroup
	group.Add(1)
	go func() {
		done <- 1 // want `send on channel "done" blocks for ever: the receive in line 129 comes only after this`
		group.Done()
	}()
	group.Wait() // want `Wait of WaitGroup "group" blocks for ever: the Done in line 126 comes only after this`
	<-done
}

//heapvet:hot
func okReceivedFirst() {
	done := make(chan int)
	var group sync.WaitGroup
	group.Add(1)
	go func() {
		done <- 1
		group.Done()
	}()
	<-done
	group.Wait()
}

//heapvet:hot
func leakNotDone() {
	var group sync.WaitGroup
	group.Add(1)
	go work()
	group.Wait() // want `Wait of WaitGroup "group" blocks for ever: nothing calls Done`
}

//heapvet:hot
func leakDoneSkipped() {
	var group sync.WaitGroup
	group.Add(1)
	go func() {
		if work() != nil {
			return
		}
		group.Done() // want `Done of WaitGroup "group" is skipped when goroutine leakDoneSkipped.func1 returns in line 159: Wait in line 163 blocks for ever; defer it first`
	}()
	group.Wait()
}

//heapvet:hot
func okDoneDeferred() {
	var group sync.WaitGroup
	group.Add(1)
	go func() {
		defer group.Done()
		if work() != nil {
			return
		}
	}()
	group.Wait()
}

//heapvet:hot
func leakWaitInLoop() {
	var group sync.WaitGroup
	group.Add(len(tasks))
	for range tasks {
		go func() {
			defer group.Done()
		}()
		group.Wait() // want `Wait of WaitGroup "group" blocks for ever: it is in the loop that starts the goroutines it waits for, all of which were added in line 182; wait after the loop`
	}
}

//heapvet:hot
func okWaitAfterLoop() {
	var group sync.WaitGroup
	group.Add(len(tasks))
	for range tasks {
		go func() {
			defer group.Done()
		}()
	}
	group.Wait()
}

//heapvet:hot
func leakNoSignal() {
	cond := sync.NewCond(new(sync.Mutex))
	go func() {
		cond.L.Lock()
		defer cond.L.Unlock()
		cond.Wait() // want `Wait of Cond "cond" blocks for ever: nothing signals it`
	}()
}

// rows ends its goroutine by a function that it keeps.
type rows struct{ cancel context.CancelFunc }

func (r *rows) await(ctx context.Context) {
	<-ctx.Done() // want `receive from channel "ctx.Done\(\)" blocks for ever: the cancel function is called only after this \(line 218\)`
	r.cancel()
}

//heapvet:hot
func leakCancelledLate() {
	r := new(rows)
	ctx, cancel := context.WithCancel(context.Background())
	r.cancel = cancel
	go r.await(ctx)
}

//heapvet:hot
func okCancelled() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		<-ctx.Done() // not reported: cancelled on return
	}()
}

// watch does something with f when ctx ends.
func watch(ctx context.Context, f func()) {
	go func() {
		<-ctx.Done() // want `receive from channel "ctx.Done\(\)" blocks for ever when the context is that of line 248, which never ends: wait for the end of the work as well`
		f()
	}()
}

//heapvet:hot
func leakBackground() {
	watch(context.Background(), func() {})
}

//heapvet:hot
func okTimed() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	watch(ctx, func() {})
}

// watchUntil is like watch, until the work is done.
func watchUntil(ctx context.Context, done <-chan struct{}, f func()) {
	go func() {
		select {
		case <-ctx.Done():
			f()
		case <-done:
		}
	}()
}

//heapvet:hot
func okBackground() {
	done := make(chan struct{})
	defer close(done)
	watchUntil(context.Background(), done, func() {})
}

// pipe is one of many readers: it never returns.
type pipe struct{ data chan byte }

func (p pipe) Read(b []byte) (int, error) {
	for {
		time.Sleep(time.Hour)
	}
}

//heapvet:hot
func foreignReader(r io.Reader) {
	cond := sync.NewCond(new(sync.Mutex))
	if r == nil {
		r = pipe{}
	}
	go func() {
		r.Read(nil)
		cond.Broadcast() // not reported as never reached: other readers return
	}()
	cond.L.Lock()
	defer cond.L.Unlock()
	cond.Wait()
}

//heapvet:hot
func okDonePerItem() {
	items := make(chan int, 1)
	items <- 1
	var group sync.WaitGroup
	group.Add(len(items))
	go func() {
		for {
			select {
			case <-items:
			default:
				return // has taken none
			}
			group.Done() // not reported: counts items
		}
	}()
	group.Wait()
}

//heapvet:hot
func leakDonePerItem() {
	items := make(chan int, 1)
	items <- 1
	<-items
	var group sync.WaitGroup
	group.Add(1)
	go func() {
		select {
		case <-items:
		default:
			return
		}
		group.Done() // want `Done of WaitGroup "group" is skipped when goroutine leakDonePerItem.func1 returns in line \d+: Wait in line \d+ blocks for ever; defer it first`
	}()
	group.Wait()
}
