// Package server checks what handlers acquire: a leak beside the near miss. // want package:"analysed"
package server

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"

	"resourceleak/lib"
)

func init() {
	http.HandleFunc("/bodies", func(w http.ResponseWriter, r *http.Request) {
		early(w, r.URL.Path)
		inTime(w, r.URL.Path)
		never(r.URL.Path)
		onSuccess(w, r.URL.Path)
		fetchJSON(r.URL.Path)
		retry(r.URL.Path)
		retryClosing(r.URL.Path)
		correlated(r.URL.Path, r.URL.Path != "")
		handOver(r.URL.Path, nil)
		helper(r.URL.Path)
		checked(r.URL.Path)
		head(r.URL.Path)
		noError(r.URL.Path)
	})
	http.HandleFunc("/conns", func(w http.ResponseWriter, r *http.Request) {
		dialled()
		dialledClosed()
		wrapped(r.URL.Path)
		wrappedClosed(r.URL.Path)
		client()
		clientLeft()
		check()
		served()
		both(r.URL.Path)
		bothClosed(r.URL.Path)
		cached(r.URL.Path)
		raced(r.URL.Path)
		racedClosed(r.URL.Path)
		method()
		later()
		lost(make(chan net.Conn))
		table(map[string]net.Conn{})
		nested(r.URL.Path)
	})
}

func early(w io.Writer, url string) error {
	resp, err := http.Get(url) // want `resp.Body is not closed when resp.StatusCode != 200 \(line 64 returns first\): it holds a connection and two goroutines; defer resp.Body.Close\(\) right after the error check`
	if err != nil {
		return err
	}
	if resp.StatusCode != 200 {
		return errors.New(resp.Status)
	}
	_, err = io.Copy(w, resp.Body)
	resp.Body.Close()
	return err
}

func inTime(w io.Writer, url string) error {
	resp, err := http.Get(url)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != 200 {
		return errors.New(resp.Status)
	}
	_, err = io.Copy(w, resp.Body)
	return err
}

// never is what bodyclose tells, so that it is only advice here.
func never(url string) (string, error) {
	resp, err := http.Get(url) // want `resp.Body is never closed: it holds a connection and two goroutines; defer resp.Body.Close\(\) right after the error check .*\[advice\]`
	if err != nil {
		return "", err
	}
	return resp.Status, nil
}

func onSuccess(w io.Writer, url string) {
	resp, err := http.Get(url) // want `resp.Body is not closed on the way to line 104: it holds a connection and two goroutines; defer resp.Body.Close\(\) right after the error check`
	if err != nil {
		fmt.Fprintln(w, err)
		return
	}
	if resp.StatusCode >= 400 {
		resp.Body.Close()
		return
	}
	io.Copy(w, resp.Body)
}

func fetchJSON(url string) (v any, err error) {
	var resp *http.Response
	if resp, err = http.Get(url); err != nil {
		return nil, err
	}
	defer func() {
		io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
	}()
	err = json.NewDecoder(resp.Body).Decode(&v)
	return v, err
}

func retry(url string) (*http.Response, error) {
	for {
		resp, err := http.Get(url) // want `resp.Body is not closed before the loop makes the next one: each round holds a connection and two goroutines; call resp.Body.Close\(\) before it goes on`
		if err != nil {
			return nil, err
		}
		if resp.StatusCode == 503 {
			continue
		}
		return resp, nil
	}
}

func retryClosing(url string) (*http.Response, error) {
	for {
		resp, err := http.Get(url)
		if err != nil {
			return nil, err
		}
		if resp.StatusCode == 503 {
			resp.Body.Close()
			continue
		}
		return resp, nil
	}
}

// correlated opens and closes under the same condition.
func correlated(url string, wanted bool) {
	var resp *http.Response
	if wanted {
		resp, _ = http.Get(url)
	}
	if wanted {
		io.Copy(io.Discard, resp.Body)
	}
	if wanted {
		resp.Body.Close()
	}
}

// handOver gives the response to whoever wants it: reading it here is
// another matter.
func handOver(url string, into **http.Response) error {
	resp, err := http.Get(url)
	if err != nil {
		return err
	}
	if into != nil {
		*into = resp
	}
	return nil
}

func helper(url string) {
	resp, err := http.Get(url)
	if err != nil {
		return
	}
	lib.CloseQuietly(resp.Body)
}

func failed(resp *http.Response) error {
	if resp.StatusCode >= 400 {
		return errors.New(resp.Status)
	}
	return nil
}

func checked(url string) error {
	resp, err := http.Get(url) // want `resp.Body is not closed when err != nil \(line 194 returns first\)`
	if err != nil {
		return err
	}
	if err := failed(resp); err != nil {
		return err
	}
	return resp.Body.Close()
}

// head has no body to close.
func head(url string) int {
	resp, err := http.Head(url)
	if err != nil {
		return 0
	}
	return resp.StatusCode
}

