package lsp

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"
)

// How long to wait for more changes before an analysis begins.
const (
	now   = time.Duration(0)
	pause = 400 * time.Millisecond // so long nobody types
)

// A schedule runs the analyses of directories, one at a time: each takes
// a second of all processors. One that has become outdated is stopped.
type schedule struct {
	run func(ctx context.Context, dir string)

	mu      sync.Mutex
	due     map[string]time.Time // directories that wait for their analysis
	running string               // the directory that is analysed, or ""
	stop    context.CancelFunc   // ends that analysis
	wake    chan struct{}        // tells the loop that due has changed
}

func newSchedule(run func(ctx context.Context, dir string)) *schedule {
	return &schedule{run: run, due: make(map[string]time.Time), wake: make(chan struct{}, 1)}
}

// ask wants dir to be analysed after a while without further changes.
func (s *schedule) ask(dir string, after time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.due[dir] = time.Now().Add(after)
	if s.running == dir {
		s.stop() // what it finds is of yesterday
	}
	select {
	case s.wake <- struct{}{}:
	default: // the loop has been told already
	}
}

// loop runs what is due until ctx ends.
func (s *schedule) loop(ctx context.Context) {
	for {
		dir, wait := s.next()
		if dir != "" && wait <= 0 {
			s.analyse(ctx, dir)
			continue
		}
		timer := time.NewTimer(wait)
		var due <-chan time.Time
		if dir != "" {
			due = timer.C
		}
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-s.wake:
			timer.Stop()
		case <-due:
		}
	}
}

// next returns the directory that is due first, and in how long.
func (s *schedule) next() (dir string, wait time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, d := range slices.Sorted(maps.Keys(s.due)) {
		if dir == "" || s.due[d].Before(s.due[dir]) {
			dir = d
		}
	}
	return dir, time.Until(s.due[dir])
}

// analyse runs the analysis of dir, which ask may stop.
func (s *schedule) analyse(ctx context.Context, dir string) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	s.mu.Lock()
	delete(s.due, dir)
	s.running, s.stop = dir, stop
	s.mu.Unlock()
	s.run(ctx, dir)
	s.mu.Lock()
	s.running = ""
	s.mu.Unlock()
}
