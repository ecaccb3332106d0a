// Package eager has calls of functions that seldom look at their arguments,
// each beside a near miss.
package eager

import (
	"fmt"
	"log"
	"sync/atomic"
)

func assert(cond bool, format string, args ...any) {
	if !cond {
		panic(fmt.Sprintf(format, args...))
	}
}

// check is like assert, and looks at its arguments in any case.
func check(cond bool, format string, args ...any) {
	if !cond {
		panic(fmt.Sprintf(format, args...))
	}
	log.Print(args...)
}

// print writes unless it is told not to.
func print(quiet bool, format string, args ...any) {
	if !quiet {
		log.Printf(format, args...)
	}
}

func refuse(bad bool, format string, args ...any) error {
	if bad {
		return fmt.Errorf(format, args...)
	}
	return nil
}

func wrap(err error, format string, args ...any) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf(format+": %w", append(args, err)...)
}

type conn struct {
	debug, named bool
	trace        atomic.Bool
}

func (c *conn) logf(format string, args ...any) {
	if c.debug {
		log.Printf(format, args...)
	}
}

func (c *conn) namef(format string, args ...any) {
	if c.named {
		log.Printf(format, args...)
	}
}

func (c *conn) tracef(format string, args ...any) {
	if !c.trace.Load() {
		return
	}
	log.Printf(format, args...)
}

func (c *conn) plainf(format string, args ...any) {
	if !c.debug {
		log.Printf(format, args...)
	}
}

//heapvet:hot
func asserts(id, want int, p *int, bad bool) error {
	assert(id == want, "page %d, not %d", id, want) // want `^assert boxes its arguments although it uses them only if !cond: test that before the call \(compiler: heap, 16 B; hot: //heapvet:hot asserts\)$`
	assert(id == want, "page %p", p)                // not reported: a pointer
	assert(id == want, "page")                      // not reported: nothing to box
	assert(false, "page %d", id)                    // not reported: it always fails
	check(id == want, "page %d", id)                // not reported: always used
	print(bad, "page %d", id)                       // not reported: no failure
	if id > want {
		assert(id > want, "page %d", id) // not reported: tested
	}
	if err := refuse(bad, "page %d", id); err != nil { // want `refuse boxes its arguments although it uses them only if bad: test that before the call`
		return err
	}
	return wrap(work(), "page %d", id) // want `wrap boxes its arguments although it uses them only if err != nil: test that before the call .*\[advice\]$`
}

var work func() error

//heapvet:hot
func logs(c *conn, n int, s string) {
	c.logf("n=%d s=%s", n, s) // want `^\(\*conn\).logf boxes its arguments although it uses them only if c.debug: test that before the call \(compiler: heap, 24 B; hot: //heapvet:hot logs\) \[advice\]$`
	c.namef("n=%d", n)        // not reported: perhaps on
	c.plainf("n=%d", n)       // not reported: usually on
	c.tracef("n=%d", n)       // want `\(\*conn\).tracef boxes its arguments although it uses them only if c.trace.Load\(\): test`
	if n > 7 && c.trace.Load() {
		c.tracef("n=%d", n) // not reported: asked
	}
}

//heapvet:hot
func asked(c *conn, n int) {
	if c.debug {
		c.logf("n=%d", n) // not reported: asked
	}
}

func cold(c *conn, n int) { c.logf("n=%d", n) }
