// Command once starts goroutines once per process.
package main

import (
	"sync"
	"time"
)

func main() {
	go tick() // not reported: as long as the process
	done := make(chan bool)
	go func() {
		done <- true // not reported: at most one
	}()
	select {
	case <-done:
	case <-time.After(time.Second):
	}
	serve()
	serve()
	<-make(chan bool) // not reported: for ever is what is meant
}

func tick() {
	for range time.Tick(time.Second) {
	}
}

var start sync.Once

//heapvet:hot
func serve() {
	start.Do(func() {
		go tick() // not reported: once
	})
}
