package lsp

import (
	"cmp"
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
	rest  = 5 * time.Second        // so long nobody saves
)

// A job is work in the background: to find out what is hot in the module
// in dir, or to analyse the package in dir.
type job struct {
	heat bool
	dir  string
}

// A schedule runs jobs one at a time, since each may take all processors.
// One that has become outdated is stopped.
type schedule struct {
	run func(context.Context, job)

	mu      sync.Mutex
	due     map[job]time.Time  // what waits
	running job                // what does not, or the zero job
	stop    context.CancelFunc // ends what is running
	wake    chan struct{}      // tells the loop that due has changed
}

func newSchedule(run func(context.Context, job)) *schedule {
	return &schedule{run: run, due: make(map[job]time.Time), wake: make(chan struct{}, 1)}
}

// ask wants a job to be done after a while without further changes.
func (s *schedule) ask(j job, after time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.due[j] = time.Now().Add(after)
	if s.running == j {
		s.stop() // what it finds is of yesterday
	}
	select {
	case s.wake <- struct{}{}:
	default: // the loop has been told already
	}
}

// loop does what is due until ctx ends.
func (s *schedule) loop(ctx context.Context) {
	for {
		j, wait := s.next()
		if j != (job{}) && wait <= 0 {
			s.do(ctx, j)
			continue
		}
		timer := time.NewTimer(wait)
		var due <-chan time.Time
		if j != (job{}) {
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

// next returns the job that is due first, and in how long; of several that
// are due, one that the user waits for.
func (s *schedule) next() (first job, wait time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	jobs := slices.SortedFunc(maps.Keys(s.due), func(a, b job) int {
		return cmp.Or(s.due[a].Compare(s.due[b]), cmp.Compare(a.dir, b.dir))
	})
	for _, j := range jobs {
		if first == (job{}) || first.heat && !j.heat && time.Until(s.due[j]) <= 0 {
			first = j
		}
	}
	return first, time.Until(s.due[first])
}

// do does a job, which ask may stop.
func (s *schedule) do(ctx context.Context, j job) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	s.mu.Lock()
	delete(s.due, j)
	s.running, s.stop = j, stop
	s.mu.Unlock()
	s.run(ctx, j)
	s.mu.Lock()
	s.running = job{}
	s.mu.Unlock()
}