// noError acquires nothing where it returns: the error says so.
func noError(url string) error {
	resp, err := http.Get(url)
	if err == nil {
		defer resp.Body.Close()
	}
	return err
}

func dialled() error {
	conn, err := lib.Dial() // want `conn is not closed when err != nil \(line 223 returns first\): it holds a descriptor and keeps the peer waiting; defer conn.Close\(\) right after the error check`
	if err != nil {
		return err
	}
	if _, err := conn.Write(nil); err != nil {
		return err
	}
	return conn.Close()
}

func dialledClosed() error {
	conn, err := lib.Dial()
	if err != nil {
		return err
	}
	if _, err := conn.Write(nil); err != nil {
		conn.Close()
		return err
	}
	return conn.Close()
}

func wrapped(name string) (*lib.Client, error) {
	conn, err := lib.Dial() // want `conn is not closed when err != nil \(line 247 returns first\): it holds a descriptor and keeps the peer waiting; call conn.Close\(\) before that return`
	if err != nil {
		return nil, err
	}
	c, err := lib.Wrap(conn, name)
	if err != nil {
		return nil, err
	}
	return c, nil
}

func wrappedClosed(name string) (*lib.Client, error) {
	conn, err := lib.Dial()
	if err != nil {
		return nil, err
	}
	c, err := lib.Wrap(conn, name)
	if err != nil {
		conn.Close()
		return nil, err
	}
	return c, nil
}

func client() error {
	c, err := lib.NewClient()
	if err != nil {
		return err
	}
	defer c.Close()
	return c.Ping()
}

func clientLeft() error {
	c, err := lib.NewClient() // want `c is never closed: it holds a descriptor and keeps the peer waiting; defer c.Close\(\) right after the error check`
	if err != nil {
		return err
	}
	return c.Ping()
}

// check leaves it to lib.Check to close what does not answer.
func check() error {
	conn, err := lib.Dial()
	if err != nil {
		return err
	}
	if err := lib.Check(conn); err != nil {
		return err
	}
	return conn.Close()
}

func served() {
	conn, err := lib.Dial()
	if err != nil {
		return
	}
	lib.Log(conn)
	lib.Serve(conn)
}

func both(name string) (string, error) {
	f, done, err := lib.OpenBoth(name) // want `done is not called when err != nil \(line 310 returns first\): it holds a descriptor until the collector finds it; defer done\(\) right after the error check .*\[advice\]`
	if err != nil {
		return "", err
	}
	b, err := io.ReadAll(f)
	if err != nil {
		return "", err
	}
	return string(b), done()
}

func bothClosed(name string) (string, error) {
	f, done, err := lib.OpenBoth(name)
	if err != nil {
		return "", err
	}
	defer done()
	b, err := io.ReadAll(f)
	return string(b), err
}

// cached connections are the cache's.
func cached(name string) error {
	conn, err := lib.Cache.Get(name)
	if err != nil {
		return err
	}
	_, err = conn.Write(nil)
	return err
}

var (
	first  sync.Once
	winner net.Conn
)

func raced(name string) {
	conn, err := lib.Dial() // want `conn is never closed: it holds a descriptor and keeps the peer waiting; defer conn.Close\(\) right after the error check`
	if err != nil {
		return
	}
	first.Do(func() { winner = conn })
}

func racedClosed(name string) {
	conn, err := lib.Dial()
	if err != nil {
		return
	}
	first.Do(func() { winner = conn })
	if conn != winner {
		conn.Close()
	}
}

type closers []func() error

var atExit closers

func (c *closers) add(f func() error) { *c = append(*c, f) }

// method hands a method value to who calls it in the end.
func method() {
	conn, err := lib.Dial()
	if err != nil {
		return
	}
	atExit.add(conn.Close)
}

// later closes what it has by then.
func later() {
	var conn net.Conn
	defer func() {
		if conn != nil {
			conn.Close()
		}
	}()
	conn, err := lib.Dial()
	if err != nil {
		return
	}
	conn.Write(nil)
}

// lost sends it to who wants it.
func lost(ch chan net.Conn) {
	conn, err := lib.Dial()
	if err != nil {
		return
	}
	ch <- conn
}

// table keeps it.
func table(m map[string]net.Conn) {
	conn, err := lib.Dial()
	if err != nil {
		return
	}
	m["peer"] = conn
}

// A unixFile has the promoted method of the file.
type unixFile struct{ *os.File }

func nested(name string) {
	f, err := os.Open(name)
	if err != nil {
		return
	}
	u := unixFile{f}
	defer u.Close()
	io.Copy(io.Discard, strings.NewReader(u.Name()))
}

func init() {
	http.HandleFunc("/more", func(w http.ResponseWriter, r *http.Request) {
		dropped(r.URL.Path)
		follow(r.URL.Path)
		untilDone(r.Context())
		untilCancelled(r.Context())
		queue(r.URL.Path)
	})
}

