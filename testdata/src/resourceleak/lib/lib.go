// Package lib opens, takes and closes for its callers. // want package:"analysed"
package lib

import (
	"errors"
	"io"
	"net"
	"os"
)

// Dial connects to the only peer there is.
func Dial() (net.Conn, error) { // want Dial:"returns conn 0"
	return net.Dial("tcp", "peer:1")
}

// A Client holds a connection.
type Client struct {
	conn net.Conn
	log  io.Writer
}

// NewClient connects.
func NewClient() (*Client, error) { // want NewClient:"returns conn 0"
	conn, err := net.Dial("tcp", "peer:1")
	if err != nil {
		return nil, err
	}
	return &Client{conn: conn}, nil
}

// Wrap makes a client of conn, which stays the caller's if it fails.
func Wrap(conn net.Conn, name string) (*Client, error) { // want Wrap:"wraps 0 in 0 unless it fails"
	if name == "" {
		return nil, errors.New("no name")
	}
	return &Client{conn: conn}, nil
}

// Close closes the connection.
func (c *Client) Close() error { return c.conn.Close() } // want Close:"takes 0"

// Ping does not.
func (c *Client) Ping() error {
	_, err := c.conn.Write([]byte("ping"))
	return err
}

// CloseQuietly closes c.
func CloseQuietly(c io.Closer) { // want CloseQuietly:"takes 0"
	_ = c.Close()
}

// Check closes conn if it answers nothing.
func Check(conn net.Conn) error { // want Check:"takes 0 if it fails"
	buf := make([]byte, 1)
	if n, _ := conn.Read(buf); n == 0 {
		conn.Close()
		return errors.New("no answer")
	}
	return nil
}

// Serve keeps conn for good.
func Serve(conn net.Conn) { // want Serve:"takes 0"
	go func() {
		io.Copy(io.Discard, conn)
	}()
}

// Log writes to conn.
func Log(conn net.Conn) { conn.Write([]byte("log")) }

// OpenBoth opens a file and says how to close it.
func OpenBoth(name string) (*os.File, func() error, error) { // want OpenBoth:"returns file 1"
	f, err := os.Open(name)
	if err != nil {
		return nil, nil, err
	}
	return f, func() error { return f.Close() }, nil
}

// A cache keeps what it opens: callers must not close that.
type cache struct{ conns map[string]net.Conn }

// Get returns a connection of the cache.
func (c *cache) Get(name string) (net.Conn, error) {
	if conn := c.conns[name]; conn != nil {
		return conn, nil
	}
	conn, err := net.Dial("tcp", name)
	if err != nil {
		return nil, err
	}
	c.conns[name] = conn
	return conn, nil
}

// Cache is the cache.
var Cache = &cache{conns: make(map[string]net.Conn)}

func constructor(name string) (*Client, error) {
	conn, err := net.Dial("tcp", name) // want `conn is not closed when err != nil \(line 108 returns first\): it holds a descriptor and keeps the peer waiting; call conn.Close\(\) before that return \[advice\]`
	if err != nil {
		return nil, err
	}
	f, err := os.Create(name) // handed to the client
	if err != nil {
		return nil, err
	}
	return &Client{conn: conn, log: f}, nil
}

// A Session ends when its peer says so.
type Session struct {
	conn net.Conn
	done chan struct{}
}

// NewSession connects.
func NewSession() (*Session, error) { // want NewSession:"returns conn 0"
	conn, err := net.Dial("tcp", "peer:1")
	if err != nil {
		return nil, err
	}
	return &Session{conn: conn, done: make(chan struct{})}, nil
}

// Done is closed when the session has ended, and its connection with it.
func (s *Session) Done() <-chan struct{} { return s.done }

// Close ends it.
func (s *Session) Close() { s.conn.Close() } // want Close:"takes 0"

// A Watcher closes C when it is closed.
type Watcher struct {
	C    chan string
	conn net.Conn
}

// NewWatcher connects.
func NewWatcher() (*Watcher, error) { // want NewWatcher:"returns conn 0"
	conn, err := net.Dial("tcp", "peer:1")
	if err != nil {
		return nil, err
	}
	return &Watcher{C: make(chan string), conn: conn}, nil
}

// Close closes it.
func (w *Watcher) Close() error { return w.conn.Close() } // want Close:"takes 0"
