// Package silent has what looks like a goroutine left behind to a check that
// knows only a part of it.
package silent

import (
	"net/http"
	"sync"
)

type queue struct {
	wg      sync.WaitGroup
	entries chan string
}

// run counts itself: where it returns early, nobody waits for it.
func (q *queue) run() {
	if q.entries == nil {
		return
	}
	q.wg.Add(1)
	defer q.wg.Done()
	for range q.entries {
	}
}

func (q *queue) stop() {
	q.wg.Wait()
}

func counted(http.ResponseWriter, *http.Request) {
	q := new(queue)
	go q.run()
	q.stop()
}

// early is counted by the one that starts it.
func early(http.ResponseWriter, *http.Request) {
	q := new(queue)
	q.wg.Add(1)
	go func() {
		if q.entries == nil {
			return
		}
		q.wg.Done() // want `Done of WaitGroup "q.wg" is skipped when goroutine early.func1 returns in line \d+: Wait in line \d+ blocks for ever; defer it first \(each such request leaves a goroutine, at least 2 kB, behind\)`
	}()
	q.wg.Wait()
}

// A stream is what a library hands out: its users send.
type stream[T any] struct{ requests chan T }

func open[T any](use func(T)) *stream[T] {
	s := &stream[T]{make(chan T)}
	go func() {
		for v := range s.requests {
			use(v)
		}
	}()
	return s
}

func closeSafely[T any](c chan<- T) {
	if c != nil {
		close(c)
	}
}

func streams(http.ResponseWriter, *http.Request) {
	s := open(func(string) {})
	s.requests <- "one"
	closeSafely(s.requests)
}

func frozen(http.ResponseWriter, *http.Request) {
	<-make(chan struct{}) // nobody else has it: it is meant
}

func main() {
	http.HandleFunc("/counted", counted)
	http.HandleFunc("/early", early)
	http.HandleFunc("/streams", streams)
	http.HandleFunc("/frozen", frozen)
}

var _ = main
