// Package verify has functions that seldom look at their arguments.
package verify

import (
	"fmt"
	"log"
)

func Assert(cond bool, format string, args ...any) { // want Assert:`onlyIf\(!cond\)`
	if !cond {
		panic(fmt.Sprintf(format, args...))
	}
}

// Print writes in any case.
func Print(cond bool, format string, args ...any) {
	if !cond {
		log.Print("no")
	}
	log.Printf(format, args...)
}

type Log struct{ debug bool }

func (l *Log) Logf(format string, args ...any) { // want Logf:`onlyIf\(l.debug\)`
	if l.debug {
		log.Printf(format, args...)
	}
}
