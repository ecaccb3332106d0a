// Package main has channels whose capacity is plain.
package main

import "time"

func main() {}

func work() int { return 1 }

//heapvet:hot
func none() int {
	done := make(chan int)
	go func() {
		done <- work() // want `send on channel "done" blocks for ever when none returns in line 20`
	}()
	select {
	case n := <-done:
		return n
	case <-time.After(time.Second):
		return 0
	}
}

//heapvet:hot
func small() int {
	done := make(chan int, 1)
	go func() { done <- work() }() // want `send on channel "done" blocks for ever when small returns in line 34.*give it capacity 3`
	go func() { done <- work() }()
	go func() { done <- work() }()
	select {
	case n := <-done:
		return n
	case <-time.After(time.Second):
		return 0
	}
}
