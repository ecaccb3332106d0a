// Package early has texts that are made before the block that uses them.
package early

import (
	"errors"
	"fmt"
	"log"
	"net/url"
)

type decoder struct {
	strict bool
	name   string
	fields map[string]int
}

var last string

//go:noinline
func report(msg string) { last = msg }

//go:noinline
func (d *decoder) next() bool { d.name += "x"; return true }

//heapvet:hot
func (d *decoder) field(name string) int {
	msg := "found unknown field: " + name // want `text "msg" is made for one block that may not run: make it there \(compiler: heap; hot: //heapvet:hot \(\*decoder\).field\) \[advice\]`
	if d.strict {
		report(msg)
	}
	return d.fields[name]
}

//heapvet:hot
func (d *decoder) both(name string) int {
	msg := "found unknown field: " + name // not reported: used in both ways
	if d.strict {
		report(msg)
	}
	report(msg)
	return d.fields[name]
}

//heapvet:hot
func (d *decoder) condition(name string) int {
	msg := "found unknown field: " + name // not reported: the condition needs it
	if d.fields[msg] > 0 {
		report(msg)
	}
	return d.fields[name]
}

//heapvet:hot
func (d *decoder) renamed(name string) int {
	msg := "found unknown field: " + name // not reported: the name changes
	name = d.name
	if d.strict {
		report(msg)
	}
	return d.fields[name]
}

//heapvet:hot
func (d *decoder) moved(name string) int {
	msg := "found unknown field: " + d.name // not reported: next may change it
	if d.next() {
		report(msg)
	}
	return d.fields[name]
}

//heapvet:hot
func (d *decoder) still(name string) int {
	msg := "found unknown field: " + d.name // want `text "msg" is made for one block that may not run`
	if d.strict {
		report(msg)
	}
	return d.fields[name]
}

//heapvet:hot
func (d *decoder) other(name string) int {
	msg := fmt.Sprintf("no field %s of %s", name, d.name) // want `text "msg" is made for one block that may not run: make it there \(measured: 1 allocation; hot: .*\) \[advice\]`
	if d.strict {
		report(name)
	} else {
		report(msg)
	}
	return d.fields[name]
}

//heapvet:hot
func (d *decoder) get(name string) (int, error) {
	msg := "no such field: " + name // want `text "msg" is made for a failure path only: make it there \(compiler: heap; hot: //heapvet:hot \(\*decoder\).get\)$`
	n, ok := d.fields[name]
	if !ok {
		log.Print(msg)
		return 0, errors.New(msg)
	}
	return n, nil
}

//heapvet:hot
func (d *decoder) link(u *url.URL, name string) int {
	msg := "no field of " + u.String() // not reported: a method may do anything
	if d.strict {
		report(msg)
	}
	return d.fields[name]
}

//heapvet:hot
func (d *decoder) closed(name string) (int, func()) {
	set := func() { name = "x" }
	msg := "found unknown field: " + name // not reported: set may change it
	if d.strict {
		report(msg)
	}
	return d.fields[name], set
}

func cold(d *decoder, name string) {
	msg := "found unknown field: " + name // not reported: not hot
	if d.strict {
		report(msg)
	}
}
