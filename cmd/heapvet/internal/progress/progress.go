// Package progress tells a waiting user what a long run is doing.
package progress

import (
	"fmt"
	"os"
	"sync"
	"time"

	"golang.org/x/term"
)

// patience is how long a run stays silent.
const patience = time.Second

// clear empties the terminal's current line.
const clear = "\r\x1b[K"

// A Line is one line on a terminal that is overwritten as work goes on.
// A nil Line shows nothing.
type Line struct {
	out   *os.File
	begin time.Time
	stop  chan struct{}
	done  chan struct{}

	mu    sync.Mutex
	stage string
}

// Start returns a Line on out, or nil if out is no terminal.
func Start(out *os.File) *Line {
	if !term.IsTerminal(int(out.Fd())) {
		return nil
	}
	l := &Line{out: out, begin: time.Now(), stop: make(chan struct{}), done: make(chan struct{})}
	go l.run()
	return l
}

// Stage says what is done from now on, such as "compiling".
func (l *Line) Stage(name string) {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stage = name
}

// Stop removes the line. It must be called before anything else is printed.
func (l *Line) Stop() {
	if l == nil {
		return
	}
	close(l.stop)
	<-l.done
}

func (l *Line) run() {
	defer close(l.done)
	tick := time.NewTicker(patience)
	defer tick.Stop()
	shown := false
	for {
		select {
		case <-l.stop:
			if shown {
				fmt.Fprint(l.out, clear)
			}
			return
		case now := <-tick.C:
			l.mu.Lock()
			fmt.Fprintf(l.out, "%sheapvet: %s (%d s)", clear, l.stage, int(now.Sub(l.begin).Seconds()))
			l.mu.Unlock()
			shown = true
		}
	}
}
