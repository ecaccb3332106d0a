package library

import (
	"io"
	"net"
	"sync"
	"time"
)

// Link reads from a connection.
type Link struct {
	conn net.Conn
	quit chan struct{}
}

// NewLink reads until the connection is closed.
func NewLink(conn net.Conn) (*Link, error) {
	l := &Link{conn: conn, quit: make(chan struct{})}
	go l.read() // not reported: what it reads from is closed below
	if err := listen(); err != nil {
		l.drop()
		return nil, err
	}
	return l, nil
}

func (l *Link) read() {
	for {
		select {
		case <-l.quit:
			return
		default:
		}
		if _, err := io.ReadFull(l.conn, make([]byte, 1)); err != nil {
			return
		}
	}
}

func (l *Link) drop() { l.conn.Close() }

// Close ends the reading.
func (l *Link) Close() { close(l.quit) }

// Timer sends now and then.
type Timer struct {
	conn net.Conn
	quit chan struct{}
}

// NewTimer does not stop the goroutine: it does not read.
func NewTimer(conn net.Conn) (*Timer, error) {
	t := &Timer{conn: conn, quit: make(chan struct{})}
	go t.write() // want `goroutine \(\*Timer\).write, started here, is left behind when NewTimer fails in line \d+: nothing on that way stops it`
	if err := listen(); err != nil {
		t.drop()
		return nil, err
	}
	return t, nil
}

func (t *Timer) write() {
	for {
		select {
		case <-t.quit:
			return
		case <-time.After(time.Second):
			t.conn.Write(make([]byte, 1))
		}
	}
}

func (t *Timer) drop() { t.conn.Close() }

// Close ends the writing.
func (t *Timer) Close() { close(t.quit) }

// NewLocked succeeds with a deferred call, for which results are variables.
func NewLocked(n int) (*Pool, error) {
	mu.Lock()
	defer mu.Unlock()
	p := &Pool{jobs: make(chan func())}
	p.start() // not reported: it cannot fail
	return p, nil
}

// NewLockedFailing fails with one.
func NewLockedFailing(n int) (*Pool, error) {
	mu.Lock()
	defer mu.Unlock()
	p := &Pool{jobs: make(chan func())}
	p.start() // want `goroutine \(\*Pool\).start.func1, started here, is left behind when NewLockedFailing fails in line \d+: nothing on that way stops it`
	return p, listen()
}

var mu sync.Mutex

// slots are what may run at once.
var slots = make(chan struct{}, 4)

// Sweep sweeps, again and again, where it is told to.
type Sweep struct{ more chan struct{} }

// NewSweep does not wait for either.
func NewSweep(n int) (*Sweep, error) {
	s := &Sweep{more: make(chan struct{})}
	go s.retry() // not reported: until its time is over
	go s.run()   // want `goroutine \(\*Sweep\).run, started here, is left behind when NewSweep fails in line \d+: nothing on that way stops it`
	if err := listen(); err != nil {
		return nil, err
	}
	return s, nil
}

func (s *Sweep) retry() {
	end := time.Now().Add(time.Second)
	for time.Now().Before(end) {
		<-slots
		slots <- struct{}{}
	}
}

func (s *Sweep) run() {
	for range s.more {
		<-slots
		slots <- struct{}{}
	}
}

// Close ends the sweeping.
func (s *Sweep) Close() { close(s.more) }
