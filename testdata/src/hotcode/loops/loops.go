// Package loops has the loops by which servers receive, and others.
package loops

import (
	"io"
	"net"
	"time"

	amqp "github.com/rabbitmq/amqp091-go"
)

func probe() {} // want `warm: .*`

func accept(l net.Listener) error { // want `hot: accept loop: accept`
	probe() // want `at cold: outside the loop that serves`
	for {
		conn, err := l.Accept()
		if err != nil {
			return err
		}
		go serve(conn)
	}
}

func serve(conn net.Conn) { // want `hot: accept loop: accept -> serve`
	probe() // want `at hot`
	for i := range 3 {
		_ = i
		probe() // want `at hot loop=1`
	}
}

// One connection, no loop.
func acceptOne(l net.Listener) (net.Conn, error) { return l.Accept() }

func consume(ch *amqp.Channel) error { // want `hot: AMQP consumer loop: consume`
	deliveries, err := ch.Consume("q", "c", true, false, false, false, nil)
	if err != nil {
		return err
	}
	for d := range deliveries {
		handle(d.Body)
	}
	return nil
}

func handle(body []byte) {} // want `hot: AMQP consumer loop: consume -> handle`

// next is called in the loop of another function.
func next(l net.Listener) (net.Conn, error) { return l.Accept() } // want `hot: accept loop: outer -> next`

func outer(l net.Listener) { // want `hot: accept loop: outer`
	for {
		next(l)
	}
}

// again and retry call each other from a loop that serves.
func again(l net.Listener) { // want `hot: accept loop: again`
	probe() // want `at cold: outside the loop that serves`
	for {
		if _, err := l.Accept(); err != nil {
			continue
		}
		retry(l)
	}
}

func retry(l net.Listener) { again(l) } // want `hot: accept loop: again -> retry`

// Start starts a loop in the background.
func Start(done chan bool) {
	probe()     // want `at cold: set-up|at cold: no request reaches it`
	go func() { // want `warm: background loop: Start.func1`
		t := time.NewTicker(time.Second)
		for {
			select {
			case <-t.C:
				probe() // want `at warm`
				tick()
			case <-done:
				return
			}
		}
	}()
	go func() { probe() }() // want `at cold: .*`
}

func tick() {} // want `warm: background loop: Start.func1 -> tick`

// A loop that waits, but not in the background.
func wait(ch chan int) {
	for range ch {
		probe() // want `at cold: no request reaches it`
	}
}

// A client reads what its server sends.
type client struct {
	in  io.Reader
	buf [64]byte
}

func connect(c *client) {
	go c.readLoop()
	go c.readOnce()
}

func (c *client) readLoop() { // want `warm: background loop: \(\*client\).readLoop`
	probe() // want `at cold: outside the loop that serves`
	for {
		b, err := c.next()
		if err != nil {
			return
		}
		c.parse(b)
	}
}

func (c *client) next() ([]byte, error) { // want `warm: background loop: \(\*client\).readLoop -> \(\*client\).next`
	n, err := c.in.Read(c.buf[:])
	return c.buf[:n], err
}

func (c *client) parse(b []byte) { probe() } // want `warm: background loop: \(\*client\).readLoop -> \(\*client\).parse` `at warm`

func (c *client) readOnce() {
	b, err := c.next()
	if err == nil {
		probe() // want `at cold: .*`
		_ = b
	}
}