func dropped(url string) error {
	_, err := http.Get(url) // want `the result of http.Get is never closed: it holds a connection and two goroutines; give it a name, and release it .*\[advice\]`
	if err != nil {
		return err
	}
	return nil
}

// follow closes the response of the round before.
func follow(url string) (*http.Response, error) {
	var resp *http.Response
	for {
		if resp != nil {
			resp.Body.Close()
		}
		var err error
		if resp, err = http.Get(url); err != nil {
			return nil, err
		}
		if url = resp.Header.Get("Location"); url == "" {
			return resp, nil
		}
	}
}

func untilDone(ctx context.Context) {
	s, err := lib.NewSession()
	if err != nil {
		return
	}
	select {
	case <-ctx.Done():
		s.Close()
	case <-s.Done(): // it has ended
	}
}

func untilCancelled(ctx context.Context) {
	s, err := lib.NewSession() // want `s is not closed on the way to line \d+: it holds a descriptor and keeps the peer waiting; defer s.Close\(\) right after the error check`
	if err != nil {
		return
	}
	select {
	case <-ctx.Done():
	case <-s.Done():
	}
}

// A Queue is in no table.
type Queue struct{ items []string }

// OpenQueue opens one.
func OpenQueue(name string) (*Queue, error) {
	if name == "" {
		return nil, errors.New("no name")
	}
	return &Queue{}, nil
}

// Close closes it.
func (q *Queue) Close() error { return nil }

func queue(name string) error {
	q, err := OpenQueue(name) // want `q is not closed when len\(q.items\) > 0 \(line \d+ returns first\): it stays open; defer q.Close\(\) right after the error check .*\[advice\]`
	if err != nil {
		return err
	}
	if len(q.items) > 0 {
		return errors.New("not empty")
	}
	return q.Close()
}

func init() {
	http.HandleFunc("/db", func(w http.ResponseWriter, r *http.Request) {
		count()
	})
}

func count() (n int, err error) {
	db, err := sql.Open("driver", "name") // want `db is opened and closed on every request, and connects anew each time: open it once and share it \(init.func1 -> count\) \[advice\]`
	if err != nil {
		return 0, err
	}
	defer db.Close()
	err = db.QueryRow("select 1").Scan(&n)
	return n, err
}

func init() {
	http.HandleFunc("/watch", func(w http.ResponseWriter, r *http.Request) {
		watch(io.Discard)
		watchFirst(io.Discard)
	})
}

// watch ends when the watcher does.
func watch(w io.Writer) error {
	events, err := lib.NewWatcher()
	if err != nil {
		return err
	}
	for e := range events.C {
		fmt.Fprintln(w, e)
	}
	return nil
}

func watchFirst(w io.Writer) error {
	events, err := lib.NewWatcher() // want `events is not closed when e != "" \(line \d+ returns first\): it holds a descriptor and keeps the peer waiting; defer events.Close\(\) right after the error check`
	if err != nil {
		return err
	}
	for e := range events.C {
		if e != "" {
			return nil
		}
	}
	return nil
}

func init() {
	http.HandleFunc("/tunnel", func(w http.ResponseWriter, r *http.Request) {
		tunnel(modes[r.URL.Path])
		tunnelLeft(modes[r.URL.Path])
		tunnelChanged(modes[r.URL.Path])
		knownType(r.URL.Path)
		otherType(r.URL.Path)
	})
}

var modes map[string]mode

// A mode says how a tunnel works.
type mode int

const (
	direct mode = iota
	copied
	refused
)

// tunnel tells all modes apart, one before there is a connection.
func tunnel(m mode) error {
	switch m {
	case refused:
		return errors.New("refused")
	}
	conn, err := lib.Dial()
	if err != nil {
		return err
	}
	switch m {
	case direct:
		conn.Close()
	case copied:
		defer conn.Close()
	}
	return nil
}

// tunnelLeft leaves one mode.
func tunnelLeft(m mode) error {
	conn, err := lib.Dial() // want `conn is not closed on the way to line \d+`
	if err != nil {
		return err
	}
	switch m {
	case direct:
		conn.Close()
	case copied:
		defer conn.Close()
	}
	return nil
}

// tunnelChanged tells all modes apart, but not of the same value.
func tunnelChanged(m mode) error {
	switch m {
	case refused:
		return errors.New("refused")
	}
	m--
	conn, err := lib.Dial() // want `conn is not closed on the way to line \d+`
	if err != nil {
		return err
	}
	switch m {
	case direct:
		conn.Close()
	case copied:
		defer conn.Close()
	}
	return nil
}

// What is asserted is known.
func knownType(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	var r io.Reader = f
	closer, ok := r.(io.Closer)
	if !ok {
		return errors.New("cannot be closed")
	}
	return closer.Close()
}

func otherType(name string) error {
	f, err := os.Open(name) // want `f is never closed: .*advice`
	if err != nil {
		return err
	}
	var r io.Reader = f
	closer, ok := r.(net.Conn)
	if !ok {
		return errors.New("cannot be closed")
	}
	return closer.Close()
}
